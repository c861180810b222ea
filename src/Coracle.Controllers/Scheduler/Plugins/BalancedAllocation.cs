namespace Coracle.Controllers.Scheduling;

/// <summary>NodeResourcesBalancedAllocation: prefers nodes of which the pod leaves cpu and memory used to like shares. Has nothing to say about pods without requests.</summary>
public sealed class BalancedAllocation : Plugin, IPreScore, IScore
{
    public override string Name => "NodeResourcesBalancedAllocation";

    public Verdict PreScore(CycleState state, PodInfo pod, ReadOnlySpan<NodeInfo> nodes) => pod.Requests.MilliCpu == 0 && pod.Requests.Memory == 0 ? Verdict.Skip : Verdict.Ok;

    /// <summary>100 × (1 - standard deviation of the used shares); of two shares that is half their difference.</summary>
    public long Score(CycleState state, PodInfo pod, NodeInfo node)
    {
        var (cpu, memory) = (node.Allocatable.MilliCpu, node.Allocatable.Memory);
        var deviation = cpu == 0 || memory == 0
            ? 0
            : Math.Abs(Share(node.Requested.MilliCpu + pod.Requests.MilliCpu, cpu) - Share(node.Requested.Memory + pod.Requests.Memory, memory)) / 2;
        return (long)((1 - deviation) * Scores.Max);
    }

    private static double Share(long requested, long capacity) => Math.Min(1.0, (double)requested / capacity);
}
