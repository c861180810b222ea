namespace Coracle.Schema.Cel;

/// <summary>
/// What expressions need to know of the JSON at one place: an OpenAPI (structural) schema reduced to types, names and sizes. Custom resources and
/// built-in kinds are both described by it; see <see cref="From"/>. Everything lazy may refer back, so schemas may be recursive.
/// </summary>
public sealed partial class CelSchema
{
    /// <summary>"object", "array", "string", "integer", "number", "boolean", or "" where nothing is said.</summary>
    public string Type { get; init; } = "";
    public string Format { get; init; } = "";
    public bool Nullable { get; init; }

    /// <summary>x-kubernetes-int-or-string: dyn in expressions.</summary>
    public bool IntOrString { get; init; }

    /// <summary>x-kubernetes-preserve-unknown-fields. What has no schema cannot be named in expressions all the same.</summary>
    public bool PreserveUnknownFields { get; init; }

    /// <summary>x-kubernetes-embedded-resource, or the root of a resource: apiVersion, kind and metadata are there.</summary>
    public bool EmbeddedResource { get; init; }

    /// <summary>The schema of an array's items.</summary>
    public CelSchema? Items { get => items ??= ItemsSource?.Invoke(); init => items = value; }
    public Func<CelSchema?>? ItemsSource { private get; init; }
    private CelSchema? items;

    /// <summary>The schema of a map's values (additionalProperties).</summary>
    public CelSchema? Values { get => values ??= ValuesSource?.Invoke(); init => values = value; }
    public Func<CelSchema?>? ValuesSource { private get; init; }
    private CelSchema? values;

    /// <summary>By JSON name; null where no properties are given.</summary>
    public IReadOnlyDictionary<string, CelSchema>? Properties { get => properties ??= PropertiesSource?.Invoke(); init => properties = value; }
    public Func<IReadOnlyDictionary<string, CelSchema>>? PropertiesSource { private get; init; }
    private IReadOnlyDictionary<string, CelSchema>? properties;

    /// <summary>Properties that must be there and have no default: the least that an object can take up.</summary>
    public IReadOnlyCollection<string> Required { get; init; } = [];
    public bool HasDefault { get; init; }

    public long? MaxLength { get; init; }
    public long? MaxItems { get; init; }
    public long? MaxProperties { get; init; }

    /// <summary>The strings that a value may be, or none.</summary>
    public IReadOnlyList<string> Enum { get; init; } = [];

    /// <summary>"atomic", "set" or "map"; empty means atomic.</summary>
    public string ListType { get; init; } = "";
    public IReadOnlyList<string> ListKeys { get; init; } = [];

    internal CelSchema? Property(string name) => Properties is { } all && all.TryGetValue(name, out var schema) ? schema : null;

    /// <summary>This object with apiVersion, kind and metadata's name and generateName, where they are not declared.</summary>
    internal CelSchema WithTypeAndObjectMeta() => withMeta ??= AddMeta();
    private CelSchema? withMeta;

    private CelSchema AddMeta()
    {
        var text = new CelSchema { Type = "string" };
        if (Property("kind")?.Type == "string" && Property("apiVersion")?.Type == "string" && Property("metadata") is { Type: "object" } meta
            && meta.Property("name")?.Type == "string" && meta.Property("generateName")?.Type == "string") return this;
        var all = new Dictionary<string, CelSchema>(Properties ?? new Dictionary<string, CelSchema>(), StringComparer.Ordinal)
        {
            ["kind"] = text,
            ["apiVersion"] = text,
            ["metadata"] = new() { Type = "object", Properties = new Dictionary<string, CelSchema>(StringComparer.Ordinal) { ["name"] = text, ["generateName"] = text } },
        };
        return new()
        {
            Type = Type, Format = Format, Nullable = Nullable, PreserveUnknownFields = PreserveUnknownFields, EmbeddedResource = EmbeddedResource,
            Properties = all, Required = Required, HasDefault = HasDefault, MaxProperties = MaxProperties,
        };
    }
}
