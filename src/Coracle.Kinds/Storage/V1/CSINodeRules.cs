using System.Text.Json.Nodes;
using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>Drivers of nodes beyond their schema (upstream: apis/storage/validation, ValidateCSINode).</summary>
public sealed class CSINodeRules : KindRules<CSINode>
{
    private const int NodeIdMax = 256;
    private static readonly FieldPath DriversPath = FieldPath.Of("spec") / "drivers";

    public override void Validate(CSINode obj, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < (obj.Spec.Drivers?.Count ?? 0); i++) Driver(obj.Spec.Drivers![i], names, DriversPath[i], errors);
    }

    public override void ValidateUpdate(CSINode obj, CSINode old, string subresource, FieldErrors errors)
    {
        Validate(obj, errors);
        foreach (var before in old.Spec.Drivers ?? [])
            foreach (var driver in (obj.Spec.Drivers ?? []).Where(d => d.Name == before.Name))
                if (driver.NodeID != before.NodeID || !(driver.TopologyKeys ?? []).SequenceEqual(before.TopologyKeys ?? [])) Changed(driver, errors);
    }

    // How many volumes a node takes may change; what is shown is the rest, as upstream's internal type shows itself.
    private static void Changed(CSINodeDriver driver, FieldErrors errors) => errors.Invalid(
        DriversPath,
        new JsonObject { ["Name"] = driver.Name, ["NodeID"] = driver.NodeID, ["TopologyKeys"] = driver.TopologyKeys is { } keys ? Checks.Shown(keys) : null, ["Allocatable"] = null },
        Checks.Immutable);

    private static void Driver(CSINodeDriver driver, HashSet<string> names, FieldPath path, FieldErrors errors)
    {
        StorageChecks.DriverName(driver.Name, path / "name", errors);
        if (driver.NodeID.Length == 0) errors.Required(path / "nodeID");
        if (driver.NodeID.Length > NodeIdMax) errors.Invalid(path / "nodeID", driver.NodeID, $"must be {NodeIdMax} characters or less");
        errors.NonNegative(path / "allocatable" / "count", driver.Allocatable?.Count);
        if (!names.Add(driver.Name)) errors.Duplicate(path / "name", driver.Name);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in driver.TopologyKeys ?? [])
        {
            if (key.Length == 0) errors.Required(path);
            if (!keys.Add(key)) errors.Duplicate(path, key);
            errors.QualifiedName(path, key);
        }
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Number("Drivers", "How many drivers the node has."),
        CommonColumns.Age,
    ];

    public override IReadOnlyList<object?> Cells(CSINode obj, DateTimeOffset now) => [obj.Metadata.Name, (long)(obj.Spec.Drivers?.Count ?? 0), Cell.Age(obj.Metadata, now)];
}
