using Coracle.Schema;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>What a definition must be (apiextensions-apiserver, pkg/apis/apiextensions/validation). What an older definition got away with, it may keep.</summary>
public sealed partial class CustomResourceDefinitionRules
{
    private static readonly FieldPath Spec = FieldPath.Of("spec");
    private const int SelectableMax = 8;

    public override void Validate(CustomResourceDefinition obj, FieldErrors errors)
    {
        if (obj.Metadata.Name != $"{obj.Spec.Names.Plural}.{obj.Spec.Group}")
            errors.Invalid(FieldPath.Of("metadata") / "name", obj.Metadata.Name, "must be spec.names.plural+\".\"+spec.group");
        All(obj, null, new DefinitionChecks { AllowInvalidBundle = true }, errors);
    }

    public override void ValidateUpdate(CustomResourceDefinition obj, CustomResourceDefinition old, string subresource, FieldErrors errors)
    {
        if (subresource == "status")
        {
            Names(obj.Status.AcceptedNames, FieldPath.Of("status") / "acceptedNames", errors);
            return;
        }
        All(obj, old, DefinitionChecks.Of(obj, old), errors);
        Immutable(obj.Spec, old.Spec, old, errors);
    }

    private static void All(CustomResourceDefinition obj, CustomResourceDefinition? old, DefinitionChecks checks, FieldErrors errors)
    {
        SpecRules(obj.Spec, checks, errors);
        Names(obj.Status.AcceptedNames, FieldPath.Of("status") / "acceptedNames", errors);
        Stored(obj.Status.StoredVersions ?? [], obj.Spec.Versions ?? [], FieldPath.Of("status") / "storedVersions", errors);
        Approval(obj, old, errors);
        if (obj.Spec.PreserveUnknownFields && old?.Spec.PreserveUnknownFields != true)
            errors.Invalid(Spec / "preserveUnknownFields", true, "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead");
    }

    private static void Immutable(CustomResourceDefinitionSpec spec, CustomResourceDefinitionSpec old, CustomResourceDefinition before, FieldErrors errors)
    {
        if (before.Status.Conditions?.Any(c => c is { Type: "Established", Status: "True" }) == true)
        {
            Same(spec.Scope, old.Scope, Spec / "scope");
            Same(spec.Names.Kind, old.Names.Kind, Spec / "names" / "kind");
        }
        Same(spec.Group, old.Group, Spec / "group");
        Same(spec.Names.Plural, old.Names.Plural, Spec / "names" / "plural");

        void Same(string now, string was, FieldPath path)
        {
            if (now != was) errors.Invalid(path, now, "field is immutable");
        }
    }

    private static void SpecRules(CustomResourceDefinitionSpec spec, DefinitionChecks checks, FieldErrors errors)
    {
        if (spec.Group.Length == 0) errors.Required(Spec / "group");
        else if (NameRules.Dns1123Subdomain(spec.Group) is { Count: > 0 } bad) errors.Invalid(Spec / "group", spec.Group, string.Join(',', bad));
        else if (!spec.Group.Contains('.', StringComparison.Ordinal)) errors.Invalid(Spec / "group", spec.Group, "should be a domain with at least one dot");
        OneOf(spec.Scope, ["Cluster", "Namespaced"], Spec / "scope", errors);
        Versions(spec, checks, errors);
        foreach (var (name, text) in (ReadOnlySpan<(string, string)>)[("plural", spec.Names.Plural), ("singular", spec.Names.Singular), ("kind", spec.Names.Kind), ("listKind", spec.Names.ListKind)])
            if (text.Length == 0) errors.Required(Spec / "names" / name);
        Names(spec.Names, Spec / "names", errors);
        if (spec.Conversion is { Strategy: not "None" } && spec.PreserveUnknownFields)
            errors.Invalid(Spec / "conversion" / "strategy", spec.Conversion.Strategy, "must be None if spec.preserveUnknownFields is true");
        if (spec.Conversion is { } conversion) ConversionRules.Validate(conversion, checks, Spec / "conversion", errors);
    }

    internal static void OneOf(string value, string[] accepted, FieldPath path, FieldErrors errors)
    {
        if (value.Length == 0) errors.Required(path);
        else if (!accepted.Contains(value)) errors.NotSupported(path, value, accepted);
    }

    private static void Versions(CustomResourceDefinitionSpec spec, DefinitionChecks checks, FieldErrors errors)
    {
        var versions = spec.Versions ?? [];
        var path = Spec / "versions";
        for (var i = 0; i < versions.Count; i++)
        {
            if (versions[i].Validation?.OpenAPIV3Schema is not null) continue;
            if (checks.RequireSchema) errors.Required(path[i] / "schema" / "openAPIV3Schema");
            else if (!spec.PreserveUnknownFields && versions[i].Served) errors.Required(path[i] / "schema" / "openAPIV3Schema", "because otherwise all fields are pruned");
        }
        if (spec.PreserveUnknownFields && versions.Any(v => StructuralSchema.Any(v.Validation?.OpenAPIV3Schema, s => s.Default is { IsZero: false })))
            errors.Invalid(Spec / "preserveUnknownFields", true, "must be false in order to use defaults in the schema");
        for (var i = 0; i < versions.Count; i++)
        {
            if (NameRules.Dns1035Label(versions[i].Name) is { Count: > 0 } bad) errors.Invalid(path[i] / "name", versions[i].Name, string.Join(',', bad));
            Version(versions[i], checks, path[i], errors);
        }
        if (versions.Select(v => v.Name).Distinct().Count() != versions.Count) errors.Invalid(path, ShownVersions(versions), "must contain unique version names");
        if (versions.Count(v => v.Storage) != 1) errors.Invalid(path, ShownVersions(versions), "must have exactly one version marked as storage version");
    }

    private static System.Text.Json.Nodes.JsonArray ShownVersions(List<CustomResourceDefinitionVersion> versions) =>
        [.. versions.Select(version => ApiJson.ParseTree(ApiJson.ToBytes(version)))];

    private static void Version(CustomResourceDefinitionVersion version, DefinitionChecks checks, FieldPath path, FieldErrors errors)
    {
        foreach (var problem in DeprecationProblems(version)) errors.Invalid(path / "deprecationWarning", version.DeprecationWarning, problem);
        if (version.Validation?.OpenAPIV3Schema is { } schema)
            SchemaValidation.Validate(schema, version.Subresources?.Status is not null, checks.ForVersion(version.Name), path / "schema", errors);
        if (version.Subresources?.Scale is { } scale) Scale(scale, path / "subresources", errors);
        for (var i = 0; i < (version.AdditionalPrinterColumns?.Count ?? 0); i++) Column(version.AdditionalPrinterColumns![i], (path / "additionalPrinterColumns")[i], errors);
        if (version.SelectableFields is { Count: > 0 } fields) Selectable(fields, version, checks, path / "selectableFields", errors);
    }

    private static IEnumerable<string> DeprecationProblems(CustomResourceDefinitionVersion version)
    {
        if (version.DeprecationWarning is not { } warning) yield break;
        if (!version.Deprecated)
        {
            yield return "can only be set for deprecated versions";
            yield break;
        }
        if (System.Text.Encoding.UTF8.GetByteCount(warning) > 256) yield return "must be <= 256 characters long";
        if (warning.Length == 0) yield return "must not be an empty string";
        var at = 0;
        foreach (var rune in warning.EnumerateRunes())
        {
            if (System.Text.Rune.IsControl(rune) || rune.Value != ' ' && System.Text.Rune.IsWhiteSpace(rune))
            {
                yield return $"must only contain printable UTF-8 characters; non-printable character found at index {at}";
                break;
            }
            at += rune.Utf8SequenceLength;
        }
    }

    private static void Names(CustomResourceDefinitionNames names, FieldPath path, FieldErrors errors)
    {
        Label(names.Plural, path / "plural");
        Label(names.Singular, path / "singular");
        Mixed(names.Kind, path / "kind");
        Mixed(names.ListKind, path / "listKind");
        for (var i = 0; i < (names.ShortNames?.Count ?? 0); i++) Label(names.ShortNames![i], (path / "shortNames")[i], mayBeEmpty: false);
        if (names.Kind.Length > 0 && names.Kind == names.ListKind) errors.Invalid(path / "listKind", names.ListKind, "kind and listKind may not be the same");
        for (var i = 0; i < (names.Categories?.Count ?? 0); i++) Label(names.Categories![i], (path / "categories")[i], mayBeEmpty: false);

        void Label(string name, FieldPath at, bool mayBeEmpty = true)
        {
            if (!(mayBeEmpty && name.Length == 0) && NameRules.Dns1035Label(name) is { Count: > 0 } bad) errors.Invalid(at, name, string.Join(',', bad));
        }

        void Mixed(string name, FieldPath at)
        {
            if (name.Length > 0 && NameRules.Dns1035Label(name.ToLowerInvariant()) is { Count: > 0 } bad)
                errors.Invalid(at, name, "may have mixed case, but should otherwise match: " + string.Join(',', bad));
        }
    }

    private static void Stored(List<string> stored, List<CustomResourceDefinitionVersion> versions, FieldPath path, FieldErrors errors)
    {
        var shown = new System.Text.Json.Nodes.JsonArray([.. stored.Select(name => (System.Text.Json.Nodes.JsonNode)name)]);
        if (stored.Count == 0)
        {
            errors.Invalid(path, shown, "must have at least one stored version");
            return;
        }
        foreach (var version in versions)
            if (version.Storage && !stored.Contains(version.Name)) errors.Invalid(path, shown, "must have the storage version " + version.Name);
        for (var i = 0; i < stored.Count; i++)
        {
            var name = stored[i];
            if (versions.Any(v => v.Name == name) || stored.LastIndexOf(name) != i) continue;
            errors.Invalid(path[i], name, $"missing from spec.versions; {name} was previously a storage version, and must remain in spec.versions until a storage migration ensures "
                + $"no data remains persisted in {name} and removes {name} from status.storedVersions");
        }
    }

    private static void Approval(CustomResourceDefinition obj, CustomResourceDefinition? old, FieldErrors errors)
    {
        if (!ApiApproval.IsProtected(obj.Spec.Group)) return;
        var (state, reason) = ApiApproval.Of(obj.Metadata.Annotations);
        if (old is not null && ApiApproval.Of(old.Metadata.Annotations).State == state) return;
        var path = (FieldPath.Of("metadata") / "annotations").Key(ApiApproval.Annotation);
        if (state == ApiApproval.State.Missing) errors.Required(path, reason);
        else if (state == ApiApproval.State.Invalid) errors.Invalid(path, obj.Metadata.Annotations![ApiApproval.Annotation], reason);
    }

    private static readonly string[] ColumnTypes = ["boolean", "date", "integer", "number", "string"];
    private static readonly string[] ColumnFormats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

    private static void Column(CustomResourceColumnDefinition column, FieldPath path, FieldErrors errors)
    {
        if (column.Name.Length == 0) errors.Required(path / "name");
        if (column.Type.Length == 0) errors.Required(path / "type", $"must be one of {string.Join(',', ColumnTypes)}");
        else if (!ColumnTypes.Contains(column.Type)) errors.Invalid(path / "type", column.Type, $"must be one of {string.Join(',', ColumnTypes)}");
        if (column.Format.Length > 0 && !ColumnFormats.Contains(column.Format)) errors.Invalid(path / "format", column.Format, $"must be one of {string.Join(',', ColumnFormats)}");
        if (column.JsonPath.Length == 0) errors.Required(path / "JSONPath");
        else SimplePath(column.JsonPath, path / "JSONPath", errors);
    }

    private static bool SimplePath(string text, FieldPath path, FieldErrors errors)
    {
        if (text[0] == '.') return true;
        errors.Invalid(path, text, "must be a simple json path starting with .");
        return false;
    }

    private static void Scale(CustomResourceSubresourceScale scale, FieldPath path, FieldErrors errors)
    {
        Below(scale.SpecReplicasPath, "scale.specReplicasPath", [".spec."], "should be a json path under .spec", required: true);
        Below(scale.StatusReplicasPath, "scale.statusReplicasPath", [".status."], "should be a json path under .status", required: true);
        Below(scale.LabelSelectorPath ?? "", "scale.labelSelectorPath", [".spec.", ".status."], "should be a json path under either .spec or .status", required: false);

        void Below(string text, string field, string[] roots, string detail, bool required)
        {
            if (text.Length == 0)
            {
                if (required) errors.Required(path / field);
            }
            else if (SimplePath(text, path / field, errors) && !roots.Any(root => text.StartsWith(root, StringComparison.Ordinal))) errors.Invalid(path / field, text, detail);
        }
    }

    private static void Selectable(List<SelectableField> fields, CustomResourceDefinitionVersion version, DefinitionChecks checks, FieldPath path, FieldErrors errors)
    {
        if (version.Validation?.OpenAPIV3Schema is not { } schema)
        {
            errors.Invalid(path, "", "may only be set when `version.schema.openAPIV3Schema` is not included");
            return;
        }
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < fields.Count; i++)
        {
            var (text, at) = (fields[i].JsonPath, path[i] / "jsonPath");
            if (text.Length == 0)
            {
                errors.Required(at);
                continue;
            }
            if (SchemaFieldPath.Find(schema, text, out var found, out var error) is not { } normal)
            {
                errors.Invalid(at, text, $"is an invalid path: {error}");
                continue;
            }
            if (normal == "metadata" || normal.StartsWith("metadata.", StringComparison.Ordinal)) errors.Invalid(at, text, "must not point to fields in metadata");
            if (found!.Type is not ("string" or "boolean" or "integer"))
                errors.Invalid(at, text, "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.");
            if (!known.Add(normal)) errors.Duplicate(at, text);
        }
        if (known.Count > SelectableMax && !checks.ManySelectable.Contains(version.Name)) errors.TooMany(path, known.Count, SelectableMax);
    }

    public override void Warn(CustomResourceDefinition obj, CustomResourceDefinition? old, List<string> warnings)
    {
        var known = old is null ? [] : UnknownFormats(old).ToHashSet();
        warnings.AddRange(UnknownFormats(obj).Where(format => !known.Contains(format)).Select(format => $"unrecognized format {GoText.Quote(format)}"));
    }

    private static List<string> UnknownFormats(CustomResourceDefinition obj)
    {
        var found = new List<string>();
        foreach (var version in obj.Spec.Versions ?? [])
        {
            StructuralSchema.Any(version.Validation?.OpenAPIV3Schema, schema =>
            {
                if (schema.Format.Length > 0 && !ValueFormats.IsKnown(schema.Type, schema.Format)) found.Add(schema.Format);
                return false;
            });
        }
        return found;
    }
}
