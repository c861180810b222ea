using Coracle.Controllers.Volumes;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>A volume whose labels say its zone or region is used there (volumezone).</summary>
public sealed class VolumeZone : Plugin, IPreFilter, IFilter
{
    private static readonly string[] Labels =
    [
        "failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.kubernetes.io/region",
    ];

    private readonly Verdict elsewhere = Verdict.Unresolvable("node(s) had no available volume zone");

    public override string Name => "VolumeZone";
    public override IReadOnlyList<EventHint> Events { get; } = [new(ClusterChange.NodeAdded | ClusterChange.NodeLabels | ClusterChange.Claims | ClusterChange.Volumes | ClusterChange.StorageClasses)];

    /// <summary>What each volume asks of a node's label: one of several values.</summary>
    private sealed record Asked(string Label, string[] Values);

    public Verdict PreFilter(CycleState state, PodInfo pod, ClusterState cluster)
    {
        if (!pod.HasClaims || cluster.Volumes is not { } view) return Verdict.Skip;
        List<Asked>? asked = null;
        foreach (var name in ClaimUsers.Claims(pod.Pod))
        {
            if (view.Claim(new(pod.Key.Namespace, name)) is not { Spec.VolumeName.Length: > 0 } claim || view.Volume(claim.Spec.VolumeName)?.Metadata.Labels is not { } labels) continue;
            foreach (var label in Labels)
                if (labels.TryGetValue(label, out var values)) (asked ??= []).Add(new(label, values.Split("__")));
        }
        if (asked is null) return Verdict.Skip;
        state.Set(this, asked);
        return Verdict.Ok;
    }

    public Verdict Filter(CycleState state, PodInfo pod, NodeInfo node)
    {
        foreach (var (label, values) in state.Get<List<Asked>>(this) ?? [])
            if (Value(node.Node, label) is not { } value || !values.Contains(value, StringComparer.Ordinal)) return elsewhere;
        return Verdict.Ok;
    }

    // Nodes may have the label under its old name or its new one.
    private static string? Value(Node node, string label)
    {
        if (node.Metadata.Labels is not { } labels) return null;
        return labels.GetValueOrDefault(label) ?? labels.GetValueOrDefault(label.Replace("failure-domain.beta.kubernetes.io", "topology.kubernetes.io", StringComparison.Ordinal));
    }
}
