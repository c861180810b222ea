using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>Orders the pods that are ready to be scheduled. A profile has exactly one.</summary>
public interface IQueueSort
{
    /// <summary>Negative when the first goes before the second. Must not change while pods are queued.</summary>
    int Compare(QueuedPod first, QueuedPod second);
}

/// <summary>Says whether a pod may be queued at all; a rejected one is gated until an event that the plugin names.</summary>
public interface IPreEnqueue
{
    Verdict PreEnqueue(Pod pod);
}

/// <summary>Prepares what Filter needs, once a cycle; may reject the pod at once, skip the plugin's Filter, or restrict the nodes (<see cref="CycleState.RestrictTo"/>).</summary>
public interface IPreFilter
{
    Verdict PreFilter(CycleState state, PodInfo pod, ClusterState cluster);

    /// <summary>A pod is thought to be on a node (for preemption): what was prepared must follow.</summary>
    void AddPod(CycleState state, PodInfo pod, PodInfo added, NodeInfo node) { }

    /// <summary>A pod is thought to be gone from a node.</summary>
    void RemovePod(CycleState state, PodInfo pod, PodInfo removed, NodeInfo node) { }
}

/// <summary>Says whether a node can take the pod.</summary>
public interface IFilter
{
    Verdict Filter(CycleState state, PodInfo pod, NodeInfo node);
}

/// <summary>Called when no node fits; may make room. Called in order until one succeeds.</summary>
public interface IPostFilter
{
    PostFilterResult PostFilter(CycleState state, PodInfo pod, ClusterState cluster, Diagnosis diagnosis, DryRun dryRun);
}

/// <summary>What a PostFilter did.</summary>
/// <param name="Verdict">Ok: room is being made.</param>
/// <param name="NominatedNode">The node on which the pod is to be tried first from now on; "" takes it back, null leaves it as it is.</param>
/// <param name="Work">Goes on beside scheduling; the pod is not tried again before it has ended. Null for none.</param>
public sealed record PostFilterResult(Verdict Verdict, string? NominatedNode = null, Func<CancellationToken, Task>? Work = null);

/// <summary>Prepares what Score needs, once a cycle, given the nodes that fit.</summary>
public interface IPreScore
{
    Verdict PreScore(CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes);
}

/// <summary>Ranks a node that fits: 0 to 100 after normalization, more is better.</summary>
public interface IScore
{
    long Score(CycleState state, PodInfo pod, NodeInfo node);
}

/// <summary>Brings a plugin's own scores of all nodes into the range 0 to 100.</summary>
public interface INormalizeScore : IScore
{
    void Normalize(CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes, Span<long> scores);
}

/// <summary>Takes things for a pod on the chosen node, and gives them back when it does not come to be bound. Unreserve must not fail.</summary>
public interface IReserve
{
    Verdict Reserve(CycleState state, PodInfo pod, NodeInfo node);
    void Unreserve(CycleState state, PodInfo pod, string node);
}

/// <summary>Allows, rejects or delays the binding of a pod.</summary>
public interface IPermit
{
    /// <summary>Wait: the pod is held until <see cref="WaitingPod"/> is allowed or rejected, or until <paramref name="timeout"/> (at most 15 minutes) has passed.</summary>
    Verdict Permit(CycleState state, PodInfo pod, NodeInfo node, WaitingPod waiting, out TimeSpan timeout);
}

/// <summary>Does what must be done before the pod is bound. Called beside the scheduling loop.</summary>
public interface IPreBind
{
    ValueTask<Verdict> PreBindAsync(CycleState state, PodInfo pod, string node, CancellationToken cancel);
}

/// <summary>Binds the pod, or says Skip. Called beside the scheduling loop.</summary>
public interface IBind
{
    ValueTask<Verdict> BindAsync(CycleState state, PodInfo pod, string node, CancellationToken cancel);
}

/// <summary>Is told of a pod that was bound. Called beside the scheduling loop.</summary>
public interface IPostBind
{
    void PostBind(CycleState state, PodInfo pod, string node);
}
