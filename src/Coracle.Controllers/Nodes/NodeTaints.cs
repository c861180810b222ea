using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers;

/// <summary>Which taints a node should have, by its conditions and spec. Pure.</summary>
internal static class NodeTaints
{
    public const string NotReady = "node.kubernetes.io/not-ready";
    public const string Unreachable = "node.kubernetes.io/unreachable";
    public const string Unschedulable = "node.kubernetes.io/unschedulable";
    public const string MemoryPressure = "node.kubernetes.io/memory-pressure";
    public const string DiskPressure = "node.kubernetes.io/disk-pressure";
    public const string PidPressure = "node.kubernetes.io/pid-pressure";
    public const string NetworkUnavailable = "node.kubernetes.io/network-unavailable";
    public const string OutOfService = "node.kubernetes.io/out-of-service";

    // Upstream: nodeConditionToTaintKeyStatusMap.
    private static readonly (string Condition, string Status, string Taint)[] ByCondition =
    [
        (NodeConditionType.Ready, ConditionStatus.False, NotReady),
        (NodeConditionType.Ready, ConditionStatus.Unknown, Unreachable),
        (NodeConditionType.MemoryPressure, ConditionStatus.True, MemoryPressure),
        (NodeConditionType.DiskPressure, ConditionStatus.True, DiskPressure),
        (NodeConditionType.NetworkUnavailable, ConditionStatus.True, NetworkUnavailable),
        (NodeConditionType.PIDPressure, ConditionStatus.True, PidPressure),
    ];

    public static string ReadyStatus(Node node) => Condition(node, NodeConditionType.Ready)?.Status ?? ConditionStatus.Unknown;
    public static NodeCondition? Condition(Node node, string type) => node.Status.Conditions?.Find(c => c.Type == type);
    public static bool Has(Node node, string key, string effect) => node.Spec.Taints?.Exists(t => t.Key == key && t.Effect == effect) == true;

    /// <summary>The NoExecute taint that says how the node is not ready; null when it is.</summary>
    public static string? Evicting(Node node) => ReadyStatus(node) switch
    {
        ConditionStatus.True => null,
        ConditionStatus.False => NotReady,
        _ => Unreachable,
    };

    /// <summary>
    /// The node's taints with those of this controller put right and all others kept: NoSchedule by condition and for spec.unschedulable, NoExecute as given.
    /// A node that goes from not ready to unreachable or back keeps the time since when pods must tolerate it.
    /// </summary>
    /// <param name="node">The node, with its present conditions.</param>
    /// <param name="evicting">The NoExecute taint that it should have; null for none.</param>
    /// <param name="now">When taints that are new were added.</param>
    public static List<Taint> Wanted(Node node, string? evicting, DateTimeOffset now)
    {
        var current = node.Spec.Taints ?? [];
        var noSchedule = NoSchedule(node);
        var since = current.Find(static t => t.Effect == TaintEffect.NoExecute && t.Key is NotReady or Unreachable)?.TimeAdded;
        var taints = current.FindAll(taint => !IsOurs(taint)
            || (taint.Effect == TaintEffect.NoSchedule && noSchedule.Contains(taint.Key))
            || (taint.Effect == TaintEffect.NoExecute && taint.Key == evicting));
        foreach (var key in noSchedule)
            if (!taints.Exists(t => t.Key == key && t.Effect == TaintEffect.NoSchedule)) taints.Add(new() { Key = key, Effect = TaintEffect.NoSchedule, TimeAdded = now });
        if (evicting is not null && !taints.Exists(t => t.Key == evicting && t.Effect == TaintEffect.NoExecute))
            taints.Add(new() { Key = evicting, Effect = TaintEffect.NoExecute, TimeAdded = since ?? now });
        return taints;
    }

    public static bool Same(List<Taint>? a, List<Taint>? b) =>
        (a?.Count ?? 0) == (b?.Count ?? 0) && (a ?? []).TrueForAll(x => b!.Exists(y => y.Key == x.Key && y.Effect == x.Effect && y.Value == x.Value));

    private static List<string> NoSchedule(Node node)
    {
        var keys = new List<string>();
        foreach (var (condition, status, taint) in ByCondition)
            if (Condition(node, condition)?.Status == status) keys.Add(taint);
        if (node.Spec.Unschedulable) keys.Add(Unschedulable);
        return keys;
    }

    private static bool IsOurs(Taint taint) => taint.Effect switch
    {
        TaintEffect.NoSchedule => taint.Key == Unschedulable || ByCondition.Any(c => c.Taint == taint.Key),
        TaintEffect.NoExecute => taint.Key is NotReady or Unreachable,
        _ => false,
    };
}
