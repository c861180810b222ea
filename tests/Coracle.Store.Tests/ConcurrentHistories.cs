namespace Coracle.Store.Tests;

/// <summary>Histories recorded under concurrency, checked against the sequential model.</summary>
public sealed class ConcurrentHistories
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_concurrent_history_of_the_memory_store_is_linearizable(int seed)
    {
        await using var store = new MemoryStore();
        var recording = new Recording(store);
        await recording.Run(callers: 8, writes: 500, keys: 5, seed);
        Model.Check(recording);
        Assert.Equal(recording.Feed.Select(c => c.Describe()), store.Replay(0).Select(c => c.Describe()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_concurrent_history_of_the_sqlite_store_is_linearizable(int seed)
    {
        using var folder = new TempFolder();
        await using var store = folder.Open(o => o with { QueueLimit = 6, ReservedRevisions = 100 });
        var recording = new Recording(store);
        await recording.Run(callers: 16, writes: 300, keys: 5, seed);
        Model.Check(recording);
    }

    [Fact]
    public async Task A_concurrent_history_is_linearizable_while_it_is_compacted_and_backed_up()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open();
        var recording = new Recording(store);
        var run = recording.Run(callers: 16, writes: 400, keys: 20, seed: 4);
        for (var i = 0; !run.IsCompleted; i++)
        {
            (await store.CompactAsync(store.Revision)).Committed();
            await store.BackupAsync(Path.Combine(folder.Path, $"backup{i % 2}"));
        }

        await run;
        Model.Check(recording);
    }

    [Fact]
    public async Task History_read_beside_the_writer_is_a_prefix_of_the_feed()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open();
        var feed = new List<string>();
        store.Subscribe(batch => feed.AddRange(batch.ToArray().Select(c => c.Describe())));
        var writes = Task.WhenAll(Enumerable.Range(0, 8).Select(c => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
                (await store.Put($"{c}/{i % 7}", $"{i}")).Committed();
        })));

        var replays = new List<(long Known, List<string> Changes)>();
        while (!writes.IsCompleted)
        {
            var known = store.Revision;
            replays.Add((known, store.Replay(0).Select(c => c.Describe()).ToList()));
        }

        await writes;
        foreach (var (known, changes) in replays)
        {
            Assert.True(changes.Count >= known, "what was published can be read");
            Assert.Equal(feed.Take(changes.Count), changes);
        }
    }
}
