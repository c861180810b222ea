namespace Coracle.Store.Tests;

/// <summary>What compaction leaves on disk.</summary>
public sealed class CompactionTests
{
    [Fact]
    public async Task Only_the_newest_row_of_each_live_key_is_left()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open();
        var random = new Random(1);
        for (var i = 0; i < 3000; i++)
            await (random.Next(4) == 0 ? store.Delete($"k{random.Next(50)}") : store.Put($"k{random.Next(50)}", $"{i}", ephemeral: random.Next(3) == 0));
        foreach (var key in store.Load())
            await store.Put(key.Key, "last");
        (await store.CompactAsync(store.Revision)).Committed();
        Assert.Equal(store.Load().Count, SqliteRows.Count(folder));
    }

    [Fact]
    public async Task Compactions_one_after_the_other_leave_no_more_than_one_at_the_end()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open();
        var random = new Random(2);
        for (var i = 0; i < 3000; i++)
        {
            await (random.Next(4) == 0 ? store.Delete($"k{random.Next(50)}") : store.Put($"k{random.Next(50)}", $"{i}", ephemeral: random.Next(3) == 0));
            if (random.Next(50) == 0)
                (await store.CompactAsync(random.NextInt64(store.CompactedRevision, store.Revision + 1))).Committed();
        }

        foreach (var key in store.Load())
            await store.Put(key.Key, "last");
        (await store.CompactAsync(store.Revision)).Committed();
        Assert.Equal(store.Load().Count, SqliteRows.Count(folder));
    }

    [Fact]
    public async Task A_compaction_cut_off_by_a_crash_is_finished_by_the_next_start()
    {
        using var folder = new TempFolder();
        using var crashed = new TempFolder();
        await using (var store = folder.Open())
        {
            for (var i = 0; i < 5000; i++)
                _ = store.Put($"k{i % 10}", $"{i}");
            await store.Put("last", "x");
        }

        // As the first step leaves it: the promise to forget is made, most rows are still there.
        SqliteRows.Make(folder, "UPDATE meta SET value = 4000 WHERE name = 'compacted'");
        await using (var store = folder.Open())
        {
            Assert.Equal(4000, store.CompactedRevision);
            Assert.Throws<ArgumentOutOfRangeException>(() => store.Replay(3999));
            Assert.Equal(1001, store.Replay(4000).Count());
            (await store.CompactAsync(4000)).Committed();
            Assert.Equal(1011, SqliteRows.Count(folder));
        }
    }

    [Fact]
    public async Task Space_that_compaction_frees_is_used_again_or_given_back()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open();
        var writes = Enumerable.Range(0, 12_000).Select(i => store.Put($"k{i % 10}", new string('x', 2000)));
        await Task.WhenAll(writes);
        var pages = SqliteRows.Number(folder, "PRAGMA page_count");
        (await store.CompactAsync(store.Revision)).Committed();
        Assert.True(pages > 3000);
        Assert.InRange(SqliteRows.Number(folder, "PRAGMA page_count"), 1, 1100);
        Assert.Equal(10, store.Load().Count);
    }

    [Fact]
    public async Task A_compaction_that_waits_when_the_store_closes_is_told()
    {
        using var folder = new TempFolder();
        var store = folder.Open();
        await Task.WhenAll(Enumerable.Range(0, 5000).Select(i => store.Put($"k{i % 10}", $"{i}")));
        var compaction = store.CompactAsync(store.Revision);
        await store.DisposeAsync();
        Assert.Contains((await compaction).Outcome, new[] { WriteOutcome.Committed, WriteOutcome.Unavailable });
        Assert.Equal(WriteOutcome.Unavailable, (await store.CompactAsync(store.Revision)).Outcome);
        await using var next = folder.Open();
        Assert.Equal(10, next.Load().Count);
    }
}
