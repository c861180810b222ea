using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers;

/// <summary>Which pods are to be removed. Pure.</summary>
internal static class DeadPods
{
    /// <summary>Of the pods that have ended, those above the threshold: evicted ones first, then the oldest (upstream: byEvictionAndCreationTimestamp).</summary>
    public static IEnumerable<Pod> Superfluous(IEnumerable<Pod> pods, int threshold)
    {
        if (threshold <= 0) return [];
        var ended = pods.Where(PodEndpoint.IsOver).ToList();
        if (ended.Count <= threshold) return [];
        return ended.OrderBy(static pod => pod.Status is { Phase: PodPhase.Failed, Reason: "Evicted" } ? 0 : 1)
            .ThenBy(static pod => pod.Metadata.CreationTimestamp).ThenBy(static pod => pod.Metadata.Name, StringComparer.Ordinal)
            .Take(ended.Count - threshold);
    }

    /// <summary>The pod is to end, and there is no node to end it: it never had one, or it has one that is declared out of service.</summary>
    public static bool IsStuck(Pod pod, Node? node) => pod.Metadata.DeletionTimestamp is not null
        && (pod.Spec.NodeName.Length == 0
            || (node is not null && NodeTaints.ReadyStatus(node) != ConditionStatus.True && node.Spec.Taints?.Exists(static t => t.Key == NodeTaints.OutOfService) == true));
}
