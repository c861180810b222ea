using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>Stateful sets beyond their schema.</summary>
public sealed partial class StatefulSetRules : KindRules<StatefulSet>
{
    public override void Default(JsonObject obj)
    {
        var spec = obj.ChildOrNew("spec");
        PodDefaults.Template(spec.ChildOrNew("template"));
        foreach (var claim in spec.Items("volumeClaimTemplates")) Claim(claim);
        Strategy(spec.ChildOrNew("updateStrategy"));
        var retention = spec.ChildOrNew("persistentVolumeClaimRetentionPolicy");
        retention.TextOr("whenDeleted", ClaimRetention.Retain);
        retention.TextOr("whenScaled", ClaimRetention.Retain);
    }

    // A strategy that is named without details gets none (upstream: SetDefaults_StatefulSet).
    private static void Strategy(JsonObject strategy)
    {
        if (strategy.Text("type").Length == 0)
        {
            strategy["type"] = UpdateStrategyType.RollingUpdate;
            strategy.ChildOrNew("rollingUpdate");
        }
        if (strategy.Text("type") != UpdateStrategyType.RollingUpdate || strategy.Child("rollingUpdate") is not { } rolling) return;
        rolling.ValueOr("partition", 0);
        rolling.ValueOr("maxUnavailable", 1);
    }

    // The claims in the set say what they are, as those that stand alone do.
    private static void Claim(JsonObject claim)
    {
        claim["kind"] = PersistentVolumeClaim.Info.Kind;
        claim["apiVersion"] = PersistentVolumeClaim.Info.ApiVersion;
        PersistentVolumeClaimRules.Complete(claim);
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Ready", "Pods that are ready, of those wanted."),
        CommonColumns.Age,
        CommonColumns.Containers,
        CommonColumns.Images,
    ];

    public override IReadOnlyList<object?> Cells(StatefulSet obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        $"{obj.Status.ReadyReplicas}/{obj.Spec.Replicas ?? 0}",
        Cell.Age(obj.Metadata, now),
        Cell.Names(obj.Spec.Template.Spec),
        Cell.Images(obj.Spec.Template.Spec),
    ];
}
