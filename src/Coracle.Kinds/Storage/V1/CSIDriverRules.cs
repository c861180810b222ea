using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>Storage drivers beyond their schema.</summary>
public sealed partial class CSIDriverRules : KindRules<CSIDriver>
{
    public override void Default(JsonObject obj)
    {
        var spec = obj.ChildOrNew("spec");
        if (!spec.HasAny("volumeLifecycleModes")) spec["volumeLifecycleModes"] = new JsonArray(VolumeLifecycleMode.Persistent);
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        new("AttachRequired", "boolean", "", "Whether volumes are attached before they are mounted."),
        new("PodInfoOnMount", "boolean", "", "Whether the driver is told about the pod."),
        new("StorageCapacity", "boolean", "", "Whether the scheduler minds how much room there is."),
        CommonColumns.Text("TokenRequests", "For whom the tokens are that the driver is given."),
        new("RequiresRepublish", "boolean", "", "Whether volumes are mounted again from time to time."),
        CommonColumns.Text("Modes", "Which volumes there are."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(CSIDriver obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        obj.Spec.AttachRequired ?? true,
        obj.Spec.PodInfoOnMount ?? false,
        obj.Spec.StorageCapacity ?? false,
        obj.Spec.TokenRequests is { } requests ? string.Join(',', requests.Select(r => r.Audience)) : "<unset>",
        obj.Spec.RequiresRepublish ?? false,
        Cell.OrNone(string.Join(',', obj.Spec.VolumeLifecycleModes ?? [])),
        Cell.Age(obj.Metadata, now),
    ];
}
