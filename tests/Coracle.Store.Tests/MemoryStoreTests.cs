namespace Coracle.Store.Tests;

public sealed class MemoryStoreTests
{
    [Fact]
    public void Everything_has_completed_on_return_and_on_the_callers_thread()
    {
        var store = new MemoryStore();
        var threads = new HashSet<int>();
        store.Subscribe(_ => threads.Add(Environment.CurrentManagedThreadId));
        Assert.True(store.WriteAsync(new("a", 0, new Stamped("x"))).IsCompletedSuccessfully);
        Write[] writes = [new("b", 0, new Stamped("x"))];
        Assert.True(store.WriteAllAsync(writes).IsCompletedSuccessfully);
        Assert.True(store.CompactAsync(1).IsCompletedSuccessfully);
        Assert.True(store.DisposeAsync().IsCompletedSuccessfully);
        Assert.Equal([Environment.CurrentManagedThreadId], threads);
    }

    [Fact]
    public async Task A_write_made_by_a_subscriber_comes_after_the_change_it_reacts_to()
    {
        await using var store = new MemoryStore();
        var seen = new List<string>();
        ValueTask<WriteResult> reaction = default;
        store.Subscribe(batch =>
        {
            if (batch.Span[0].Key == "cause")
                reaction = store.WriteAsync(new("effect", 0, new Stamped("x")));
        });
        store.Subscribe(batch => seen.Add(batch.Span[0].Key));
        await store.Put("cause", "x");
        Assert.Equal(2, (await reaction).Committed());
        Assert.Equal(["cause", "effect"], seen);
    }

    [Fact]
    public async Task A_fork_begins_with_what_was_there_and_the_two_go_on_by_themselves()
    {
        await using var store = new MemoryStore();
        await store.Put("a", "1");
        await store.Put("b", "1");
        await using var fork = store.Fork();
        await store.Put("a", "2");
        await fork.Put("b", "3");
        Assert.Equal([("a", 3L), ("b", 2L)], store.Load().Select(s => (s.Key, s.Revision)));
        Assert.Equal([("a", 1L), ("b", 3L)], fork.Load().Select(s => (s.Key, s.Revision)));
        Assert.Equal((2, 3), (fork.CompactedRevision, fork.Revision));
    }

    [Fact]
    public async Task It_can_start_counting_anywhere()
    {
        await using var store = new MemoryStore(revision: 1_000_000);
        Assert.Equal((1_000_000, 1_000_000), (store.Revision, store.CompactedRevision));
        Assert.Equal(1_000_001, (await store.Put("a", "x", expected: 0)).Committed());
        Assert.Single(store.Replay(1_000_000));
    }
}
