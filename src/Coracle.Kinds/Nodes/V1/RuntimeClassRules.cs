using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Nodes.V1;

/// <summary>Runtime classes beyond their schema (upstream: apis/node/validation).</summary>
public sealed class RuntimeClassRules : KindRules<RuntimeClass>
{
    private static readonly FieldPath Handler = FieldPath.Of("handler");

    public override void Default(JsonObject obj) => ResourceRounding.List(obj.Child("overhead").Child("podFixed"));

    public override void Validate(RuntimeClass obj, FieldErrors errors)
    {
        errors.Label(Handler, obj.Handler);
        if (obj.Overhead is { } overhead) PodSpecValidation.Overhead(errors, overhead.PodFixed, FieldPath.Of("overhead"));
        if (obj.Scheduling is not { } scheduling) return;
        var path = FieldPath.Of("scheduling");
        errors.Labels(path / "nodeSelector", scheduling.NodeSelector);
        var tolerations = scheduling.Tolerations ?? [];
        PodSpecValidation.Tolerations(errors, path / "tolerations", tolerations);
        for (var i = 0; i < tolerations.Count; i++)
            if (tolerations.FindIndex(t => t.ContentEquals(tolerations[i])) < i) errors.Duplicate((path / "tolerations")[i], Checks.Shown(tolerations[i]));
    }

    public override void ValidateUpdate(RuntimeClass obj, RuntimeClass old, string subresource, FieldErrors errors)
    {
        Validate(obj, errors);
        if (obj.Handler != old.Handler) errors.Invalid(Handler, obj.Handler, Checks.Immutable);
    }

    public override void Warn(RuntimeClass obj, RuntimeClass? old, List<string> warnings) =>
        PodWarnings.NodeLabels(obj.Scheduling?.NodeSelector, FieldPath.Of("scheduling") / "nodeSelector", warnings);

    public override IReadOnlyList<TableColumn> Columns { get; } =
        [CommonColumns.Name, CommonColumns.Text("Handler", "The nodes' name for the runtime."), CommonColumns.Age];

    public override IReadOnlyList<object?> Cells(RuntimeClass obj, DateTimeOffset now) => [obj.Metadata.Name, obj.Handler, Cell.Age(obj.Metadata, now)];
}
