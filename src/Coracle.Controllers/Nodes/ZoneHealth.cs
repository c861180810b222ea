using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers;

/// <summary>How the nodes of a zone do: so that a broken network does not empty a whole zone (upstream: handleDisruption, ComputeZoneState). Pure.</summary>
internal sealed record ZoneHealth(int Ready, int NotReady)
{
    private const string RegionLabel = "topology.kubernetes.io/region";
    private const string ExcludedLabel = "node.kubernetes.io/exclude-disruption";

    public bool IsDown => Ready == 0 && NotReady > 0;

    public bool IsUnhealthy(NodeLifecycleOptions options) => NotReady > 2 && (double)NotReady / (NotReady + Ready) >= options.UnhealthyShare;

    /// <summary>Nodes per second whose eviction may begin. A zone that is wholly down is emptied like any other, while other zones are up.</summary>
    public double Rate(NodeLifecycleOptions options) =>
        IsDown || !IsUnhealthy(options) ? options.EvictionRate : Ready + NotReady > options.LargeZone ? options.SecondaryEvictionRate : 0;

    public static string ZoneOf(Node node) => $"{node.Metadata.Labels?.GetValueOrDefault(RegionLabel)}:{PodEndpoint.ZoneOf(node)}";

    /// <summary>The zones by name. Nodes that ask to be left out of this are.</summary>
    public static Dictionary<string, ZoneHealth> Of(IEnumerable<Node> nodes)
    {
        var zones = new Dictionary<string, ZoneHealth>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            if (node.Metadata.Labels?.ContainsKey(ExcludedLabel) == true) continue;
            var zone = zones.GetValueOrDefault(ZoneOf(node)) ?? new(0, 0);
            zones[ZoneOf(node)] = NodeTaints.ReadyStatus(node) == ConditionStatus.True ? zone with { Ready = zone.Ready + 1 } : zone with { NotReady = zone.NotReady + 1 };
        }
        return zones;
    }

    /// <summary>No zone has a node that is ready: rather than all nodes, this side is cut off.</summary>
    public static bool AllDown(Dictionary<string, ZoneHealth> zones) => zones.Count > 0 && zones.Values.All(static z => z.IsDown);
}
