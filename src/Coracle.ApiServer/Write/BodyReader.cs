using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>A request's body as an object of the expected kind.</summary>
internal static class BodyReader
{
    /// <summary>As upstream's default limit for resource requests.</summary>
    public const int LimitBytes = 3 * 1024 * 1024;

    public const string Accepted = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    public static async ValueTask<Result<ReadOnlyMemory<byte>>> ReadBytes(RequestContext ctx)
    {
        var body = await ctx.Request.ReadBodyAsync(LimitBytes, ctx.Cancel);
        return body is { } bytes ? bytes : ApiStatus.TooLarge(LimitBytes);
    }

    /// <summary>Reads, decodes and defaults an object of the resource's kind.</summary>
    public static async ValueTask<Result<JsonObject>> ReadObject(RequestContext ctx, KindInfo kind)
    {
        var body = await ReadBytes(ctx);
        if (body.Failed) return body.Error;
        var json = ToJson(ctx, body.Value, kind.Schema);
        return json.Failed ? json.Error : Decode(ctx, kind, json.Value);
    }

    /// <summary>JSON as it came, or made of YAML or protobuf.</summary>
    public static Result<ReadOnlyMemory<byte>> ToJson(RequestContext ctx, ReadOnlyMemory<byte> body, SchemaNode schema)
    {
        var type = MediaType(ctx.Request.Header("Content-Type"));
        if (type is "" or "application/json" or "*/*") return body;
        if (type == "application/vnd.kubernetes.protobuf")
            return ProtobufDecoder.Decode(body.Span, schema) is { } tree
                ? (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(tree.ToJsonString())
                : ApiStatus.BadRequest("provided data does not appear to be a protobuf message of this type");
        if (type is not ("application/yaml" or "text/yaml"))
            return ApiStatus.UnsupportedMediaType($"the body of the request was in an unknown format - accepted media types include: {Accepted}");
        return Yaml.TryToJson(body.Span, strict: false, out var json, out var error) ? (ReadOnlyMemory<byte>)json : ApiStatus.BadRequest(error ?? "the body is not YAML");
    }

    public static string MediaType(string? contentType)
    {
        if (contentType is null) return "";
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType[..end]).Trim().ToLowerInvariant();
    }

    /// <summary>
    /// 1. The text must be an object of this kind and version. 2. Fields that are not the kind's are dropped, warned of or refused, as the client asked.
    /// 3. Defaults are filled in.
    /// </summary>
    public static Result<JsonObject> Decode(RequestContext ctx, KindInfo kind, ReadOnlyMemory<byte> json, bool withDefaults = true)
    {
        var decoded = Decoder.Decode(json.Span, kind.Schema);
        if (decoded.Value is null) return NotDecoded(kind, json.Span, decoded.Error!);
        if (WrongKind(kind, decoded.Value) is { } wrong) return wrong;
        if (decoded.Strict.Count > 0)
        {
            var mode = ctx.Query("fieldValidation");
            if (mode == "Strict") return CannotHandle(kind, "strict decoding error: " + string.Join(", ", decoded.Strict));
            if (mode != "Ignore") ctx.Warnings.AddRange(decoded.Strict);
        }
        if (withDefaults) ApplyDefaults(kind, decoded.Value);
        return decoded.Value;
    }

    public static void ApplyDefaults(KindInfo kind, JsonObject obj)
    {
        Defaulter.Apply(obj, kind.Schema);
        kind.Rules.Default(obj);
    }

    private static ApiStatus? WrongKind(KindInfo kind, JsonObject obj)
    {
        var apiVersion = (string?)obj["apiVersion"] ?? "";
        var name = (string?)obj["kind"] ?? "";
        if (name.Length > 0 && name != kind.Kind)
            return ApiStatus.BadRequest($"{name} in version \"{Version(apiVersion, kind)}\" cannot be handled as a {kind.Kind}: converting (v1.{name}) to (v1.{kind.Kind}): unknown conversion");
        if (apiVersion.Length > 0 && apiVersion != kind.ApiVersion)
            return ApiStatus.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({kind.ApiVersion})");
        obj["kind"] = kind.Kind;
        obj["apiVersion"] = kind.ApiVersion;
        return null;
    }

    private static string Version(string apiVersion, KindInfo kind) =>
        apiVersion.Length == 0 ? kind.Version : apiVersion[(apiVersion.LastIndexOf('/') + 1)..];

    private static ApiStatus CannotHandle(KindInfo kind, string error) =>
        ApiStatus.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: {error}");

    private static ApiStatus NotDecoded(KindInfo kind, ReadOnlySpan<byte> json, string error)
    {
        var syntax = !error.StartsWith("json: cannot", StringComparison.Ordinal) && !error.StartsWith("parsing time", StringComparison.Ordinal)
            && !error.StartsWith("quantities", StringComparison.Ordinal) && !error.StartsWith("illegal base64", StringComparison.Ordinal);
        if (!syntax) return CannotHandle(kind, error);
        return ApiStatus.BadRequest($"the object provided is unrecognized (must be of type {kind.Kind}): couldn't get version/kind; json parse error: {error} ({Summary(json)})");
    }

    private static string Summary(ReadOnlySpan<byte> body)
    {
        const int max = 30;
        if (body.IsEmpty) return "<empty>";
        var cut = body.Length > max ? body[..max] : body;
        var dots = body.Length > max ? " ..." : "";
        return body[0] == '{' ? System.Text.Encoding.UTF8.GetString(cut) + dots : Convert.ToHexStringLower(cut) + dots;
    }
}
