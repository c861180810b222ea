namespace Coracle.Store.Sqlite;

/// <summary>Where requests wait for the writer. When it is full, callers wait for a place without holding a thread.</summary>
internal sealed class Intake(int limit)
{
    private readonly object _gate = new();
    private readonly Queue<Request> _waiting = new();
    private readonly SemaphoreSlim _places = new(limit);
    private string? _closed;
    private bool _woken;

    /// <summary>Puts the request in the queue, or answers it if that is closed.</summary>
    public ValueTask<WriteResult> Add(Request request, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<WriteResult>(cancellation);
        if (!_places.Wait(0, CancellationToken.None))
            return AddLater(request, cancellation);
        Enqueue(request);
        return new(request.Task);
    }

    /// <summary>
    /// For the writer: moves what is waiting into <paramref name="batch"/>, up to a limit. With <paramref name="wait"/>, it blocks until there is something
    /// or someone calls <see cref="Wake"/>. False when the queue is closed and empty.
    /// </summary>
    public bool Take(List<Request> batch, int most, bool wait)
    {
        lock (_gate)
        {
            while (wait && _waiting.Count == 0 && !_woken && _closed is null)
                Monitor.Wait(_gate);
            _woken = false;
            while (batch.Count < most && _waiting.TryDequeue(out var request))
                batch.Add(request);
            if (batch.Count == 0)
                return _closed is null;
        }

        _places.Release(batch.Count);
        return true;
    }

    /// <summary>Gives the writer something else to look at.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _woken = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>What is in the queue will still be taken; what comes later is answered with the reason.</summary>
    public void Close(string reason)
    {
        lock (_gate)
        {
            _closed ??= reason;
            Monitor.Pulse(_gate);
        }
    }

    private async ValueTask<WriteResult> AddLater(Request request, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        Enqueue(request);
        return await request.Task;
    }

    private void Enqueue(Request request)
    {
        string? closed;
        lock (_gate)
        {
            closed = _closed;
            if (closed is null)
            {
                _waiting.Enqueue(request);
                if (_waiting.Count == 1)
                    Monitor.Pulse(_gate);
                return;
            }
        }

        _places.Release();
        request.Answer = WriteResult.Unavailable(closed);
        request.Complete();
    }
}
