namespace Coracle.Store.Tests;

public sealed class EphemeralTests
{
    [Fact]
    public async Task Heartbeats_write_nothing_to_disk()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open();
        await store.Put("node", "created");
        // The first marks the key as one that has them, the second reserves revisions; from then on all is in memory.
        await store.Put("node", "first", ephemeral: true);
        await store.Put("node", "second", ephemeral: true);
        var before = Files(folder);
        for (var beat = 0; beat < 1000; beat++)
            (await store.Put("node", $"beat{beat}", store.Revision, ephemeral: true)).Committed();
        Assert.Equal(before, Files(folder));
    }

    [Fact]
    public async Task Compaction_of_heartbeats_alone_writes_nothing_to_disk()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open();
        await store.Put("node", "created");
        await store.Put("node", "first", ephemeral: true);
        await store.Put("node", "second", ephemeral: true);
        await store.CompactAsync(store.Revision);
        var before = Files(folder);
        for (var beat = 0; beat < 10; beat++)
        {
            (await store.Put("node", $"beat{beat}", ephemeral: true)).Committed();
            Assert.Equal(store.Revision, (await store.CompactAsync(store.Revision)).Committed());
        }

        Assert.Equal(before, Files(folder));
    }

    [Fact]
    public async Task The_newest_heartbeat_is_stored_by_an_orderly_close()
    {
        using var folder = new TempFolder();
        await using (var store = folder.Open())
        {
            await store.Put("node", "created");
            for (var beat = 0; beat < 10; beat++)
                await store.Put("node", $"beat{beat}", ephemeral: true);
        }

        await using (var store = folder.Open())
        {
            Assert.Equal((11, "beat9@11"), (store.Revision, store.Find("node")!.Value.Value.Text()));
            Assert.Equal([1L, 2, 11], store.Replay(0).Select(c => c.Revision));
        }
    }

    [Fact]
    public async Task A_durable_write_takes_the_heartbeat_before_it_into_history()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open();
        await store.Put("lease", "created");
        for (var beat = 0; beat < 5; beat++)
            await store.Put("lease", $"beat{beat}", ephemeral: true);
        await store.Put("lease", "taken over", expected: 6);
        Assert.Equal(
            [
                "1 lease created [created@1] of 1 after 0 []",
                "2 lease updated [beat0@2] of 1 after 1 [created@1]",
                "6 lease updated [beat4@6] of 1 after 2 [beat0@2]",
                "7 lease updated [taken over@7] of 1 after 6 [beat4@6]",
            ],
            store.Replay(0).Select(c => c.Describe()));
    }

    [Fact]
    public async Task A_heartbeat_stored_late_leaves_nothing_behind_where_compaction_has_passed()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open();
        await store.Put("lease", "created");
        await store.Put("lease", "first", ephemeral: true);
        await store.Put("lease", "second", ephemeral: true);
        await store.Put("other", "x");
        await store.CompactAsync(4);
        await store.Put("lease", "taken over");
        await store.Put("other", "y");
        await store.CompactAsync(store.Revision);
        Assert.Equal(2, SqliteRows.Count(folder));
    }

    [Fact]
    public async Task After_a_crash_revisions_go_on_above_all_that_heartbeats_were_given()
    {
        using var folder = new TempFolder();
        using var crashed = new TempFolder();
        await using var store = folder.Open(o => o with { ReservedRevisions = 50 });
        await store.Put("node", "created");
        for (var beat = 0; beat < 1000; beat++)
        {
            var given = (await store.Put("node", "beat", ephemeral: true)).Committed();
            if (beat % 97 != 0)
                continue;
            SqliteRows.CrashInto(folder, crashed);
            await using var next = crashed.Open();
            Assert.InRange(next.Revision, given, given + 50);
            Assert.True((await next.Put("other", "x")).Committed() > given);
        }
    }

    [Fact]
    public async Task After_a_crash_a_key_whose_heartbeat_was_lost_cannot_be_updated_by_who_read_it_before()
    {
        using var folder = new TempFolder();
        using var crashed = new TempFolder();
        await using var store = folder.Open();
        await store.Put("quiet", "x");
        var read = (await store.Put("lease", "mine")).Committed();
        await store.Put("lease", "mine", read, ephemeral: true);
        var stale = store.Revision;
        await store.Put("lease", "mine, renewed", stale, ephemeral: true);

        SqliteRows.CrashInto(folder, crashed);
        await using var next = crashed.Open(o => o with { Restamp = Stamped.Again });

        Assert.Equal(WriteOutcome.Conflict, (await next.Put("lease", "stolen", stale)).Outcome);
        var lease = next.Find("lease")!.Value;
        Assert.Equal($"mine@{lease.Revision}", lease.Value.Text());
        Assert.True(lease.Revision > store.Revision, "watchers of the lost heartbeat hear what the key is now");
        Assert.Equal("lease", Assert.Single(next.Replay(store.Revision)).Key);
        Assert.Equal(1, next.Find("quiet")!.Value.Revision);
    }

    [Fact]
    public async Task An_orderly_restart_rewrites_nothing()
    {
        using var folder = new TempFolder();
        await using (var store = folder.Open())
        {
            await store.Put("lease", "x");
            await store.Put("lease", "y", ephemeral: true);
            await store.Put("lease", "z", ephemeral: true);
        }

        await using (var store = folder.Open(o => o with { Restamp = (_, _, _) => throw new InvalidOperationException() }))
            Assert.Equal((3, "z@3"), (store.Revision, store.Find("lease")!.Value.Value.Text()));
    }

    private static List<string> Files(TempFolder folder) =>
        Directory.GetFiles(folder.Path).Order().Where(f => !f.EndsWith("-shm", StringComparison.Ordinal))
            .Select(f => $"{Path.GetFileName(f)} {new FileInfo(f).Length} {File.GetLastWriteTimeUtc(f).Ticks}").ToList();
}
