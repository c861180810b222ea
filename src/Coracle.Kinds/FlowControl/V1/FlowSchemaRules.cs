using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.FlowControl.V1;

/// <summary>Flow schemas beyond their schema.</summary>
public sealed partial class FlowSchemaRules : KindRules<FlowSchema>
{
    private const int PrecedenceDefault = 1000;

    public override void Default(JsonObject obj)
    {
        var spec = obj.ChildOrNew("spec");
        if (spec.Number("matchingPrecedence") == 0) spec["matchingPrecedence"] = PrecedenceDefault;
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Text("PriorityLevel", "The level at which the requests are served."),
        CommonColumns.Text("MatchingPrecedence", "Which schema counts when several match: the smallest number."),
        CommonColumns.Text("DistinguisherMethod", "What tells flows of the schema apart."),
        CommonColumns.Age,
        CommonColumns.Text("MissingPL", "Whether the priority level is missing."),
    ];

    public override IReadOnlyList<object?> Cells(FlowSchema obj, DateTimeOffset now) =>
    [
        obj.Metadata.Name,
        obj.Spec.PriorityLevelConfiguration.Name,
        (long)obj.Spec.MatchingPrecedence,
        obj.Spec.DistinguisherMethod?.Type ?? "<none>",
        Cell.Age(obj.Metadata, now),
        obj.Status.Conditions?.Find(c => c.Type == Dangling)?.Status ?? "?",
    ];

    /// <summary>The condition that says whether the priority level is missing.</summary>
    public const string Dangling = "Dangling";
}
