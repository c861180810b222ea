using System.Diagnostics.CodeAnalysis;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>
/// The nodes and the pods on them, as the caches tell and as the scheduler has decided: a pod it placed counts from that moment on (it is "assumed"),
/// until the cache shows it on its node or its binding has failed. Owned by the scheduling loop.
/// </summary>
public sealed class ClusterState
{
    private readonly Dictionary<string, NodeInfo> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Placement> pods = new(StringComparer.Ordinal);
    private readonly ImageIndex images = new();
    private readonly Dictionary<string, Dictionary<string, string>?> namespaces = new(StringComparer.Ordinal);
    private readonly NodeChanges changes = new();
    private NodeInfo[]? nodes;

    /// <summary>How many changes of nodes and their pods there have been, and which nodes they were of; null when too many to tell.</summary>
    internal long Changes => changes.Count;
    internal IReadOnlyList<NodeInfo>? ChangedSince(long count) => changes.Since(count);

    private readonly record struct Placement(PodInfo Pod, NodeInfo Node, bool Assumed);

    /// <summary>All known nodes, those of different zones in turn.</summary>
    public ReadOnlySpan<NodeInfo> Nodes => nodes ??= ZoneOrder.Of(byName.Values);

    /// <summary>Images of the nodes, by name.</summary>
    public ImageIndex Images => images;

    public bool TryGetNode(string name, [MaybeNullWhen(false)] out NodeInfo node) => byName.TryGetValue(name, out node) && node.IsKnown;

    /// <summary>Pods that have terms on other pods; and those that require other pods to be away.</summary>
    public int AffinityCount { get; private set; }
    public int RequiredAntiCount { get; private set; }

    /// <summary>Claims and volumes; null where none are followed.</summary>
    public VolumeView? Volumes { get; internal set; }

    /// <summary>Devices and claims of them; null where none are followed.</summary>
    public DeviceView? Devices { get; internal set; }

    /// <summary>Disruption budgets; null where none are followed.</summary>
    public BudgetView? Budgets { get; internal set; }

    /// <summary>Services and those who keep pods; null where none are followed.</summary>
    public KeeperView? Keepers { get; internal set; }

    /// <summary>Labels of a namespace; null when it has none or is not known.</summary>
    public Dictionary<string, string>? NamespaceLabels(string name) => namespaces.GetValueOrDefault(name);

    /// <summary>Changes with the labels of namespaces.</summary>
    internal int NamespaceVersion { get; private set; }

    internal void SetNamespace(string name, Dictionary<string, string>? labels)
    {
        namespaces[name] = labels;
        NamespaceVersion++;
    }

    internal void RemoveNamespace(string name)
    {
        namespaces.Remove(name);
        NamespaceVersion++;
    }

    /// <summary>The pod is on a node, or on its way to one.</summary>
    public bool Has(string uid) => pods.ContainsKey(uid);

    internal bool IsAssumed(string uid) => pods.TryGetValue(uid, out var placement) && placement.Assumed;
    internal int AssumedCount { get; private set; }

    internal void SetNode(Node node)
    {
        var info = Get(node.Metadata.Name);
        if (!info.IsKnown || ZoneOrder.ZoneOf(info.Node) != ZoneOrder.ZoneOf(node)) nodes = null;
        images.Replace(info.Name, info.Node.Status.Images, node.Status.Images);
        info.Set(node);
        changes.Add(info);
    }

    internal void RemoveNode(string name)
    {
        if (!byName.TryGetValue(name, out var info)) return;
        images.Replace(name, info.Node.Status.Images, null);
        nodes = null;
        info.Forget();
        changes.Add(info);
        if (info.Pods.Count == 0) byName.Remove(name); // its pods go by events of their own
    }

    /// <summary>Counts a pod that the scheduler has placed.</summary>
    internal void Assume(PodInfo pod, NodeInfo node)
    {
        if (!pods.TryAdd(pod.Uid, new(pod, node, Assumed: true))) throw new InvalidOperationException($"the pod {pod} has been placed already");
        node.Add(pod);
        changes.Add(node);
        Count(pod, 1);
        AssumedCount++;
    }

    /// <summary>Counts a pod that the cache shows on a node, in place of what was thought of it before.</summary>
    internal void Set(PodInfo pod)
    {
        Remove(pod.Uid);
        var node = Get(pod.Pod.Spec.NodeName);
        pods.Add(pod.Uid, new(pod, node, Assumed: false));
        node.Add(pod);
        changes.Add(node);
        Count(pod, 1);
    }

    private void Count(PodInfo pod, int sign)
    {
        if (pod.Terms.IsEmpty) return;
        AffinityCount += sign;
        if (pod.Terms.RequiredAnti.Length > 0) RequiredAntiCount += sign;
    }

    /// <summary>The pod does not come to its node. False when the cache has shown it there meanwhile.</summary>
    internal bool Forget(string uid) => IsAssumed(uid) && Remove(uid) is not null;

    /// <summary>The pod is gone; what it was, or null when it was nowhere.</summary>
    internal PodInfo? Remove(string uid)
    {
        if (!pods.Remove(uid, out var placement)) return null;
        placement.Node.Remove(placement.Pod);
        changes.Add(placement.Node);
        Count(placement.Pod, -1);
        if (placement.Assumed) AssumedCount--;
        if (!placement.Node.IsKnown && placement.Node.Pods.Count == 0) byName.Remove(placement.Node.Name);
        return placement.Pod;
    }

    internal PodInfo? Find(string uid) => pods.TryGetValue(uid, out var placement) ? placement.Pod : null;

    private NodeInfo Get(string name)
    {
        if (byName.TryGetValue(name, out var info)) return info;
        return byName[name] = new(name);
    }
}
