namespace Coracle.Store.Tests;

/// <summary>How callers wait for the writer.</summary>
public sealed class QueueTests
{
    [Fact]
    public async Task All_that_was_asked_before_the_store_closes_is_done()
    {
        using var folder = new TempFolder();
        var store = folder.Open();
        var writes = Enumerable.Range(0, 2000).Select(i => store.Put($"k{i}", "x")).ToList();
        await store.DisposeAsync();
        Assert.All(await Task.WhenAll(writes), r => Assert.Equal(WriteOutcome.Committed, r.Outcome));
        await using var next = folder.Open();
        Assert.Equal(2000, next.Load().Count);
    }

    [Fact]
    public async Task A_caller_waiting_for_a_place_in_a_full_queue_may_give_up()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open(o => o with { QueueLimit = 1 });
        using var held = new Held(store);
        var taken = store.Put("taken", "x");
        await held.Entered;
        var queued = store.Put("queued", "x");
        using var giveUp = new CancellationTokenSource();
        var waiting = store.WriteAsync(new("waiting", 0, new Stamped("x")), giveUp.Token).AsTask();
        var patient = store.Put("patient", "x");
        Assert.False(waiting.IsCompleted);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        held.LetGo();
        (await taken).Committed();
        (await queued).Committed();
        (await patient).Committed();
        Assert.Equal(["patient", "queued", "taken"], store.Load().Select(s => s.Key));
    }

    [Fact]
    public async Task Callers_waiting_for_a_place_are_told_when_the_store_closes()
    {
        using var folder = new TempFolder();
        var store = folder.Open(o => o with { QueueLimit = 1 });
        using var held = new Held(store);
        var taken = store.Put("taken", "x");
        await held.Entered;
        var queued = store.Put("queued", "x");
        var waiting = Enumerable.Range(0, 20).Select(i => store.Put($"waiting{i}", "x")).ToList();
        var closing = store.DisposeAsync();
        held.LetGo();
        await closing;
        (await taken).Committed();
        (await queued).Committed();
        Assert.All(await Task.WhenAll(waiting), r => Assert.Equal(WriteOutcome.Unavailable, r.Outcome));
    }

    [Fact]
    public async Task A_batch_larger_than_the_limit_is_cut_and_nothing_is_lost()
    {
        using var folder = new TempFolder();
        await using var store = folder.Open();
        var batches = new List<int>();
        store.Subscribe(batch => batches.Add(batch.ToArray().Sum(c => c.Value.Length)));
        using var held = new Held(store);
        var first = store.Put("first", "x");
        await held.Entered;
        var writes = Enumerable.Range(0, 30).Select(i => store.Put($"k{i}", new string('x', 3_000_000))).ToList();
        held.LetGo();
        Assert.All(await Task.WhenAll(writes), r => r.Committed());
        Assert.All(batches, b => Assert.InRange(b, 0, 20_000_000));
        Assert.Equal(31, store.Load().Count);
    }

    /// <summary>Keeps the writer in its first batch until it is let go.</summary>
    private sealed class Held : IDisposable
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _letGo = new();

        public Held(IStore store) => store.Subscribe(_ =>
        {
            _entered.TrySetResult();
            _letGo.Wait();
        });

        public Task Entered => _entered.Task;

        public void LetGo() => _letGo.Set();

        public void Dispose() => _letGo.Set();
    }
}
