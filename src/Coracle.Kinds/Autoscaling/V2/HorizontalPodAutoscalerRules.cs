using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Autoscaling.V2;

/// <summary>Autoscalers beyond their schema.</summary>
public sealed class HorizontalPodAutoscalerRules : KindRules<HorizontalPodAutoscaler>
{
    private const int UsualUtilization = 80;

    public override void Default(JsonObject obj)
    {
        var spec = obj.ChildOrNew("spec");
        if (!spec.HasAny("metrics")) spec["metrics"] = new JsonArray(Processor(UsualUtilization));
        if (spec.Child("behavior") is not { } behavior) return;
        var up = behavior.ChildOrNew("scaleUp");
        up.ValueOr("stabilizationWindowSeconds", 0);
        up.ValueOr("selectPolicy", "Max");
        if (up["policies"] is null) up["policies"] = new JsonArray(Policy("Pods", 4), Policy("Percent", 100));
        var down = behavior.ChildOrNew("scaleDown");
        down.ValueOr("selectPolicy", "Max");
        if (down["policies"] is null) down["policies"] = new JsonArray(Policy("Percent", 100));
    }

    /// <summary>So many per cent of the processor time that the pods request.</summary>
    internal static JsonObject Processor(long percent) => new()
    {
        ["type"] = MetricSourceType.Resource,
        ["resource"] = new JsonObject { ["name"] = "cpu", ["target"] = new JsonObject { ["type"] = MetricTargetType.Utilization, ["averageUtilization"] = percent } },
    };

    private static JsonObject Policy(string type, int value) => new() { ["type"] = type, ["value"] = value, ["periodSeconds"] = 15 };

    public override void Validate(HorizontalPodAutoscaler obj, FieldErrors errors) => new HorizontalPodAutoscalerValidation(errors).Spec(obj.Spec);

    public override void ValidateUpdate(HorizontalPodAutoscaler obj, HorizontalPodAutoscaler old, string subresource, FieldErrors errors)
    {
        if (subresource == "status") HorizontalPodAutoscalerValidation.Status(obj.Status, errors);
        else Validate(obj, errors);
    }

    public override IReadOnlyList<TableColumn> Columns => AutoscalerTable.Columns;

    public override IReadOnlyList<object?> Cells(HorizontalPodAutoscaler obj, DateTimeOffset now) => AutoscalerTable.Cells(obj, now);
}
