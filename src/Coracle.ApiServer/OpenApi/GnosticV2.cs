using System.Text.Json;

namespace Coracle.ApiServer.OpenApi;

/// <summary>The messages of gnostic's openapiv2/OpenAPIv2.proto, as far as the documents here use them.</summary>
internal static class GnosticV2
{
    private static readonly WireMessage Schema = new();
    private static readonly WireMessage Reference = new WireMessage().Field("$ref", 1, WireType.Text).Field("description", 2, WireType.Text);
    private static readonly WireBox Strings = new(static () => WireType.Text);

    private static readonly WireMessage BodyParameter = new WireMessage()
        .Field("description", 1, WireType.Text).Field("name", 2, WireType.Text).Field("in", 3, WireType.Text).Field("required", 4, WireType.Flag).Field("schema", 5, Schema).Extensions(6);

    private static readonly WireMessage PathParameter = new WireMessage()
        .Field("required", 1, WireType.Flag).Field("in", 2, WireType.Text).Field("description", 3, WireType.Text).Field("name", 4, WireType.Text)
        .Field("type", 5, WireType.Text).Field("format", 6, WireType.Text).Field("uniqueItems", 18, WireType.Flag).Extensions(22);

    private static readonly WireMessage QueryParameter = new WireMessage()
        .Field("required", 1, WireType.Flag).Field("in", 2, WireType.Text).Field("description", 3, WireType.Text).Field("name", 4, WireType.Text)
        .Field("type", 6, WireType.Text).Field("format", 7, WireType.Text).Field("uniqueItems", 20, WireType.Flag).Extensions(23);

    private static readonly WireChoice NonBodyParameter = new(static value => value.GetProperty("in").GetString() == "path" ? (4, PathParameter) : (3, QueryParameter));
    private static readonly WireChoice Parameter = new(static value => value.GetProperty("in").GetString() == "body" ? (1, BodyParameter) : (2, NonBodyParameter));
    private static readonly WireChoice ParametersItem = new(static value => WireChoice.IsReference(value) ? (2, Reference) : (1, Parameter));

    private static readonly WireMessage Response = new WireMessage()
        .Field("description", 1, WireType.Text).Field("schema", 2, new WireChoice(static _ => (1, Schema))).Extensions(5);

    private static readonly WireMessage Responses = new WireMessage()
        .Others(1, new WireChoice(static value => WireChoice.IsReference(value) ? (2, Reference) : (1, Response))).Extensions(2);

    private static readonly WireMessage SecurityRequirement = new WireMessage().Others(1, Strings);

    private static readonly WireMessage Operation = new WireMessage()
        .List("tags", 1, WireType.Text).Field("summary", 2, WireType.Text).Field("description", 3, WireType.Text).Field("operationId", 5, WireType.Text)
        .List("produces", 6, WireType.Text).List("consumes", 7, WireType.Text).List("parameters", 8, ParametersItem).Field("responses", 9, Responses)
        .List("schemes", 10, WireType.Text).Field("deprecated", 11, WireType.Flag).List("security", 12, SecurityRequirement).Extensions(13);

    private static readonly WireMessage PathItem = new WireMessage()
        .Field("$ref", 1, WireType.Text).Field("get", 2, Operation).Field("put", 3, Operation).Field("post", 4, Operation).Field("delete", 5, Operation)
        .Field("options", 6, Operation).Field("head", 7, Operation).Field("patch", 8, Operation).List("parameters", 9, ParametersItem).Extensions(10);

    private static readonly WireMessage ApiKeySecurity = new WireMessage()
        .Field("type", 1, WireType.Text).Field("name", 2, WireType.Text).Field("in", 3, WireType.Text).Field("description", 4, WireType.Text).Extensions(5);

    private static readonly WireMessage Info = new WireMessage()
        .Field("title", 1, WireType.Text).Field("version", 2, WireType.Text).Field("description", 3, WireType.Text).Extensions(7);

    public static WireMessage Document { get; } = Build();

    private static WireMessage Build()
    {
        var additional = new WireChoice(static value => value.ValueKind == JsonValueKind.Object ? (1, Schema) : (2, WireType.Flag));
        Schema.Field("$ref", 1, WireType.Text).Field("format", 2, WireType.Text).Field("title", 3, WireType.Text).Field("description", 4, WireType.Text)
            .Field("default", 5, WireType.Any).Field("multipleOf", 6, WireType.Real).Field("maximum", 7, WireType.Real).Field("exclusiveMaximum", 8, WireType.Flag).Field("minimum", 9, WireType.Real)
            .Field("exclusiveMinimum", 10, WireType.Flag).Field("maxLength", 11, WireType.Whole).Field("minLength", 12, WireType.Whole).Field("pattern", 13, WireType.Text)
            .Field("maxItems", 14, WireType.Whole).Field("minItems", 15, WireType.Whole).Field("uniqueItems", 16, WireType.Flag)
            .Field("maxProperties", 17, WireType.Whole).Field("minProperties", 18, WireType.Whole).List("required", 19, WireType.Text).List("enum", 20, WireType.Any)
            .Field("additionalProperties", 21, additional).Field("type", 22, Strings).Field("items", 23, new WireBox(static () => Schema))
            .List("allOf", 24, Schema).Field("properties", 25, new WireMessage().Others(1, Schema)).Field("example", 30, WireType.Any).Extensions(31);
        return new WireMessage()
            .Field("swagger", 1, WireType.Text).Field("info", 2, Info).List("schemes", 5, WireType.Text).List("consumes", 6, WireType.Text).List("produces", 7, WireType.Text)
            .Field("paths", 8, new WireMessage().Others(2, PathItem).Extensions(1))
            .Field("definitions", 9, new WireMessage().Others(1, Schema))
            .Field("parameters", 10, new WireMessage().Others(1, Parameter))
            .List("security", 12, SecurityRequirement)
            .Field("securityDefinitions", 13, new WireMessage().Others(1, new WireChoice(static _ => (2, ApiKeySecurity))))
            .Extensions(16);
    }
}
