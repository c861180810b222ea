namespace Coracle.Schema;

/// <summary>Everything the engine knows of one kind in one version. Built-in kinds get theirs from the generator, custom resources from their definition.</summary>
public sealed class KindInfo
{
    public required string Group { get; init; }
    public required string Version { get; init; }
    public required string Kind { get; init; }
    public required string Plural { get; init; }
    public required string Singular { get; init; }
    public IReadOnlyList<string> ShortNames { get; init; } = [];
    public IReadOnlyList<string> Categories { get; init; } = [];
    public bool Namespaced { get; init; } = true;
    public bool HasStatus { get; init; }
    public bool HasScale { get; init; }

    /// <summary>Empty: all eight verbs of a stored kind.</summary>
    public IReadOnlyList<string> Verbs { get; init; } = [];
    public IReadOnlyList<SelectableField> Selectable { get; init; } = [];
    public bool UnconditionalUpdate { get; init; } = true;
    public bool CreateOnUpdate { get; init; }

    public bool TracksGeneration { get; init; }
    public bool ReturnDeleted { get; init; }

    /// <summary>True for the kinds that ship in the box; false for those of users' definitions.</summary>
    public bool BuiltIn { get; init; }
    /// <summary>Made when first needed where a source is given: definitions of which nobody uses an object cost next to nothing.</summary>
    public SchemaNode Schema { get => schema ??= (SchemaSource ?? throw new InvalidOperationException($"no schema of {Kind}"))(); init => schema = value; }
    public Func<SchemaNode>? SchemaSource { private get; init; }
    private SchemaNode? schema;
    public required KindRules Rules { get; init; }

    /// <summary>Columns that are read from the object by path; used where <see cref="KindRules.Columns"/> says nothing.</summary>
    public IReadOnlyList<PathColumn> PathColumns { get; init; } = [];

    /// <summary>Where the fields of a scale are, where that is not as in the built-in kinds.</summary>
    public ScalePaths? Scale { get; init; }

    public string ListKind { get => listKind ?? Kind + "List"; init => listKind = value; }
    private readonly string? listKind;

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";
    public GroupVersionKind GroupVersionKind => new(Group, Version, Kind);

    /// <summary>"deployments.apps", or "pods": how messages name the resource.</summary>
    public string GroupResource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";
}

/// <summary>A field that field selectors may name, and the JSON path (dots, no leading one) where its value is; "a|b" for the first of two that has one.</summary>
public sealed record SelectableField(string Name, string Path);

/// <summary>The paths of a scale's fields in the object: ".spec.replicas", ".status.replicas", and the selector's as text or null.</summary>
public sealed record ScalePaths(string SpecReplicas, string StatusReplicas, string? LabelSelector);

/// <summary>A column whose cells are found by a JSON path (kubectl's syntax: ".spec.replicas").</summary>
public sealed record PathColumn(TableColumn Column, string JsonPath);

/// <summary>A type that the generator completed with a serializer.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IApiType<TSelf> where TSelf : class, IApiType<TSelf>
{
    static abstract SchemaNode Schema { get; }

    /// <summary>Reads the value at the reader's current token. Unknown fields are skipped. Throws <see cref="System.Text.Json.JsonException"/> on a value of a wrong type.</summary>
    static abstract TSelf Read(ref System.Text.Json.Utf8JsonReader reader);

    /// <summary>Writes the object as upstream's encoder would: same field order, same fields left out.</summary>
    void Write(System.Text.Json.Utf8JsonWriter writer);

    TSelf DeepCopy();

    /// <summary>True when the two would be written alike: null and empty collections are the same, times count in the precision of the wire.</summary>
    bool ContentEquals(TSelf? other);

    /// <summary>Every field has its zero value, as Go's omitzero understands it: absent, "", 0, false, empty.</summary>
    bool IsZero { get; }
}
