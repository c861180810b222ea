using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>A node must have free what the pod asks for; the less of it is taken (LeastAllocated, by cpu and memory), the better.</summary>
public sealed class NodeResourcesFit : Plugin, IFilter, IScore
{
    private const string TooMany = "Too many pods", NoCpu = "Insufficient cpu", NoMemory = "Insufficient memory", NoStorage = "Insufficient ephemeral-storage";

    public override string Name => "NodeResourcesFit";

    public override IReadOnlyList<EventHint> Events { get; } =
    [
        new(ClusterChange.AssignedPodDeleted),
        new(ClusterChange.AssignedPodScaledDown | ClusterChange.PodScaledDown),
        new(ClusterChange.NodeAdded | ClusterChange.NodeAllocatable, static (pod, what) => FitsEmpty(pod, what.NewNode!)),
    ];

    public Verdict Filter(CycleState state, PodInfo pod, NodeInfo node)
    {
        var (asked, free, used) = (pod.Requests, node.Allocatable, node.Requested);
        if (node.Pods.Count < node.AllowedPods
            && asked.MilliCpu <= free.MilliCpu - used.MilliCpu | asked.MilliCpu == 0
            && asked.Memory <= free.Memory - used.Memory | asked.Memory == 0
            && asked.EphemeralStorage <= free.EphemeralStorage - used.EphemeralStorage | asked.EphemeralStorage == 0
            && asked.Scalars is null) return Verdict.Ok;
        return Explain(pod, node);
    }

    /// <summary>All that is missing; unresolvable when the node would not do even if it were empty.</summary>
    private static Verdict Explain(PodInfo pod, NodeInfo node)
    {
        var (asked, free, used) = (pod.Requests, node.Allocatable, node.Requested);
        List<string>? missing = null;
        var unresolvable = false;
        if (node.Pods.Count + 1 > node.AllowedPods) (missing = []).Add(TooMany);
        Check(NoCpu, asked.MilliCpu, free.MilliCpu, used.MilliCpu);
        Check(NoMemory, asked.Memory, free.Memory, used.Memory);
        Check(NoStorage, asked.EphemeralStorage, free.EphemeralStorage, used.EphemeralStorage);
        foreach (var (name, amount) in asked.Scalars ?? [])
            if (amount > 0 && amount > free.Scalar(name) - used.Scalar(name)) Check("Insufficient " + name, amount, free.Scalar(name), used.Scalar(name));
        if (missing is null) return Verdict.Ok;
        return unresolvable ? Verdict.Unresolvable(missing) : Verdict.Unschedulable(missing);

        void Check(string reason, long want, long total, long taken)
        {
            if (want == 0 || want <= total - taken) return;
            (missing ??= []).Add(reason);
            unresolvable |= want > total;
        }
    }

    private static bool FitsEmpty(PodInfo pod, Node node)
    {
        var (asked, free) = (pod.Requests, Resources.From(node.Status.Allocatable));
        if (asked.MilliCpu > free.MilliCpu || asked.Memory > free.Memory || asked.EphemeralStorage > free.EphemeralStorage) return false;
        foreach (var (name, amount) in asked.Scalars ?? [])
            if (amount > free.Scalar(name)) return false;
        return true;
    }

    /// <summary>Mean of the free shares of cpu and memory, in percent, once the pod is there. Pods that ask for nothing count with a little.</summary>
    public long Score(CycleState state, PodInfo pod, NodeInfo node)
    {
        long score = 0, weights = 0;
        Add(node.NonZeroMilliCpu + pod.NonZeroMilliCpu, node.Allocatable.MilliCpu);
        Add(node.NonZeroMemory + pod.NonZeroMemory, node.Allocatable.Memory);
        return weights == 0 ? 0 : score / weights;

        void Add(long requested, long capacity)
        {
            if (capacity == 0) return;
            weights++;
            if (requested <= capacity) score += (capacity - requested) * Scores.Max / capacity;
        }
    }
}
