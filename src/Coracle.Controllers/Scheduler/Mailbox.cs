using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>What the scheduling loop is told.</summary>
internal abstract record Letter
{
    public sealed record NodeChanged(Node? Old, Node? New) : Letter;
    public sealed record PodChanged(Pod? Old, Pod? New) : Letter;
    public sealed record NamespaceChanged(string Name, Namespace? New) : Letter;
    public sealed record StorageChanged(ClusterEvent What) : Letter;
    public sealed record BindingEnded(QueuedPod Pod, CycleState State, string Node, Verdict Verdict, Plugin? Plugin) : Letter;
    public sealed record WorkEnded(QueuedPod Pod) : Letter;
}

/// <summary>Letters from any thread to the one loop that reads them.</summary>
internal sealed class Mailbox(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Queue<Letter> letters = [];
    private TaskCompletionSource? waiting;
    private bool woken;

    public bool IsEmpty
    {
        get { lock (gate) return letters.Count == 0; }
    }

    public void Post(Letter letter)
    {
        lock (gate) letters.Enqueue(letter);
        Wake();
    }

    public void Wake()
    {
        TaskCompletionSource? waiter;
        lock (gate)
        {
            (waiter, waiting) = (waiting, null);
            woken = waiter is null;
        }
        waiter?.TrySetResult();
    }

    public bool TryTake(out Letter letter)
    {
        lock (gate) return letters.TryDequeue(out letter!);
    }

    /// <summary>Completes when there is a letter, when woken, or after the time.</summary>
    public async Task WaitAsync(TimeSpan? limit)
    {
        TaskCompletionSource source;
        lock (gate)
        {
            var now = woken || letters.Count > 0;
            woken = false;
            if (now) return;
            waiting = source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        if (limit is not { } span)
        {
            await source.Task;
            return;
        }
        using var timer = time.CreateTimer(static state => ((Mailbox)state!).Wake(), this, span, Timeout.InfiniteTimeSpan);
        await source.Task;
    }
}
