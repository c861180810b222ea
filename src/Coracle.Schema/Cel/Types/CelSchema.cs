namespace Coracle.Schema.Cel;

/// <summary>
/// What expressions need to know of the JSON at one place: an OpenAPI (structural) schema reduced to types, names and sizes. Custom resources and
/// built-in kinds are both described by it; see <see cref="From"/>. Everything lazy may refer back, so schemas may be recursive.
/// </summary>
public sealed class CelSchema
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

    /// <summary>The schema of a built-in kind, or of a custom resource that was turned into a <see cref="SchemaNode"/>.</summary>
    public static CelSchema From(SchemaNode node) => Known.GetValue(node, Convert);

    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<SchemaNode, CelSchema> Known = [];

    private static CelSchema Convert(SchemaNode node)
    {
        if (node.Checks is { } checks) return RuleSchemas.Of(node, checks);
        var (type, format) = TypeOf(node);
        var size = node.Maximum is { } bound && type is "string" or "array" ? (long?)(long)node.Maximum! : null;
        return new()
        {
            Type = type,
            Format = format,
            Nullable = node.Nullable,
            IntOrString = node.Type is SchemaType.IntOrString or SchemaType.Quantity,
            PreserveUnknownFields = node.PreserveUnknown || node.Type == SchemaType.Any,
            EmbeddedResource = node.EmbeddedResource,
            ItemsSource = node.Type == SchemaType.Array && node.Items is not null ? () => From(node.Items) : null,
            ValuesSource = node.Type == SchemaType.Map && node.Items is not null ? () => From(node.Items) : null,
            PropertiesSource = node.Type == SchemaType.Object && node.Properties.Count > 0 ? () => PropertiesOf(node) : null,
            Required = [.. node.Properties.Where(p => p.Required && p.Default is null).Select(p => p.Name)],
            MaxLength = type == "string" ? size : null,
            MaxItems = type == "array" ? size : null,
            Enum = node.Enum ?? [],
            ListType = node.ListType ?? "",
            ListKeys = node.ListKeys,
        };
    }

    private static Dictionary<string, CelSchema> PropertiesOf(SchemaNode node)
    {
        var all = new Dictionary<string, CelSchema>(node.Properties.Count, StringComparer.Ordinal);
        foreach (var property in node.Properties) all.Add(property.Name, From(property.Node));
        return all;
    }

    private static (string Type, string Format) TypeOf(SchemaNode node) => node.Type switch
    {
        SchemaType.Object or SchemaType.Map => ("object", ""),
        SchemaType.Array => ("array", ""),
        SchemaType.String => ("string", node.Format == "micro-time" ? "date-time" : node.Format ?? ""),
        SchemaType.Integer => ("integer", ""),
        SchemaType.Number => ("number", ""),
        SchemaType.Boolean => ("boolean", ""),
        _ => ("", ""),
    };
}
