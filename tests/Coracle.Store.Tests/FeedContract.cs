namespace Coracle.Store.Tests;

/// <summary>What subscribers and readers of history see, whatever the store.</summary>
public abstract class FeedContract
{
    protected abstract Task With(Func<IStore, Task> test);

    [Fact]
    public Task A_change_tells_what_was_before() => With(async store =>
    {
        var feed = new List<string>();
        using var subscription = store.Subscribe(batch => feed.AddRange(batch.ToArray().Select(c => c.Describe())));
        await store.Put("a", "x");
        await store.Put("b", "y");
        await store.Put("a", "z");
        await store.Delete("a");
        string[] expected =
        [
            "1 a created [x@1] of 1 after 0 []",
            "2 b created [y@2] of 2 after 0 []",
            "3 a updated [z@3] of 1 after 1 [x@1]",
            "4 a deleted [] of 1 after 3 [z@3]",
        ];
        Assert.Equal(expected, feed);
        Assert.Equal(expected, store.Replay(0).Select(c => c.Describe()));
        Assert.Equal(expected[2..], store.Replay(2).Select(c => c.Describe()));
        Assert.Empty(store.Replay(4));
    });

    [Fact]
    public Task Subscribers_know_a_change_before_its_caller_does() => With(async store =>
    {
        long seen = 0;
        using var subscription = store.Subscribe(batch => Volatile.Write(ref seen, batch.Span[^1].Revision));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async caller =>
        {
            for (var i = 0; i < 100; i++)
            {
                var revision = (await store.Put($"{caller}", "x", ephemeral: i % 3 == 0)).Committed();
                Assert.True(Volatile.Read(ref seen) >= revision);
            }
        }));
    });

    [Fact]
    public Task A_refused_caller_can_read_what_it_lost_to() => With(async store =>
    {
        long seen = 0;
        using var subscription = store.Subscribe(batch => Volatile.Write(ref seen, batch.Span[^1].Revision));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async caller =>
        {
            for (var i = 0; i < 100; i++)
            {
                var result = await store.Put("contended", "x", expected: Volatile.Read(ref seen));
                Assert.True(Volatile.Read(ref seen) >= result.Revision);
            }
        }));
    });

    [Fact]
    public Task A_change_carries_the_object_it_was_written_with() => With(async store =>
    {
        Change? seen = null;
        using var subscription = store.Subscribe(batch => seen = batch.Span[0]);
        var value = new Stamped("x");
        await store.WriteAsync(new("a", 0, value));
        Assert.Same(value, seen!.Source);
        Assert.True(store.Find("a")!.Value.Value.Equals(seen.Value), "the bytes are shared, not copied");
        await store.Delete("a");
        Assert.Null(seen.Source);
    });

    [Fact]
    public Task A_subscription_ends_when_it_is_disposed() => With(async store =>
    {
        var seen = 0;
        Action<ReadOnlyMemory<Change>> count = _ => seen++;
        var subscription = store.Subscribe(count);
        using var other = store.Subscribe(count);
        await store.Put("a", "x");
        subscription.Dispose();
        subscription.Dispose();
        await store.Put("a", "y");
        Assert.Equal(3, seen);
    });

    [Fact]
    public Task A_subscriber_that_fails_stops_the_store_rather_than_miss_a_change() => With(async store =>
    {
        await store.Put("a", "x");
        using var subscription = store.Subscribe(_ => throw new FormatException("cannot"));
        await Assert.ThrowsAnyAsync<Exception>(() => store.Put("a", "y"));
        var result = await store.Put("a", "z");
        Assert.Equal(WriteOutcome.Unavailable, result.Outcome);
        Assert.Contains("cannot", result.Error);
    });

    [Fact]
    public Task Compaction_forgets_history_but_not_state() => With(async store =>
    {
        await store.Put("a", "x");
        await store.Put("b", "y");
        await store.Put("a", "z");
        await store.Delete("b");
        await store.Put("a", "w");
        var state = store.Load().Select(s => (s.Key, s.Revision, s.CreateRevision, s.Value.Text())).ToList();

        Assert.Equal(new(WriteOutcome.Committed, 4), await store.CompactAsync(4));

        Assert.Equal(4, store.CompactedRevision);
        Assert.Equal(state, store.Load().Select(s => (s.Key, s.Revision, s.CreateRevision, s.Value.Text())));
        Assert.Equal(["5 a updated [w@5] of 1 after 3 [z@3]"], store.Replay(4).Select(c => c.Describe()));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Replay(3));
    });

    [Fact]
    public Task Compaction_goes_forward_only_and_not_into_the_future() => With(async store =>
    {
        for (var i = 0; i < 5; i++)
            await store.Put("a", "x");
        await store.CompactAsync(3);
        Assert.Equal(new(WriteOutcome.Committed, 3), await store.CompactAsync(2));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.CompactAsync(6));
        Assert.Equal(3, store.CompactedRevision);
    });
}

public sealed class MemoryFeed : FeedContract
{
    protected override async Task With(Func<IStore, Task> test)
    {
        await using var store = new MemoryStore();
        await test(store);
    }
}

public sealed class SqliteFeed : FeedContract
{
    protected override async Task With(Func<IStore, Task> test)
    {
        using var folder = new TempFolder();
        await using var store = folder.Open();
        await test(store);
    }
}
