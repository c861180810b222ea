using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Claims beyond their schema.</summary>
public sealed partial class PersistentVolumeClaimRules : KindRules<PersistentVolumeClaim>
{
    public override void Default(JsonObject obj) => Complete(obj);

    /// <summary>What holds for a claim, and for one in a stateful set.</summary>
    internal static void Complete(JsonObject claim)
    {
        ResourceRounding.Requirements(claim.Child("spec").Child("resources"));
        var status = claim.ChildOrNew("status");
        status.TextOr("phase", PersistentVolumeClaimPhase.Pending);
        ResourceRounding.List(status.Child("capacity"));
        ResourceRounding.List(status.Child("allocatedResources"));
    }

    public override void PrepareForCreate(JsonObject obj) => DataSources(obj.ChildOrNew("spec"));

    public override void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource)
    {
        if (subresource.Length == 0) DataSources(obj.ChildOrNew("spec"));
    }

    // One thing under two names: what is said of one holds for the other, unless it is in another namespace, which only one can say.
    private static void DataSources(JsonObject spec)
    {
        var (source, reference) = (spec.Child("dataSource"), spec.Child("dataSourceRef"));
        if (source is not null && reference is null) spec["dataSourceRef"] = source.DeepClone();
        else if (reference is not null && source is null && reference.Text("namespace").Length == 0)
            spec["dataSource"] = new JsonObject(reference.Where(f => f.Key != "namespace").Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Status", "Whether a volume is bound."),
        CommonColumns.Text("Volume", "The volume that is bound."),
        CommonColumns.Text("Capacity", "How large the volume is."),
        CommonColumns.Text("Access Modes", "How the volume can be mounted."),
        CommonColumns.Text("StorageClass", "The class of storage that is wanted."),
        CommonColumns.Text("VolumeAttributesClass", "The class of settings that is wanted."),
        CommonColumns.Age,
        CommonColumns.Wide("VolumeMode", "Filesystem, or Block for a device without one."),
    ];

    public override IReadOnlyList<object?> Cells(PersistentVolumeClaim obj, DateTimeOffset now)
    {
        var bound = obj.Spec.VolumeName.Length > 0;
        return
        [
            obj.Metadata.Name,
            obj.Metadata.DeletionTimestamp is null ? obj.Status.Phase : "Terminating",
            obj.Spec.VolumeName,
            bound ? VolumeCells.Size(obj.Status.Capacity) : "",
            bound ? VolumeCells.Modes(obj.Status.AccessModes) : "",
            PersistentVolumeRules.ClassOf(obj.Metadata, obj.Spec.StorageClassName),
            obj.Spec.VolumeAttributesClassName ?? "<unset>",
            Cell.Age(obj.Metadata, now),
            obj.Spec.VolumeMode ?? "<unset>",
        ];
    }
}
