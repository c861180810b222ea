using System.Text.Json.Nodes;
using Coracle.Kinds.Autoscaling.V2;
using Coracle.Kinds.Printing;
using Coracle.Schema;
using Newer = Coracle.Kinds.Autoscaling.V2.HorizontalPodAutoscaler;

namespace Coracle.Kinds.Autoscaling.V1;

/// <summary>Autoscalers of the older form beyond their schema. What they mean is checked and shown of what they are in the newer one.</summary>
public sealed class HorizontalPodAutoscalerRules : KindRules<HorizontalPodAutoscaler>
{
    public override void Validate(HorizontalPodAutoscaler obj, FieldErrors errors) => new HorizontalPodAutoscalerValidation(errors).Spec(InNewer(obj).Spec);

    public override void ValidateUpdate(HorizontalPodAutoscaler obj, HorizontalPodAutoscaler old, string subresource, FieldErrors errors)
    {
        if (subresource == "status") HorizontalPodAutoscalerValidation.Status(InNewer(obj).Status, errors);
        else Validate(obj, errors);
    }

    public override IReadOnlyList<TableColumn> Columns => AutoscalerTable.Columns;

    public override IReadOnlyList<object?> Cells(HorizontalPodAutoscaler obj, DateTimeOffset now) => AutoscalerTable.Cells(InNewer(obj), now);

    private static Newer InNewer(HorizontalPodAutoscaler obj)
    {
        var tree = HorizontalPodAutoscalerConversion.ToStorage((JsonObject)ApiJson.ParseTree(ApiJson.ToBytes(obj))!);
        return ApiJson.Parse<Newer>(Encoder.Encode(tree, Newer.Schema));
    }
}
