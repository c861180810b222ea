using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Resource.V1;

/// <summary>Slices of devices beyond their schema.</summary>
public sealed partial class ResourceSliceRules : KindRules<ResourceSlice>
{
    public override void PrepareForCreate(JsonObject obj) => DropUnfinished(obj, []);

    public override void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource) => DropUnfinished(obj, old);

    // Not there yet for those who do not ask for what is unfinished, unless the slice has it (upstream: the gates DRAListTypeAttributes and DRANodeAllocatableResources).
    private static void DropUnfinished(JsonObject obj, JsonObject old)
    {
        if (!Attributes(old).Any(attribute => Lists.Any(attribute.HasAny)))
            foreach (var attribute in Attributes(obj))
                foreach (var list in Lists) attribute.Remove(list);
        if (Devices(old).Any(device => device.HasAny(Mappings))) return;
        foreach (var device in Devices(obj)) device.Remove(Mappings);
    }

    private const string Mappings = "nodeAllocatableResourceMappings";
    private static readonly string[] Lists = ["ints", "bools", "strings", "versions"];

    private static IEnumerable<JsonObject> Devices(JsonObject slice) => slice.Child("spec").Items("devices");

    private static IEnumerable<JsonObject> Attributes(JsonObject slice) => Devices(slice).SelectMany(device => (device.Child("attributes") ?? []).Select(a => a.Value).OfType<JsonObject>());

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Node", "The node that has the devices."),
        CommonColumns.Text("Driver", "The driver that tells of them."),
        CommonColumns.Text("Pool", "The pool to which they belong."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(ResourceSlice obj, DateTimeOffset now) =>
        [obj.Metadata.Name, obj.Spec.NodeName ?? "", obj.Spec.Driver, obj.Spec.Pool.Name, Cell.Age(obj.Metadata, now)];
}
