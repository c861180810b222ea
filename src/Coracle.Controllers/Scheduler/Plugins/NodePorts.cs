namespace Coracle.Controllers.Scheduling;

/// <summary>A node can give each of its ports to one pod.</summary>
public sealed class NodePorts : Plugin, IPreFilter, IFilter
{
    private readonly Verdict taken = Verdict.Unschedulable("node(s) didn't have free ports for the requested pod ports");

    public override string Name => "NodePorts";

    public override IReadOnlyList<EventHint> Events { get; } =
    [
        new(ClusterChange.AssignedPodDeleted, static (pod, what) => Shares(pod.Ports, what.OldPod!.Ports)),
        new(ClusterChange.NodeAdded),
    ];

    public Verdict PreFilter(CycleState state, PodInfo pod, ClusterState cluster) => pod.Ports.Length == 0 ? Verdict.Skip : Verdict.Ok;

    public Verdict Filter(CycleState state, PodInfo pod, NodeInfo node) => node.HasFree(pod.Ports) ? Verdict.Ok : taken;

    private static bool Shares(HostPort[] wanted, HostPort[] freed)
    {
        foreach (var want in wanted)
            foreach (var port in freed)
                if (want.Conflicts(port)) return true;
        return false;
    }
}
