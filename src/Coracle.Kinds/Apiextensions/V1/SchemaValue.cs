using System.Text.Json;
using Coracle.Schema;

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>Any value of JSON: a default, an example, one of an enumeration.</summary>
public sealed class SchemaValue : OpenValue, IApiType<SchemaValue>
{
    public static SchemaNode Schema { get; } = Node("JSON", "Any value: a text, a number, true or false, null, a list or an object.", null);
    public static SchemaValue Read(ref Utf8JsonReader reader) => new() { Json = RawJson.Read(ref reader) };
    public SchemaValue DeepCopy() => new() { Json = Json };
    public bool ContentEquals(SchemaValue? other) => Same(other);
}

/// <summary>A schema, or whether there may be any value at all.</summary>
public sealed class SchemaOrBool : OpenValue, IApiType<SchemaOrBool>
{
    public static SchemaNode Schema { get; } = Node("JSONSchemaPropsOrBool", "A schema, or true or false.", static () => JSONSchemaProps.Schema);
    public static SchemaOrBool Read(ref Utf8JsonReader reader) => new() { Json = RawJson.Read(ref reader) };
    public SchemaOrBool DeepCopy() => new() { Json = Json };
    public bool ContentEquals(SchemaOrBool? other) => Same(other);
}

/// <summary>A schema of all items, or one for each place.</summary>
public sealed class SchemaOrArray : OpenValue, IApiType<SchemaOrArray>
{
    public static SchemaNode Schema { get; } = Node("JSONSchemaPropsOrArray", "A schema, or a list of them.", static () => JSONSchemaProps.Schema);
    public static SchemaOrArray Read(ref Utf8JsonReader reader) => new() { Json = RawJson.Read(ref reader) };
    public SchemaOrArray DeepCopy() => new() { Json = Json };
    public bool ContentEquals(SchemaOrArray? other) => Same(other);
}

/// <summary>A schema, or names of properties.</summary>
public sealed class SchemaOrStrings : OpenValue, IApiType<SchemaOrStrings>
{
    public static SchemaNode Schema { get; } = Node("JSONSchemaPropsOrStringArray", "A schema, or a list of names.", static () => JSONSchemaProps.Schema);
    public static SchemaOrStrings Read(ref Utf8JsonReader reader) => new() { Json = RawJson.Read(ref reader) };
    public SchemaOrStrings DeepCopy() => new() { Json = Json };
    public bool ContentEquals(SchemaOrStrings? other) => Same(other);
}

/// <summary>A value of more than one JSON type, kept as it came. Published without a type.</summary>
public abstract class OpenValue
{
    /// <summary>The value's text.</summary>
    public RawJson Json { get; init; }

    public bool IsZero => Json.Utf8.IsEmpty;
    public void Write(Utf8JsonWriter writer) => Json.Write(writer);

    /// <summary>The schema that the value is; null when it is something else.</summary>
    public JSONSchemaProps? AsSchema() => schema ??= !IsZero && Json.Utf8.Span[0] == (byte)'{' ? ApiJson.Parse<JSONSchemaProps>(Json.Utf8.Span) : null;
    private JSONSchemaProps? schema;

    protected bool Same(OpenValue? other) => other is not null && Json.Equals(other.Json);

    protected static SchemaNode Node(string name, string description, Func<SchemaNode>? whenObject) => new()
    {
        Type = SchemaType.Any, PreserveUnknown = true, Untyped = true, Description = description, WhenObjectSource = whenObject,
        Definition = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1." + name,
    };
}
