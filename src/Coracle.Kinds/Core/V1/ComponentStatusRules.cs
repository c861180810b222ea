using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>States of parts of the control plane beyond their schema.</summary>
public sealed class ComponentStatusRules : KindRules<ComponentStatus>
{
    public override string? Deprecation => "v1 ComponentStatus is deprecated in v1.19+";

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("Status", "Whether the part does its work."),
        CommonColumns.Text("Message", "What the part said."),
        CommonColumns.Text("Error", "Why the part could not be asked."),
    ];

    public override IReadOnlyList<object?> Cells(ComponentStatus obj, DateTimeOffset now)
    {
        var healthy = obj.Conditions?.Find(c => c.Type == "Healthy");
        var state = healthy?.Status switch
        {
            "True" => "Healthy",
            null or "Unknown" => "Unknown",
            _ => "Unhealthy",
        };
        return [obj.Metadata.Name, state, healthy?.Message ?? "", healthy?.Error ?? ""];
    }
}
