using System.Diagnostics;

namespace Coracle.Store;

/// <summary>
/// A store that lives as long as the process: no disk, no thread. A write is carried out by its caller, so on one thread it has completed on
/// return and everything is deterministic. Called from several threads at once, the one that finds the store idle also does what the others ask meanwhile.
/// </summary>
public sealed class MemoryStore : IStore
{
    private readonly Lock _gate = new();
    private readonly Ledger _ledger = new();
    private readonly Feed _feed = new();
    private readonly Queue<Request> _queue = new();
    private readonly List<Staged> _staged = [];
    private readonly List<Change> _history = [];
    private bool _busy;
    private string? _stopped;
    private long _revision;
    private long _compacted;

    /// <param name="revision">Where to start counting: the first change gets the next number. A cluster that starts high finds code that assumes small numbers.</param>
    public MemoryStore(long revision = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(revision);
        _revision = _compacted = revision;
    }

    private MemoryStore(IReadOnlyList<Stored> objects, long revision) : this(revision)
    {
        foreach (var o in objects)
            _ledger.Restore(o.Key, new(o.Revision, o.CreateRevision, o.Revision, false, o.Value));
    }

    /// <summary>
    /// A store of its own that begins with what is here now, at this revision and without the history before it. Values are shared, not copied, so it costs a reference a key.
    /// </summary>
    public MemoryStore Fork()
    {
        lock (_gate)
            return new MemoryStore(_ledger.ToArray(), _revision);
    }

    /// <inheritdoc/>
    public long Revision => Volatile.Read(ref _revision);

    /// <inheritdoc/>
    public long CompactedRevision => Volatile.Read(ref _compacted);

    /// <inheritdoc/>
    public IReadOnlyList<Stored> Load()
    {
        lock (_gate)
            return _ledger.ToArray();
    }

    /// <inheritdoc/>
    public IEnumerable<Change> Replay(long after)
    {
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(after, _compacted);
            return _history[IndexAfter(after)..];
        }
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(Action<ReadOnlyMemory<Change>> onCommitted) => _feed.Subscribe(onCommitted);

    /// <inheritdoc/>
    public ValueTask<WriteResult> WriteAsync(Write write, CancellationToken cancellation = default) =>
        Submit(Request.Single(write), cancellation);

    /// <inheritdoc/>
    public ValueTask<WriteResult> WriteAllAsync(ReadOnlyMemory<Write> writes, CancellationToken cancellation = default) =>
        Submit(Request.Atomic(writes), cancellation);

    /// <inheritdoc/>
    public ValueTask<WriteResult> CompactAsync(long upTo, CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(upTo, _revision);
            if (_stopped is not null)
                return new(WriteResult.Unavailable(_stopped));
            if (upTo > _compacted)
            {
                _history.RemoveRange(0, IndexAfter(upTo));
                Volatile.Write(ref _compacted, upTo);
            }

            return new(new WriteResult(WriteOutcome.Committed, _compacted));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
            _stopped ??= "The store has been closed.";
        return default;
    }

    private ValueTask<WriteResult> Submit(Request request, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<WriteResult>(cancellation);
        lock (_gate)
        {
            _queue.Enqueue(request);
            if (_busy)
                return new(request.Task);
            _busy = true;
        }

        while (Next() is { } next)
            Run(next);
        Debug.Assert(request.Task.IsCompleted);
        return new(request.Task);
    }

    private Request? Next()
    {
        lock (_gate)
        {
            if (_queue.TryDequeue(out var next))
                return next;
            _busy = false;
            return null;
        }
    }

    /// <summary>Subscribers and callers are told outside the lock, so that they may call back.</summary>
    private void Run(Request request)
    {
        try
        {
            if (Commit(request) is { } batch)
                _feed.Publish(batch);
        }
        catch (Exception e)
        {
            lock (_gate)
                _stopped = $"The store has stopped: a subscriber failed: {e.Message}";
            request.Failure = e;
        }

        request.Complete();
    }

    private Change[]? Commit(Request request)
    {
        lock (_gate)
        {
            if (_stopped is not null)
            {
                request.Answer = WriteResult.Unavailable(_stopped);
                return null;
            }

            _staged.Clear();
            if (!_ledger.TryStage(request, _revision, _staged))
                return null;
            var batch = _staged.Select(s => s.Change).ToArray();
            _history.AddRange(batch);
            Volatile.Write(ref _revision, batch[^1].Revision);
            return batch;
        }
    }

    /// <summary>Where in the history the changes after a revision begin.</summary>
    private int IndexAfter(long revision)
    {
        int low = 0, high = _history.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_history[middle].Revision <= revision)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
