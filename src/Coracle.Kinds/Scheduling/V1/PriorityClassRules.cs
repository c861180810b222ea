using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Scheduling.V1;

/// <summary>Priority classes beyond their schema (upstream: apis/scheduling/validation).</summary>
public sealed class PriorityClassRules : KindRules<PriorityClass>
{
    /// <summary>Of the first generation they stay.</summary>
    public override bool? ChangesGeneration(JsonObject obj, JsonObject old) => false;

    public override string? DeletionRefusal(JsonObject obj)
    {
        var name = obj.Child("metadata").Text("name");
        return SystemPriority.Classes.Any(c => c.Metadata.Name == name) ? "this is a system priority class and cannot be deleted" : null;
    }

    public override void Validate(PriorityClass obj, FieldErrors errors)
    {
        if (obj.Metadata.Name.StartsWith(SystemPriority.Prefix, StringComparison.Ordinal))
        {
            if (SystemPriority.Problem(obj) is { } problem)
                errors.Forbidden(FieldPath.Of("metadata") / "name", $"priority class names with '{SystemPriority.Prefix}' prefix are reserved for system use only. error: {problem}");
        }
        else if (obj.Value > SystemPriority.UserMax)
            errors.Forbidden(FieldPath.Of("value"), $"maximum allowed value of a user defined priority is {SystemPriority.UserMax}");
        errors.OneOf(FieldPath.Of("preemptionPolicy"), obj.PreemptionPolicy, PreemptionPolicy.PreemptLowerPriority, PreemptionPolicy.Never);
    }

    public override void ValidateUpdate(PriorityClass obj, PriorityClass old, string subresource, FieldErrors errors)
    {
        if (obj.Value != old.Value) errors.Forbidden(FieldPath.Of("value"), "may not be changed in an update.");
        if (obj.PreemptionPolicy != old.PreemptionPolicy) errors.Invalid(FieldPath.Of("preemptionPolicy"), obj.PreemptionPolicy, Checks.Immutable);
    }

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Name,
        CommonColumns.Number("Value", "How important pods of the class are."),
        new("Global-Default", "boolean", "", "Whether pods that name no class are of this one."),
        CommonColumns.Age,
        CommonColumns.Text("PreemptionPolicy", "Whether pods of the class may push out others."),
    ];

    public override IReadOnlyList<object?> Cells(PriorityClass obj, DateTimeOffset now) =>
        [obj.Metadata.Name, (long)obj.Value, obj.GlobalDefault, Cell.Age(obj.Metadata, now), obj.PreemptionPolicy ?? ""];
}
