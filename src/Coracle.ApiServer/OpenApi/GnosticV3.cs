using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer.OpenApi;

/// <summary>The messages of gnostic's openapiv3/OpenAPIv3.proto, as far as the documents here use them.</summary>
internal static class GnosticV3
{
    private static readonly WireMessage Schema = new();
    private static readonly WireMessage Reference = new WireMessage().Field("$ref", 1, WireType.Text).Field("summary", 2, WireType.Text).Field("description", 3, WireType.Text);
    private static readonly WireChoice SchemaOrReference = OrReference(Schema);

    private static WireChoice OrReference(WireType type) => new(value => WireChoice.IsReference(value) ? (2, Reference) : (1, type));

    private static readonly WireMessage MediaTypes = new WireMessage()
        .Others(1, new WireMessage().Field("schema", 1, SchemaOrReference).Field("example", 2, WireType.Any).Extensions(5));

    private static readonly WireMessage Parameter = new WireMessage()
        .Field("name", 1, WireType.Text).Field("in", 2, WireType.Text).Field("description", 3, WireType.Text).Field("required", 4, WireType.Flag)
        .Field("deprecated", 5, WireType.Flag).Field("allowEmptyValue", 6, WireType.Flag).Field("style", 7, WireType.Text).Field("explode", 8, WireType.Flag)
        .Field("allowReserved", 9, WireType.Flag).Field("schema", 10, SchemaOrReference).Extensions(14);

    private static readonly WireMessage RequestBody = new WireMessage()
        .Field("description", 1, WireType.Text).Field("content", 2, MediaTypes).Field("required", 3, WireType.Flag).Extensions(4);

    private static readonly WireMessage Response = new WireMessage().Field("description", 1, WireType.Text).Field("content", 3, MediaTypes).Extensions(5);

    private static readonly WireMessage Responses = new WireMessage().Field("default", 1, OrReference(Response)).Others(2, OrReference(Response)).Extensions(3);
    private static readonly WireMessage SecurityRequirement = new WireMessage().Others(1, new WireBox(static () => WireType.Text));

    private static readonly WireMessage Operation = new WireMessage()
        .List("tags", 1, WireType.Text).Field("summary", 2, WireType.Text).Field("description", 3, WireType.Text).Field("operationId", 5, WireType.Text)
        .List("parameters", 6, OrReference(Parameter)).Field("requestBody", 7, OrReference(RequestBody)).Field("responses", 8, Responses)
        .Field("deprecated", 10, WireType.Flag).List("security", 11, SecurityRequirement).Extensions(13);

    private static readonly WireMessage PathItem = new WireMessage()
        .Field("$ref", 1, WireType.Text).Field("summary", 2, WireType.Text).Field("description", 3, WireType.Text).Field("get", 4, Operation).Field("put", 5, Operation)
        .Field("post", 6, Operation).Field("delete", 7, Operation).Field("options", 8, Operation).Field("head", 9, Operation).Field("patch", 10, Operation)
        .List("parameters", 13, OrReference(Parameter)).Extensions(14);

    private static readonly WireMessage SecurityScheme = new WireMessage()
        .Field("type", 1, WireType.Text).Field("description", 2, WireType.Text).Field("name", 3, WireType.Text).Field("in", 4, WireType.Text).Extensions(9);

    private static readonly WireMessage Info = new WireMessage()
        .Field("title", 1, WireType.Text).Field("description", 2, WireType.Text).Field("version", 6, WireType.Text).Extensions(7);

    public static WireMessage Document { get; } = Build();

    private static WireMessage Build()
    {
        var additional = new WireChoice(static value => value.ValueKind == JsonValueKind.Object ? (1, SchemaOrReference) : (2, WireType.Flag));
        Schema.Field("nullable", 1, WireType.Flag).Field("readOnly", 3, WireType.Flag).Field("writeOnly", 4, WireType.Flag).Field("example", 7, WireType.Any)
            .Field("deprecated", 8, WireType.Flag).Field("title", 9, WireType.Text).Field("multipleOf", 10, WireType.Real).Field("maximum", 11, WireType.Real)
            .Field("exclusiveMaximum", 12, WireType.Flag).Field("minimum", 13, WireType.Real).Field("exclusiveMinimum", 14, WireType.Flag)
            .Field("maxLength", 15, WireType.Whole).Field("minLength", 16, WireType.Whole).Field("pattern", 17, WireType.Text).Field("maxItems", 18, WireType.Whole)
            .Field("minItems", 19, WireType.Whole).Field("uniqueItems", 20, WireType.Flag).Field("maxProperties", 21, WireType.Whole).Field("minProperties", 22, WireType.Whole)
            .List("required", 23, WireType.Text).List("enum", 24, WireType.Any).Field("type", 25, WireType.Text).List("allOf", 26, SchemaOrReference)
            .List("oneOf", 27, SchemaOrReference).List("anyOf", 28, SchemaOrReference).Field("not", 29, Schema)
            .Field("items", 30, new WireBox(static () => SchemaOrReference)).Field("properties", 31, new WireMessage().Others(1, SchemaOrReference))
            .Field("additionalProperties", 32, additional).Field("default", 33, new WireDefault()).Field("description", 34, WireType.Text).Field("format", 35, WireType.Text).Extensions(36);
        var components = new WireMessage()
            .Field("schemas", 1, new WireMessage().Others(1, SchemaOrReference)).Field("securitySchemes", 7, new WireMessage().Others(1, OrReference(SecurityScheme))).Extensions(10);
        return new WireMessage()
            .Field("openapi", 1, WireType.Text).Field("info", 2, Info).Field("paths", 4, new WireMessage().Others(1, PathItem).Extensions(2))
            .Field("components", 5, components).List("security", 6, SecurityRequirement).Extensions(9);
    }

    /// <summary>A default, of which gnostic knows scalars only: of lists and objects it keeps that there is one.</summary>
    private sealed class WireDefault : WireType
    {
        public override void Write(ProtobufWriter buffer, int field, JsonElement value)
        {
            var start = buffer.Begin(field);
            switch (value.ValueKind)
            {
                case JsonValueKind.Number: Real.Write(buffer, 1, value); break;
                case JsonValueKind.True or JsonValueKind.False: Flag.Write(buffer, 2, value); break;
                case JsonValueKind.String: Text.Write(buffer, 3, value); break;
            }
            buffer.End(start);
        }
    }
}
