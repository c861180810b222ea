using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>A node with what its pods take of it, those included whose binding is under way. Changed by <see cref="ClusterState"/> alone, between and not within cycles.</summary>
public sealed class NodeInfo(string name)
{
    private static readonly Node Unknown = new();
    private readonly List<PodInfo> pods = [];
    private readonly List<HostPort> ports = [];

    public string Name { get; } = name;

    /// <summary>The node; an empty one while only pods are known that name it.</summary>
    public Node Node { get; private set; } = Unknown;
    internal bool IsKnown => !ReferenceEquals(Node, Unknown);

    /// <summary>Place in <see cref="ClusterState.Nodes"/>.</summary>
    internal int Index { get; set; } = -1;

    public Resources Allocatable { get; private set; } = new();
    public int AllowedPods { get; private set; }
    public Resources Requested { get; } = new();
    public long NonZeroMilliCpu { get; private set; }
    public long NonZeroMemory { get; private set; }
    public IReadOnlyList<PodInfo> Pods => pods;
    public List<Taint> Taints { get; private set; } = [];

    /// <summary>Pods here that have terms on other pods; and those that require other pods to be away.</summary>
    public int AffinityCount { get; private set; }
    public int RequiredAntiCount { get; private set; }

    /// <summary>Changes with every change of the node and of its pods.</summary>
    internal long Version { get; private set; }

    internal void Set(Node node)
    {
        Version++;
        Node = node;
        Allocatable = Resources.From(node.Status.Allocatable);
        AllowedPods = node.Status.Allocatable is { } list && list.TryGetValue(ResourceName.Pods, out var count) ? (int)Math.Min(count.Value, int.MaxValue) : 0;
        Taints = node.Spec.Taints ?? [];
    }

    internal void Forget() => Node = Unknown;

    internal void Add(PodInfo pod)
    {
        pods.Add(pod);
        Count(pod, 1);
        if (pod.Ports.Length > 0) ports.AddRange(pod.Ports);
    }

    /// <summary>False when the pod is not here.</summary>
    internal bool Remove(PodInfo pod)
    {
        var at = pods.IndexOf(pod);
        if (at < 0) return false;
        pods[at] = pods[^1];
        pods.RemoveAt(pods.Count - 1);
        Count(pod, -1);
        foreach (var port in pod.Ports) ports.Remove(port);
        return true;
    }

    private void Count(PodInfo pod, int sign)
    {
        Version++;
        Requested.Add(pod.Requests, sign);
        NonZeroMilliCpu += sign * pod.NonZeroMilliCpu;
        NonZeroMemory += sign * pod.NonZeroMemory;
        if (pod.Terms.IsEmpty) return;
        AffinityCount += sign;
        if (pod.Terms.RequiredAnti.Length > 0) RequiredAntiCount += sign;
    }

    /// <summary>No pod here has any of these ports.</summary>
    public bool HasFree(HostPort[] wanted)
    {
        foreach (var want in wanted)
            foreach (var port in ports)
                if (port.Conflicts(want)) return false;
        return true;
    }

    public override string ToString() => Name;
}
