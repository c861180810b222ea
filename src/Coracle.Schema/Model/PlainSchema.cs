namespace Coracle.Schema;

/// <summary>The schemas of values about which nothing is said beyond their type. Shared: a schema is immutable.</summary>
public static class PlainSchema
{
    public static SchemaNode String { get; } = new() { Type = SchemaType.String };
    public static SchemaNode Int32 { get; } = new() { Type = SchemaType.Integer, Format = "int32" };
    public static SchemaNode Int64 { get; } = new() { Type = SchemaType.Integer, Format = "int64" };
    public static SchemaNode Double { get; } = new() { Type = SchemaType.Number, Format = "double" };
    public static SchemaNode Boolean { get; } = new() { Type = SchemaType.Boolean };
    public static SchemaNode Time { get; } = new() { Type = SchemaType.String, Format = "date-time" };
    public static SchemaNode MicroTime { get; } = new() { Type = SchemaType.String, Format = "micro-time" };
    public static SchemaNode Bytes { get; } = new() { Type = SchemaType.String, Format = "byte" };
    public static SchemaNode IntOrString { get; } = new() { Type = SchemaType.IntOrString };
    public static SchemaNode Quantity { get; } = new() { Type = SchemaType.Quantity };
    public static SchemaNode Any { get; } = new() { Type = SchemaType.Any, PreserveUnknown = true, Verbatim = true };
    public static SchemaNode StringMap { get; } = new() { Type = SchemaType.Map, Items = String };
    public static SchemaNode StringList { get; } = new() { Type = SchemaType.Array, Items = String };
}
