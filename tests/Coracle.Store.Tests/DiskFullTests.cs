namespace Coracle.Store.Tests;

public sealed class DiskFullTests
{
    private const long OneMegabyte = 1 << 20;

    [Fact]
    public async Task A_full_store_refuses_writes_keeps_what_it_acknowledged_and_goes_on_when_there_is_space()
    {
        using var folder = new TempFolder();
        List<string> state;
        await using (var store = folder.Open(o => o with { MaxBytes = OneMegabyte }))
        {
            var model = new Model();
            store.Subscribe(batch => batch.ToArray().ToList().ForEach(model.Apply));
            var refused = await Fill(store);
            Assert.Contains("No space left: the store has reached its limit of 1048576 bytes", refused.Error);
            Assert.Equal(WriteOutcome.Unavailable, (await store.Put("k0", new string('x', 20_000))).Outcome);
            Assert.Equal(model.State, Model.StateOf(store));

            (await store.CompactAsync(store.Revision)).Committed();
            (await store.Put("k0", new string('x', 20_000))).Committed();
            Assert.Equal(model.State, Model.StateOf(store));
            state = model.State.ToList();
        }

        await using (var store = folder.Open())
        {
            Assert.Equal(state, Model.StateOf(store));
            (await store.Put("after", "x")).Committed();
        }
    }

    [Fact]
    public async Task Heartbeats_go_on_while_the_disk_is_full()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open(o => o with { MaxBytes = OneMegabyte });
        await store.Put("node", "created");
        await store.Put("node", "first", ephemeral: true);
        await store.Put("node", "second", ephemeral: true);
        await Fill(store);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => i % 2 == 0
            ? store.Put("node", "beat", ephemeral: true)
            : store.Put($"new{i}", new string('x', 20_000))));
        Assert.All(outcomes, (result, i) => Assert.Equal(i % 2 == 0 ? WriteOutcome.Committed : WriteOutcome.Unavailable, result.Outcome));
        Assert.Equal($"beat@{store.Revision}", store.Find("node")!.Value.Value.Text());
    }

    [Fact]
    public async Task A_heartbeat_that_depends_on_a_write_that_failed_is_refused()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open(o => o with { MaxBytes = OneMegabyte });
        await store.Put("node", "created");
        await store.Put("node", "first", ephemeral: true);
        await store.Put("node", "second", ephemeral: true);
        await Fill(store);
        var feed = new List<Change>();
        store.Subscribe(batch => feed.AddRange(batch.ToArray()));
        for (var i = 0; i < 50; i++)
        {
            var before = store.Find("node")!.Value.Revision;
            var all = await Task.WhenAll(store.Put("node", new string('x', 20_000)), store.Put("node", "beat", before, ephemeral: true));
            Assert.Equal([WriteOutcome.Unavailable, WriteOutcome.Committed], all.Select(r => r.Outcome));
        }

        Assert.All(feed, c => Assert.StartsWith("beat@", c.Value.Text()));
    }

    [Fact]
    public async Task A_store_that_is_overwritten_forever_and_compacted_stays_bounded()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open(o => o with { MaxBytes = OneMegabyte });
        for (var i = 0; i < 3000; i++)
        {
            (await store.Put($"k{i % 10}", new string('x', 2000))).Committed();
            if (i % 100 == 99)
                (await store.CompactAsync(store.Revision - 10)).Committed();
        }

        Assert.Equal(3000, store.Revision);
    }

    private static async Task<WriteResult> Fill(SqliteStore store)
    {
        for (var i = 0; ; i++)
        {
            var result = await store.Put($"k{i % 10}", new string('x', i % 20_000));
            if (result.Outcome != WriteOutcome.Committed)
                return result;
        }
    }
}
