namespace Coracle.Controllers.Scheduling;

/// <summary>Pods for which room is being made on a node: others of no higher priority must leave it to them.</summary>
public sealed class Nominations
{
    private readonly Dictionary<string, (PodInfo Pod, string Node)> byPod = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<PodInfo>> byNode = new(StringComparer.Ordinal);

    public bool HasAny => byPod.Count > 0;

    public string? NodeOf(string uid) => byPod.TryGetValue(uid, out var nominated) ? nominated.Node : null;

    /// <summary>The pods nominated to the node that come before this one, or null.</summary>
    public List<PodInfo>? On(string node, PodInfo pod)
    {
        if (!byNode.TryGetValue(node, out var all)) return null;
        List<PodInfo>? before = null;
        foreach (var other in all)
            if (other.Priority >= pod.Priority && other.Uid != pod.Uid) (before ??= []).Add(other);
        return before;
    }

    internal IReadOnlyList<PodInfo> All(string node) => byNode.TryGetValue(node, out var all) ? all : [];

    internal void Set(PodInfo pod, string node)
    {
        Remove(pod.Uid);
        if (node.Length == 0) return;
        byPod[pod.Uid] = (pod, node);
        if (!byNode.TryGetValue(node, out var all)) byNode[node] = all = [];
        all.Add(pod);
    }

    internal void Remove(string uid)
    {
        if (!byPod.Remove(uid, out var nominated)) return;
        var all = byNode[nominated.Node];
        all.Remove(nominated.Pod);
        if (all.Count == 0) byNode.Remove(nominated.Node);
    }
}
