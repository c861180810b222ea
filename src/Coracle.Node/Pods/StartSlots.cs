namespace Coracle.Node.Pods;

/// <summary>
/// Limits how many sandboxes and containers are being made at once: more only make each other slow. Containers go before sandboxes, so that pods that have
/// begun are finished before others begin.
/// </summary>
internal sealed class StartSlots(int count)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _containers = new();
    private readonly Queue<TaskCompletionSource> _sandboxes = new();
    private int _free = count;

    public Task EnterForContainer(CancellationToken cancel) => Enter(_containers, cancel);

    public Task EnterForSandbox(CancellationToken cancel) => Enter(_sandboxes, cancel);

    private async Task Enter(Queue<TaskCompletionSource> queue, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }
            queue.Enqueue(turn = new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        using var registration = cancel.Register(() => turn.TrySetCanceled(cancel));
        await turn.Task;
    }

    public void Leave()
    {
        lock (_lock)
        {
            while (_containers.TryDequeue(out var next) || _sandboxes.TryDequeue(out next))
                if (next.TrySetResult()) return; // else it was cancelled while it waited
            _free++;
        }
    }
}
