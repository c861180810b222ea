using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers;

/// <summary>How long nodes may be silent, and how fast the pods of those that are get evicted.</summary>
public sealed record NodeLifecycleOptions
{
    /// <summary>A node that has not renewed its lease or posted its status for so long is not known to be ready (upstream: --node-monitor-grace-period).</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>The same for a node that never posted a status (upstream: --node-startup-grace-period).</summary>
    public TimeSpan StartupGracePeriod { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often nodes that are not ready are looked at again (upstream: --node-monitor-period).</summary>
    public TimeSpan MonitorPeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Nodes per second, of one zone, whose pods may begin to be evicted (upstream: --node-eviction-rate).</summary>
    public double EvictionRate { get; init; } = 0.1;

    /// <summary>The same where much of a large zone is unhealthy; a small zone's nodes are let be then (upstream: --secondary-node-eviction-rate).</summary>
    public double SecondaryEvictionRate { get; init; } = 0.01;

    /// <summary>A zone with more nodes is large (upstream: --large-cluster-size-threshold).</summary>
    public int LargeZone { get; init; } = 50;

    /// <summary>The share of nodes not ready, at least three, from which on a zone is unhealthy (upstream: --unhealthy-zone-threshold).</summary>
    public double UnhealthyShare { get; init; } = 0.55;
}

/// <summary>The conditions of a node that was not heard of (upstream: tryUpdateNodeHealth). Pure.</summary>
internal static class NodeHealth
{
    // NetworkUnavailable is not the node's own to report.
    private static readonly string[] Reported =
        [NodeConditionType.Ready, NodeConditionType.MemoryPressure, NodeConditionType.DiskPressure, NodeConditionType.PIDPressure];

    /// <summary>Sets what the node reports to Unknown. True when that changes anything.</summary>
    public static bool SetUnknown(Node node, DateTimeOffset now)
    {
        var changed = false;
        var conditions = node.Status.Conditions ??= [];
        foreach (var type in Reported)
        {
            var condition = NodeTaints.Condition(node, type);
            if (condition is null)
            {
                conditions.Add(new()
                {
                    Type = type, Status = ConditionStatus.Unknown, Reason = "NodeStatusNeverUpdated", Message = "Kubelet never posted node status.",
                    LastHeartbeatTime = node.Metadata.CreationTimestamp, LastTransitionTime = now,
                });
            }
            else if (condition.Status != ConditionStatus.Unknown)
            {
                (condition.Status, condition.Reason, condition.Message) = (ConditionStatus.Unknown, "NodeStatusUnknown", "Kubelet stopped posting node status.");
                condition.LastTransitionTime = now;
            }
            else continue;
            changed = true;
        }
        return changed;
    }
}
