using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Coracle.Schema.Generator.Model;

/// <summary>Mirrors Coracle.Schema.Presence.</summary>
internal enum Presence { WhenSet, WhenNotEmpty, Always }

/// <summary>All that is emitted for one annotated class; nothing in it holds on to the compilation.</summary>
internal sealed record ApiTypeModel
{
    public string Namespace { get; init; } = "";
    public string Name { get; init; } = "";
    public string Definition { get; init; } = "";
    public string Description { get; init; } = "";
    public bool Atomic { get; init; }
    public EquatableArray<UnionModel> Unions { get; init; }
    public EquatableArray<RuleModel> Rules { get; init; }
    public EquatableArray<FieldModel> Fields { get; init; }

    /// <summary>Null for a part of a kind.</summary>
    public KindModel? Kind { get; init; }

    public string FullName => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";
}

internal sealed record KindModel
{
    public string Group { get; init; } = "";
    public string Version { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Plural { get; init; } = "";
    public string Singular { get; init; } = "";
    public EquatableArray<string> ShortNames { get; init; }
    public EquatableArray<string> Categories { get; init; }
    public bool Namespaced { get; init; } = true;
    public bool Status { get; init; }
    public bool Scale { get; init; }
    public EquatableArray<string> Verbs { get; init; }
    public EquatableArray<string> Selectable { get; init; }
    public string? RulesType { get; init; }
    public bool UnconditionalUpdate { get; init; } = true;
    public bool CreateOnUpdate { get; init; }
    public bool Generation { get; init; }
    public bool ReturnDeleted { get; init; }
    public bool BuiltIn { get; init; }
    public bool HasMetadata { get; init; }
    public EquatableArray<ColumnModel> Columns { get; init; }

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";
}

internal sealed record FieldModel
{
    public string PropertyName { get; init; } = "";
    public string JsonName { get; init; } = "";
    public Shape Shape { get; init; } = null!;
    public string Description { get; init; } = "";
    public int Number { get; init; }
    public bool Required { get; init; }
    public Presence Presence { get; init; }
    public bool Pointer { get; init; }
    public string? Default { get; init; }
    public string? PublishedDefault { get; init; }
    public string? PatchStrategy { get; init; }
    public string? PatchMergeKey { get; init; }
    public bool MicroTime { get; init; }
    public string? Format { get; init; }
    public EquatableArray<string> OneOf { get; init; }
    public string? ListType { get; init; }
    public EquatableArray<string> ListKeys { get; init; }
    public bool Atomic { get; init; }
    public bool Granular { get; init; }
    public long? Min { get; init; }
    public long? Max { get; init; }
    public string? Pattern { get; init; }
    public EquatableArray<RuleModel> Rules { get; init; }
}

internal sealed record RuleModel(
    string Expression, string? Message, string? MessageExpression, string? Reason, string? FieldPath, bool OptionalOldSelf);

internal sealed record UnionModel(string? Discriminator, EquatableArray<string> Members);

internal sealed record ColumnModel(string Name, string Type, string Format, string Description, int Priority, string JsonPath);

/// <summary>A place in a file, without the syntax tree.</summary>
internal sealed record PlaceModel(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static PlaceModel? Of(Location? location) =>
        location?.SourceTree is null ? null : new(location.SourceTree.FilePath, location.SourceSpan, location.GetLineSpan().Span);

    public Location ToLocation() => Location.Create(Path, Span, Lines);
}

/// <summary>A finding: the descriptor's id, where, and the words that fill its message.</summary>
internal sealed record FindingModel(string Id, PlaceModel? Place, EquatableArray<string> Words);

/// <summary>What reading one class gave. The type is null when the class cannot be completed.</summary>
internal sealed record ReadResult(ApiTypeModel? Type, EquatableArray<FindingModel> Findings);
