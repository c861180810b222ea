using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Networking.V1;

/// <summary>Network policies beyond their schema.</summary>
public sealed partial class NetworkPolicyRules : KindRules<NetworkPolicy>
{
    public override void Default(JsonObject obj)
    {
        var spec = obj.ChildOrNew("spec");
        if (spec.HasAny("policyTypes")) return;
        spec["policyTypes"] = spec.HasAny("egress") ? new JsonArray(PolicyType.Ingress, PolicyType.Egress) : new JsonArray(PolicyType.Ingress);
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Pod-Selector", "Labels of the pods that the policy is about."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(NetworkPolicy obj, DateTimeOffset now) =>
        [obj.Metadata.Name, Cell.Selector(obj.Spec.PodSelector), Cell.Age(obj.Metadata, now)];
}
