using System.Globalization;
using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Kinds.Printing;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Limits beyond their schema (upstream: apis/core/validation, ValidateLimitRange).</summary>
public sealed class LimitRangeRules : KindRules<LimitRange>
{
    /// <summary>For containers, what is not given follows: the default from the maximum, the request from the default or the minimum.</summary>
    public override void Default(JsonObject obj)
    {
        foreach (var limit in obj.Child("spec").Items("limits"))
        {
            foreach (var list in (ReadOnlySpan<string>)["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"]) ResourceRounding.List(limit.Child(list));
            if (limit.Text("type") != LimitType.Container) continue;
            Fill(limit, "default", limit.Child("max"));
            Fill(limit, "defaultRequest", limit.Child("default"));
            Fill(limit, "defaultRequest", limit.Child("min"));
        }
    }

    private static void Fill(JsonObject limit, string name, JsonObject? from)
    {
        if (from is not { Count: > 0 }) return;
        var into = limit.ChildOrNew(name);
        foreach (var (resource, amount) in from)
            if (!into.ContainsKey(resource)) into[resource] = amount?.DeepClone();
    }

    public override void Validate(LimitRange obj, FieldErrors errors)
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < (obj.Spec.Limits?.Count ?? 0); i++)
        {
            var (limit, path) = (obj.Spec.Limits![i], (FieldPath.Of("spec") / "limits")[i]);
            TypeName(limit.Type, path / "type", errors);
            if (!types.Add(limit.Type)) errors.Duplicate(path / "type", limit.Type);
            new LimitRangeItemValidation(limit, path, errors).Validate();
        }
    }

    public override void ValidateUpdate(LimitRange obj, LimitRange old, string subresource, FieldErrors errors) => Validate(obj, errors);

    private static void TypeName(string type, FieldPath path, FieldErrors errors)
    {
        var problems = NameRules.LabelKey(type);
        errors.Problems(path, type, problems);
        if (problems.Count == 0 && !type.Contains('/', StringComparison.Ordinal) && type is not (LimitType.Pod or LimitType.Container or LimitType.PersistentVolumeClaim))
            errors.Invalid(path, type, "must be a standard limit type or fully qualified");
    }

    public override IReadOnlyList<TableColumn> Columns { get; } = [CommonColumns.Name, CommonColumns.Text("Created At", "When the object was created.")];

    public override IReadOnlyList<object?> Cells(LimitRange obj, DateTimeOffset now) =>
        [obj.Metadata.Name, (obj.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)];
}
