using Coracle.Schema;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>How strictly a definition is looked at: what an older one got away with, it may keep.</summary>
internal sealed record DefinitionChecks
{
    public bool RequireSchema { get; init; } = true;
    public bool RequireStructural { get; init; } = true;
    public bool RequireKnownTypes { get; init; } = true;
    public bool RequirePrunedDefaults { get; init; } = true;
    public bool RequireAtomicSets { get; init; } = true;
    public bool RequireMapKeys { get; init; } = true;
    public bool RequireKnownReviews { get; init; } = true;
    public bool AllowInvalidBundle { get; init; }

    /// <summary>Versions with more selectable fields than are allowed, which they had before.</summary>
    public IReadOnlyCollection<string> ManySelectable { get; init; } = [];

    /// <summary>Versions whose schemas are as they were: their rules may cost what they cost.</summary>
    public IReadOnlyCollection<string> SameSchemas { get; init; } = [];

    /// <summary>No rule is too expensive.</summary>
    public bool AnyCost { get; init; }

    public DefinitionChecks ForVersion(string version) => SameSchemas.Contains(version) ? this with { AnyCost = true } : this;

    /// <summary>For a change of a definition.</summary>
    public static DefinitionChecks Of(CustomResourceDefinition now, CustomResourceDefinition old)
    {
        var schemas = (old.Spec.Versions ?? []).Select(v => v.Validation?.OpenAPIV3Schema).ToList();
        var established = old.Status.Conditions?.Any(c => c is { Type: "Established", Status: "True" }) == true;
        return new()
        {
            RequireSchema = schemas.All(schema => schema is not null),
            RequireStructural = !schemas.Any(IsNonStructural) || !now.Spec.PreserveUnknownFields,
            RequireKnownTypes = !schemas.Any(schema => StructuralSchema.Any(schema, s => s.Type.Length > 0 && !SchemaValidation.Types.Contains(s.Type))),
            RequireAtomicSets = !schemas.Any(schema => StructuralSchema.Any(schema, SchemaValidation.IsNonAtomicSet)),
            RequireMapKeys = !schemas.Any(schema => StructuralSchema.Any(schema, s => Count(errors => SchemaValidation.MapKeys(s, FieldPath.Root, errors)) > 0)),
            RequirePrunedDefaults = !schemas.Any(schema => schema is not null && SchemaDefaults.HasUnpruned(schema)),
            RequireKnownReviews = old.Spec.Conversion?.Webhook?.ConversionReviewVersions is not { Count: > 0 } reviews || reviews.Any(ConversionRules.IsKnownReview),
            AllowInvalidBundle = !established || old.Spec.Conversion?.Webhook?.ClientConfig?.CaBundle is { Length: > 0 } bundle && !ConversionRules.IsBundle(bundle),
            ManySelectable = [.. Unchanged(now, old, (a, b) => b.SelectableFields is { Count: > 8 } && ApiContent.Same(a.SelectableFields, b.SelectableFields))],
            SameSchemas = [.. Unchanged(now, old, (a, b) => ApiContent.Same(a.Validation, b.Validation))],
        };
    }

    private static bool IsNonStructural(JSONSchemaProps? schema) =>
        schema is not null && (StructuralSchema.Unsupported(schema) is not null || StructuralSchema.Validate(FieldPath.Root, schema).Count > 0);

    private static int Count(Action<FieldErrors> check)
    {
        var errors = new FieldErrors();
        check(errors);
        return errors.Count;
    }

    private static IEnumerable<string> Unchanged(CustomResourceDefinition now, CustomResourceDefinition old, Func<CustomResourceDefinitionVersion, CustomResourceDefinitionVersion, bool> same) =>
        from version in now.Spec.Versions ?? []
        let before = old.Spec.Versions?.Find(v => v.Name == version.Name)
        where before is not null && same(version, before)
        select version.Name;
}
