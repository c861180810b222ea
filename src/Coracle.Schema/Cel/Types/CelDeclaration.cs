namespace Coracle.Schema.Cel;

/// <summary>
/// A type with what is known of its size: how many elements at most, how few bytes at least. Made from a schema by <see cref="From"/>; estimates of
/// cost and the names of fields come from it.
/// </summary>
public sealed class CelDeclaration
{
    /// <summary>The largest request that is taken: what bounds a size that no schema bounds.</summary>
    public const long MaxRequestBytes = 3 * 1024 * 1024;

    private const long MaxTimeText = 32, DateText = 12, MinTimeText = 21, MinDurationText = 3;

    private CelDeclaration(CelType type, long minSize, long maxElements = 0, CelDeclaration? element = null, CelDeclaration? key = null)
    {
        Type = type;
        MinSize = minSize;
        MaxElements = maxElements;
        Element = element;
        Key = key;
    }

    private CelDeclaration(string name, Dictionary<string, CelDeclaration> fields, long minSize)
    {
        Type = CelType.Struct(name, this);
        Fields = fields;
        MinSize = minSize;
    }

    public CelType Type { get; }

    /// <summary>The bytes of JSON that a value takes at the least.</summary>
    public long MinSize { get; }

    /// <summary>The longest string, or the most items; 0 where there is none to count.</summary>
    public long MaxElements { get; }

    internal bool IsSelected { get; private init; }

    /// <summary>What a list's items or a map's values are.</summary>
    public CelDeclaration? Element { get; }
    public CelDeclaration? Key { get; }

    /// <summary>An object's fields by the identifiers that expressions use (<see cref="CelNames.Escape"/>).</summary>
    public IReadOnlyDictionary<string, CelDeclaration>? Fields { get; }

    public static CelDeclaration Bool { get; } = new(CelType.Bool, 4);
    public static CelDeclaration Int { get; } = new(CelType.Int, 1);
    public static CelDeclaration Double { get; } = new(CelType.Double, 1);
    public static CelDeclaration String { get; } = new(CelType.String, 2);
    public static CelDeclaration Dyn { get; } = new(CelType.Dyn, 1);
    public static CelDeclaration Timestamp { get; } = new(CelType.Timestamp, DateText);

    /// <summary>A type of whose size nothing is known.</summary>
    public static CelDeclaration Of(CelType type) => new(type, 1);

    /// <summary>A string of so many bytes at most.</summary>
    public static CelDeclaration Text(long maxLength) => new(CelType.String, 2, maxLength);

    /// <summary>A value of any type, which takes so many bytes at most when it is a string; as a value of a map also where an expression selects it by name.</summary>
    public static CelDeclaration Any(long maxLength) => new(CelType.Dyn, 1, maxLength) { IsSelected = true };

    public static CelDeclaration List(CelDeclaration element, long maxItems) => new(CelType.List(element.Type), 2, maxItems, element);

    public static CelDeclaration Map(CelDeclaration key, CelDeclaration value, long maxProperties) =>
        new(CelType.Map(key.Type, value.Type), 2, maxProperties, value, key);

    /// <summary>An object type with fields by identifier.</summary>
    public static CelDeclaration Object(string name, IReadOnlyDictionary<string, CelDeclaration> fields, long minSize = 2) =>
        new(name, new Dictionary<string, CelDeclaration>(fields, StringComparer.Ordinal), minSize);

    /// <summary>
    /// The type of what a schema describes; null where expressions are not to see it: no type, or items of no type. Objects are named after
    /// <paramref name="name"/> and the path below it.
    /// </summary>
    /// <param name="resourceRoot">The schema is of a whole resource: apiVersion, kind and metadata are there.</param>
    public static CelDeclaration? From(CelSchema schema, string name, bool resourceRoot = false) => Build(schema, name, resourceRoot, []);

    private static CelDeclaration? Build(CelSchema schema, string name, bool root, Stack<CelSchema> above)
    {
        if (schema.IntOrString) return new(CelType.Dyn, 1, schema.MaxLength is { } length ? Math.Max(length, 0) * 4 : MaxRequestBytes - 2);
        if (above.Contains(schema)) return null;
        above.Push(schema);
        if (root || schema.EmbeddedResource) schema = schema.WithTypeAndObjectMeta();
        var built = schema.Type switch
        {
            "array" => Array(schema, name, above),
            "object" when schema.Values is { } values => MapOf(schema, values, name, above),
            "object" => ObjectOf(schema, name, above),
            "string" => StringOf(schema),
            "boolean" => Bool,
            "number" => Double,
            "integer" => Int,
            _ => null,
        };
        above.Pop();
        return built;
    }

    private static CelDeclaration? Array(CelSchema schema, string name, Stack<CelSchema> above)
    {
        if (schema.Items is not { } items || Build(items, name + ".@idx", items.EmbeddedResource, above) is not { } element) return null;
        return List(element, schema.MaxItems is { } max ? Math.Max(max, 0) : (MaxRequestBytes - 2) / (element.MinSize + 1));
    }

    private static CelDeclaration? MapOf(CelSchema schema, CelSchema values, string name, Stack<CelSchema> above)
    {
        if (Build(values, name + ".@elem", values.EmbeddedResource, above) is not { } value) return null;
        return Map(String, value, schema.MaxProperties is { } max ? Math.Max(max, 0) : (MaxRequestBytes - 2) / (value.MinSize + 6));
    }

    private static CelDeclaration ObjectOf(CelSchema schema, string name, Stack<CelSchema> above)
    {
        long minSize = 2;
        var fields = new Dictionary<string, CelDeclaration>(StringComparer.Ordinal);
        foreach (var (property, node) in schema.Properties ?? new Dictionary<string, CelSchema>())
        {
            var identifier = CelNames.Escape(property);
            if (Build(node, $"{name}.{identifier}", node.EmbeddedResource, above) is not { } field) continue;
            if (identifier is not null) fields[identifier] = field;
            if (!node.HasDefault && schema.Required.Contains(property)) minSize += property.Length + field.MinSize + 4;
        }
        return new(name, fields, minSize);
    }

    private static CelDeclaration StringOf(CelSchema schema) => schema.Format switch
    {
        "byte" => new(CelType.Bytes, 2, schema.MaxLength is { } max ? Math.Max(max, 0) : MaxRequestBytes - 2),
        "duration" => new(CelType.Duration, MinDurationText, MaxTimeText),
        "date" => new(CelType.Timestamp, DateText, DateText),
        "date-time" => new(CelType.Timestamp, MinTimeText, MaxTimeText),
        _ => new(CelType.String, 2, TextLength(schema)),
    };

    /// <summary>In bytes, of which a character has up to four.</summary>
    private static long TextLength(CelSchema schema)
    {
        if (schema.MaxLength is { } max) return Math.Max(max, 0) * 4;
        return schema.Enum.Count > 0 ? schema.Enum.Max(e => System.Text.Encoding.UTF8.GetByteCount(e)) : MaxRequestBytes - 2;
    }
}
