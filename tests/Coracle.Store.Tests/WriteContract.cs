namespace Coracle.Store.Tests;

/// <summary>What a write does, whatever the store.</summary>
public abstract class WriteContract
{
    protected abstract Task With(Func<IStore, Task> test);

    [Fact]
    public Task A_new_store_is_empty_at_revision_0() => With(store =>
    {
        Assert.Equal((0, 0), (store.Revision, store.CompactedRevision));
        Assert.Empty(store.Load());
        Assert.Empty(store.Replay(0));
        return Task.CompletedTask;
    });

    [Fact]
    public Task Every_change_gets_the_next_revision_and_its_value_knows_it() => With(async store =>
    {
        Assert.Equal(new(WriteOutcome.Committed, 1), await store.Put("a", "x", expected: 0));
        Assert.Equal(new(WriteOutcome.Committed, 2), await store.Put("b", "y"));
        Assert.Equal(new(WriteOutcome.Committed, 3), await store.Put("a", "z", expected: 1));
        Assert.Equal(new(WriteOutcome.Committed, 4), await store.Delete("b", expected: 2));
        Assert.Equal(4, store.Revision);
        var only = Assert.Single(store.Load());
        Assert.Equal(("a", 3, 1, "z@3"), (only.Key, only.Revision, only.CreateRevision, only.Value.Text()));
    });

    [Fact]
    public Task A_write_whose_precondition_fails_says_why_and_where_the_key_is() => With(async store =>
    {
        await store.Put("a", "x");
        await store.Put("a", "y");
        Assert.Equal(new(WriteOutcome.Exists, 2), await store.Put("a", "z", expected: 0));
        Assert.Equal(new(WriteOutcome.Conflict, 2), await store.Put("a", "z", expected: 1));
        Assert.Equal(new(WriteOutcome.Conflict, 2), await store.Put("a", "z", expected: 3));
        Assert.Equal(new(WriteOutcome.NotFound, 0), await store.Put("b", "z", expected: 2));
        Assert.Equal(new(WriteOutcome.Conflict, 2), await store.Delete("a", expected: 1));
        Assert.Equal(new(WriteOutcome.Exists, 2), await store.Delete("a", expected: 0));
        Assert.Equal(new(WriteOutcome.NotFound, 0), await store.Delete("b"));
        Assert.Equal(new(WriteOutcome.NotFound, 0), await store.Delete("b", expected: 0));
        Assert.Equal(new(WriteOutcome.NotFound, 0), await store.Delete("b", expected: 7));
        Assert.Equal(2, store.Revision);
        Assert.Equal("y@2", Assert.Single(store.Load()).Value.Text());
    });

    [Fact]
    public Task A_key_that_is_created_again_is_another_key() => With(async store =>
    {
        await store.Put("a", "x");
        await store.Delete("a");
        await store.Put("a", "y", expected: 0);
        Assert.Equal(new Stored("a", 3, 3, default), store.Find("a")!.Value with { Value = default });
        Assert.Equal(["1 a created [x@1] of 1 after 0 []", "2 a deleted [] of 1 after 1 [x@1]", "3 a created [y@3] of 3 after 0 []"],
            store.Replay(0).Select(c => c.Describe()));
    });

    [Fact]
    public Task An_empty_value_is_a_value() => With(async store =>
    {
        await store.WriteAsync(new("a", 0, new StoredBytes(default)));
        Assert.Equal(0, store.Find("a")!.Value.Value.Length);
        Assert.False(Assert.Single(store.Replay(0)).Deleted);
    });

    [Fact]
    public Task Keys_are_told_apart_by_ordinal_and_loaded_in_that_order() => With(async store =>
    {
        string[] keys = ["\u00e9", "a/b", "A", "a", "aa", "e\u0301", "a-b", new string('k', 3000)];
        foreach (var key in keys)
            (await store.Put(key, "x", expected: 0)).Committed();
        Assert.Equal(keys.Order(StringComparer.Ordinal), store.Load().Select(s => s.Key));
    });

    [Fact]
    public Task A_large_value_comes_back_as_it_was() => With(async store =>
    {
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        await store.WriteAsync(new("a", 0, new StoredBytes(bytes)));
        Assert.Equal(bytes, store.Find("a")!.Value.Value.ToArray());
        Assert.Equal(bytes, store.Replay(0).Single().Value.ToArray());
    });

    [Fact]
    public Task Several_writes_are_done_together_at_consecutive_revisions() => With(async store =>
    {
        var batches = new List<ReadOnlyMemory<Change>>();
        await store.Put("a", "x");
        using var subscription = store.Subscribe(batches.Add);
        Write[] writes = [new("a", 1, new Stamped("y")), new("b", 0, new Stamped("z")), new("c", null, new Stamped("w"))];
        Assert.Equal(new(WriteOutcome.Committed, 4), await store.WriteAllAsync(writes));
        Assert.Equal([2L, 3, 4], Assert.Single(batches).ToArray().Select(c => c.Revision));
        Assert.Equal(["y@2", "z@3", "w@4"], store.Load().Select(s => s.Value.Text()));
    });

    [Fact]
    public Task Of_several_writes_none_is_done_if_one_is_refused() => With(async store =>
    {
        await store.Put("a", "x");
        Write[] writes = [new("b", 0, new Stamped("y")), new("a", 9, new Stamped("z")), new("missing", null, null)];
        Assert.Equal(new(WriteOutcome.Conflict, 1, Index: 1), await store.WriteAllAsync(writes));
        Assert.Equal(1, store.Revision);
        Assert.Equal("x@1", Assert.Single(store.Load()).Value.Text());
    });

    [Fact]
    public Task A_value_that_throws_fails_its_own_write_alone() => With(async store =>
    {
        Write[] writes = [new("a", 0, new Stamped("x")), new("b", 0, new Broken())];
        await Assert.ThrowsAsync<FormatException>(async () => await store.WriteAllAsync(writes));
        await Assert.ThrowsAsync<FormatException>(async () => await store.WriteAsync(writes[1]));
        Assert.Empty(store.Load());
        (await store.Put("a", "y", expected: 0)).Committed();
    });

    [Fact]
    public Task A_write_that_makes_no_sense_throws_at_once() => With(async store =>
    {
        await Assert.ThrowsAsync<ArgumentException>(() => store.Put("", "x"));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.Put("a\ud800", "x"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.WriteAllAsync(ReadOnlyMemory<Write>.Empty));
        Write[] twice = [new("a", null, new Stamped("x")), new("a", null, new Stamped("y"))];
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.WriteAllAsync(twice));
        Assert.Equal(0, store.Revision);
    });

    [Fact]
    public Task A_cancelled_write_is_not_done() => With(async store =>
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.WriteAsync(new("a", 0, new Stamped("x")), new(canceled: true)));
        Assert.Empty(store.Load());
    });

    [Fact]
    public Task A_closed_store_is_unavailable() => With(async store =>
    {
        await store.DisposeAsync();
        var result = await store.Put("a", "x");
        Assert.Equal((WriteOutcome.Unavailable, "The store has been closed."), (result.Outcome, result.Error));
        Assert.Equal(result, await store.CompactAsync(0));
        await store.DisposeAsync();
    });

    [Fact]
    public Task An_ephemeral_write_obeys_preconditions_and_counts_as_any_other() => With(async store =>
    {
        await store.Put("lease", "x", expected: 0, ephemeral: true);
        for (var r = 1; r < 10; r++)
            Assert.Equal(r + 1, (await store.Put("lease", "x", expected: r, ephemeral: true)).Committed());
        Assert.Equal(new(WriteOutcome.Conflict, 10), await store.Put("lease", "y", expected: 9));
        Assert.Equal(new(WriteOutcome.Conflict, 10), await store.Put("lease", "y", expected: 9, ephemeral: true));
        Assert.Equal((10, "x@10"), (store.Revision, store.Find("lease")!.Value.Value.Text()));
        Assert.Equal(11, (await store.Delete("lease", expected: 10)).Committed());
    });

    private sealed class Broken : IStoredValue
    {
        public ReadOnlyMemory<byte> At(long revision) => throw new FormatException();
    }
}

public sealed class MemoryWrites : WriteContract
{
    protected override async Task With(Func<IStore, Task> test)
    {
        await using var store = new MemoryStore();
        await test(store);
    }
}

public sealed class SqliteWrites : WriteContract
{
    protected override async Task With(Func<IStore, Task> test)
    {
        using var folder = new TempFolder();
        await using var store = folder.Open();
        await test(store);
    }
}
