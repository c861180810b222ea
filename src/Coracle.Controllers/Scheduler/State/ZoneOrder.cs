using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>Orders nodes so that neighbours are of different zones: where only some nodes are looked at, all zones have their share (node_tree.go).</summary>
internal static class ZoneOrder
{
    public static string ZoneOf(Node node)
    {
        if (node.Metadata.Labels is not { } labels) return "";
        return labels.GetValueOrDefault("topology.kubernetes.io/region", "") + ":\0:" + labels.GetValueOrDefault("topology.kubernetes.io/zone", "");
    }

    public static NodeInfo[] Of(IEnumerable<NodeInfo> nodes)
    {
        var zones = new SortedDictionary<string, List<NodeInfo>>(StringComparer.Ordinal);
        var count = 0;
        foreach (var node in nodes)
        {
            if (!node.IsKnown) continue;
            var zone = ZoneOf(node.Node);
            if (!zones.TryGetValue(zone, out var members)) zones[zone] = members = [];
            members.Add(node);
            count++;
        }
        foreach (var members in zones.Values) members.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));

        var ordered = new NodeInfo[count];
        var at = 0;
        for (var round = 0; at < count; round++)
            foreach (var members in zones.Values)
                if (round < members.Count) ordered[members[round].Index = at++] = members[round];
        return ordered;
    }
}
