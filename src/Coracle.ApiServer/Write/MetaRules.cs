using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Rules for metadata that hold for every kind (apimachinery, api/validation/objectmeta.go).</summary>
internal static class MetaRules
{
    private const int AnnotationsBytesMax = 256 * 1024;
    private static readonly FieldPath Path = FieldPath.Of("metadata");

    public static void Validate(JsonObject meta, KindInfo kind, FieldErrors errors)
    {
        if (Meta.Text(meta, "generateName") is { Length: > 0 } prefix)
            foreach (var problem in kind.Rules.NameProblems(prefix, isPrefix: true)) errors.Invalid(Path / "generateName", prefix, problem);
        var name = Meta.Text(meta, "name");
        if (name.Length == 0) errors.Required(Path / "name", "name or generateName is required");
        else foreach (var problem in kind.Rules.NameProblems(name, isPrefix: false)) errors.Invalid(Path / "name", name, problem);
        if (kind.Namespaced)
            foreach (var problem in NameRules.Dns1123Label(Meta.Text(meta, "namespace"))) errors.Invalid(Path / "namespace", Meta.Text(meta, "namespace"), problem);
        Common(meta, errors);
    }

    public static void ValidateUpdate(JsonObject meta, JsonObject old, KindInfo kind, FieldErrors errors)
    {
        Common(meta, errors);
        foreach (var field in (ReadOnlySpan<string>)["deletionTimestamp", "deletionGracePeriodSeconds"])
            if (!JsonNode.DeepEquals(meta[field], old[field])) errors.Invalid(Path / field, meta[field] is JsonValue text && text.TryGetValue<string>(out var shown) ? shown : meta[field], "field is immutable");
        if (!Meta.IsDeleting(old)) return;
        var before = Strings(old, "finalizers");
        var added = Strings(meta, "finalizers").Where(f => !before.Contains(f)).ToList();
        if (added.Count > 0)
            errors.Forbidden(Path / "finalizers", $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(GoText.Quote))}}}");
    }

    private static void Common(JsonObject meta, FieldErrors errors)
    {
        LabelsAndAnnotations(meta, errors);
        foreach (var finalizer in Strings(meta, "finalizers"))
            foreach (var problem in NameRules.LabelKey(finalizer)) errors.Invalid(Path / "finalizers", finalizer, problem);
        Owners(meta, errors);
    }

    public static void LabelsAndAnnotations(JsonObject meta, FieldErrors errors)
    {
        Labels(meta, errors);
        Annotations(meta, errors);
    }

    private static void Labels(JsonObject meta, FieldErrors errors)
    {
        if (meta["labels"] is not JsonObject labels) return;
        foreach (var (key, value) in labels)
        {
            foreach (var problem in NameRules.LabelKey(key)) errors.Invalid(Path / "labels", key, problem);
            var text = (string?)value ?? "";
            foreach (var problem in NameRules.LabelValue(text)) errors.Invalid(Path / "labels", text, problem);
        }
    }

    private static void Annotations(JsonObject meta, FieldErrors errors)
    {
        if (meta["annotations"] is not JsonObject annotations) return;
        var size = 0;
        foreach (var (key, value) in annotations)
        {
            foreach (var problem in NameRules.LabelKey(key.ToLowerInvariant())) errors.Invalid(Path / "annotations", key, problem);
            size += key.Length + ((string?)value ?? "").Length;
        }
        if (size > AnnotationsBytesMax) errors.TooLong(Path / "annotations", AnnotationsBytesMax);
    }

    /// <summary>Drops owners that are named twice, with a warning.</summary>
    public static void WithoutRepeatedOwners(JsonObject meta, List<string> warnings)
    {
        if (meta["ownerReferences"] is not JsonArray { Count: > 1 } owners) return;
        var repeated = new List<string>();
        for (var i = owners.Count - 1; i > 0; i--)
        {
            if (!owners.Take(i).Any(earlier => JsonNode.DeepEquals(earlier, owners[i]))) continue;
            repeated.Insert(0, owners[i] is JsonObject owner ? Meta.Text(owner, "uid") : "");
            owners.RemoveAt(i);
        }
        if (repeated.Count == 0) return;
        warnings.Add(".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; "
            + $"please fix your requests; duplicate UID(s) observed: {string.Join(", ", repeated)}");
    }

    private static void Owners(JsonObject meta, FieldErrors errors)
    {
        if (meta["ownerReferences"] is not JsonArray owners) return;
        string? controller = null;
        for (var i = 0; i < owners.Count; i++)
        {
            if (owners[i] is not JsonObject owner) continue;
            var path = Path.Child("ownerReferences");
            if (Meta.Text(owner, "apiVersion").Length == 0) errors.Invalid(path / "apiVersion", "", "version must not be empty");
            if (Meta.Text(owner, "kind").Length == 0) errors.Invalid(path / "kind", "", "kind must not be empty");
            if (Meta.Text(owner, "name").Length == 0) errors.Invalid(path / "name", "", "name must not be empty");
            if (Meta.Text(owner, "uid").Length == 0) errors.Invalid(path / "uid", "", "uid must not be empty");
            if (owner["controller"]?.GetValueKind() != JsonValueKind.True) continue;
            var self = $"{Meta.Text(owner, "kind")}/{Meta.Text(owner, "name")}";
            if (controller is not null)
                errors.Invalid(path, owners, $"Only one reference can have Controller set to true. Found \"true\" in references for {controller} and {self}");
            controller ??= self;
        }
    }

    private static List<string> Strings(JsonObject meta, string field) => (meta[field] as JsonArray)?.Select(f => (string?)f ?? "").ToList() ?? [];
}
