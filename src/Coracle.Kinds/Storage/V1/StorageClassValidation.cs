using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>Provisioner, parameters and places of storage classes (upstream: apis/storage/validation, ValidateStorageClass).</summary>
public sealed partial class StorageClassRules
{
    private static readonly FieldPath TopologiesPath = FieldPath.Of("allowedTopologies");

    public override void Validate(StorageClass obj, FieldErrors errors)
    {
        StorageChecks.Provisioner(obj.Provisioner, FieldPath.Of("provisioner"), errors);
        StorageChecks.Parameters(obj.Parameters, mayBeEmpty: true, FieldPath.Of("parameters"), errors);
        if (obj.ReclaimPolicy is { Length: > 0 } policy) errors.OneOf(FieldPath.Of("reclaimPolicy"), policy, "Delete", "Retain");
        if (obj.VolumeBindingMode is null) errors.Required(FieldPath.Of("volumeBindingMode"));
        else errors.OneOf(FieldPath.Of("volumeBindingMode"), obj.VolumeBindingMode, VolumeBindingMode.Immediate, VolumeBindingMode.WaitForFirstConsumer);
        Topologies(obj.AllowedTopologies ?? [], errors);
    }

    public override void ValidateUpdate(StorageClass obj, StorageClass old, string subresource, FieldErrors errors)
    {
        Validate(obj, errors);
        if (!StorageChecks.Same(obj.Parameters, old.Parameters)) errors.Forbidden(FieldPath.Of("parameters"), "updates to parameters are forbidden.");
        if (obj.Provisioner != old.Provisioner) errors.Forbidden(FieldPath.Of("provisioner"), "updates to provisioner are forbidden.");
        if (obj.ReclaimPolicy != old.ReclaimPolicy) errors.Forbidden(FieldPath.Of("reclaimPolicy"), "updates to reclaimPolicy are forbidden.");
        if (obj.VolumeBindingMode != old.VolumeBindingMode) errors.Invalid(FieldPath.Of("volumeBindingMode"), obj.VolumeBindingMode, Checks.Immutable);
    }

    public override void Warn(StorageClass obj, StorageClass? old, List<string> warnings)
    {
        for (var i = 0; i < (obj.AllowedTopologies?.Count ?? 0); i++)
            for (var j = 0; j < (obj.AllowedTopologies![i].MatchLabelExpressions?.Count ?? 0); j++)
                if (PodWarnings.OldNodeLabel(obj.AllowedTopologies[i].MatchLabelExpressions![j].Key) is { } message)
                    warnings.Add($"{(TopologiesPath[i] / "matchLabelExpressions")[j] / "key"}: {message}");
    }

    private static void Topologies(List<TopologySelectorTerm> terms, FieldErrors errors)
    {
        var known = new List<Dictionary<string, HashSet<string>>>();
        for (var i = 0; i < terms.Count; i++)
        {
            var term = Term(terms[i], TopologiesPath[i] / "matchLabelExpressions", errors);
            if (term.Count == 0 || known.Any(other => IsSame(term, other))) errors.Duplicate(TopologiesPath[i] / "matchLabelExpressions", "");
            known.Add(term);
        }
    }

    private static Dictionary<string, HashSet<string>> Term(TopologySelectorTerm term, FieldPath path, FieldErrors errors)
    {
        var found = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        for (var i = 0; i < (term.MatchLabelExpressions?.Count ?? 0); i++)
        {
            var expression = term.MatchLabelExpressions![i];
            var values = new HashSet<string>(StringComparer.Ordinal);
            if (expression.Values is not { Count: > 0 }) errors.Required(path[i] / "values");
            for (var j = 0; j < (expression.Values?.Count ?? 0); j++)
                if (!values.Add(expression.Values![j])) errors.Duplicate((path[i] / "values")[j], expression.Values[j]);
            errors.QualifiedName(path[i] / "key", expression.Key);
            if (!found.TryAdd(expression.Key, values)) errors.Duplicate(path[i] / "key", expression.Key);
            found[expression.Key] = values;
        }
        return found;
    }

    private static bool IsSame(Dictionary<string, HashSet<string>> a, Dictionary<string, HashSet<string>> b) =>
        a.Count == b.Count && a.All(entry => b.TryGetValue(entry.Key, out var values) && values.SetEquals(entry.Value));
}
