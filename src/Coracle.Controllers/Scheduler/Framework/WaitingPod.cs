namespace Coracle.Controllers.Scheduling;

/// <summary>A pod that Permit plugins hold back: bound once all have allowed it. May be called from any thread.</summary>
public sealed class WaitingPod(PodInfo pod, string node)
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource<Verdict> decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<Plugin> pending = [];

    public PodInfo Pod { get; } = pod;
    public string Node { get; } = node;

    internal Task<Verdict> Decision => decided.Task;
    internal Plugin? RejectedBy { get; private set; }

    internal void Hold(Plugin plugin)
    {
        lock (gate) pending.Add(plugin);
    }

    public void Allow(Plugin plugin)
    {
        lock (gate)
        {
            pending.Remove(plugin);
            if (pending.Count == 0) decided.TrySetResult(Verdict.Ok);
        }
    }

    public void Reject(Plugin plugin, string reason)
    {
        lock (gate)
        {
            if (decided.TrySetResult(Verdict.Unschedulable(reason))) RejectedBy = plugin;
        }
    }
}
