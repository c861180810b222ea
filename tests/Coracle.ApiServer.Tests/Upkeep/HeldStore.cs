using Coracle.Store;

namespace Coracle.ApiServer.Tests.Upkeep;

/// <summary>A store in memory whose deletions wait until they are let go, and fail where the test says so.</summary>
internal sealed class HeldStore : IStore
{
    private readonly MemoryStore _store = new();
    private readonly Queue<(Write Write, TaskCompletionSource<WriteResult> Done)> _held = [];

    public bool Holds { get; set; }
    public int Held => _held.Count;

    /// <summary>Keys that end so cannot be deleted.</summary>
    public string? Broken { get; set; }

    public async Task ReleaseAsync()
    {
        Assert.True(_held.TryDequeue(out var next), "nothing is waiting");
        next.Done.SetResult(await Delete(next.Write, CancellationToken.None));
    }

    public ValueTask<WriteResult> WriteAsync(Write write, CancellationToken cancellation = default)
    {
        if (write.Value is not null) return _store.WriteAsync(write, cancellation);
        if (!Holds) return Delete(write, cancellation);
        var done = new TaskCompletionSource<WriteResult>();
        _held.Enqueue((write, done));
        return new(done.Task);
    }

    private ValueTask<WriteResult> Delete(Write write, CancellationToken cancellation) =>
        Broken is { } broken && write.Key.EndsWith(broken, StringComparison.Ordinal)
            ? new(new WriteResult(WriteOutcome.Unavailable, 0, $"no space for {write.Key}"))
            : _store.WriteAsync(write, cancellation);

    public long Revision => _store.Revision;
    public long CompactedRevision => _store.CompactedRevision;
    public IReadOnlyList<Stored> Load() => _store.Load();
    public IEnumerable<Change> Replay(long after) => _store.Replay(after);
    public IDisposable Subscribe(Action<ReadOnlyMemory<Change>> onCommitted) => _store.Subscribe(onCommitted);
    public ValueTask<WriteResult> WriteAllAsync(ReadOnlyMemory<Write> writes, CancellationToken cancellation = default) => _store.WriteAllAsync(writes, cancellation);
    public ValueTask<WriteResult> CompactAsync(long upTo, CancellationToken cancellation = default) => _store.CompactAsync(upTo, cancellation);
    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
