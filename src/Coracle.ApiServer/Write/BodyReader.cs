using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>A request's body as an object of the expected kind.</summary>
internal static class BodyReader
{
    /// <summary>As upstream's default limit for resource requests.</summary>
    public const int LimitBytes = 3 * 1024 * 1024;

    public const string Accepted = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    public static ValueTask<Result<ReadOnlyMemory<byte>>> ReadBytes(RequestContext ctx) =>
        ctx.Request.Audit is { } audit ? Recorded(ctx, audit) : ctx.Request.ReadBodyAsync(LimitBytes, ctx.Cancel);

    private static async ValueTask<Result<ReadOnlyMemory<byte>>> Recorded(RequestContext ctx, AuditRecord audit)
    {
        var body = await ctx.Request.ReadBodyAsync(LimitBytes, ctx.Cancel);
        if (!body.Failed) audit.Body(body.Value);
        return body;
    }

    /// <summary>Reads, decodes and defaults an object of the resource's kind.</summary>
    public static async ValueTask<Result<JsonObject>> ReadObject(RequestContext ctx, KindInfo kind)
    {
        var body = await ReadBytes(ctx);
        if (body.Failed) return body.Error;
        var strict = new List<string>();
        var json = ToJson(ctx, body.Value, kind.Schema, error => Unrecognized(kind, body.Value.Span, error), strict);
        return json.Failed ? json.Error : Decode(ctx, kind, json.Value, body.Value, strict);
    }

    /// <summary>JSON as it came, or made of YAML or protobuf.</summary>
    /// <param name="ctx">The request, whose header says what the body is.</param>
    /// <param name="body">The body.</param>
    /// <param name="schema">The type that protobuf is read as.</param>
    /// <param name="malformed">How an error is worded.</param>
    /// <param name="strict">Gets what is not wrong but not right either: keys of YAML that stand twice.</param>
    public static Result<ReadOnlyMemory<byte>> ToJson(RequestContext ctx, ReadOnlyMemory<byte> body, SchemaNode schema, Func<string, ApiStatus> malformed, List<string>? strict = null)
    {
        var type = MediaType(ctx.Request.Header("Content-Type"));
        if (type is "" or "application/json") return body;
        if (type == "application/vnd.kubernetes.protobuf")
        {
            if (!body.Span.StartsWith(ProtobufDecoder.Magic)) return malformed("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
            return ProtobufDecoder.Decode(body.Span, schema) is { } tree ? (ReadOnlyMemory<byte>)System.Text.Encoding.UTF8.GetBytes(tree.ToJsonString()) : malformed("unexpected EOF");
        }
        if (type is not ("application/yaml" or "text/yaml"))
            return ApiStatus.UnsupportedMediaType($"the body of the request was in an unknown format - accepted media types include: {Accepted}");
        if (!Yaml.TryToJson(body.Span, strict: false, out var json, out var error)) return malformed(error ?? "yaml: unmarshal errors");
        if (strict is not null && ctx.Query("fieldValidation") != "Ignore" && !Yaml.TryToJson(body.Span, strict: true, out _, out error)) strict.Add(error!);
        return (ReadOnlyMemory<byte>)json;
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
    public static Result<JsonObject> Decode(RequestContext ctx, KindInfo kind, ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> body, IReadOnlyList<string> strict, bool withDefaults = true)
    {
        var decoded = Decoder.Decode(json.Span, kind.Schema);
        if (decoded.Value is null)
            return decoded.IsUnreadable ? Unrecognized(kind, body.Span, $"couldn't get version/kind; json parse error: {decoded.Error}") : CannotHandle(kind, decoded.Error!);
        if (WrongKind(ctx, kind, decoded.Value) is { } wrong) return wrong;
        if (Strictness(ctx, [.. strict, .. decoded.Strict]) is { } refused) return CannotHandle(kind, refused);
        if (withDefaults) ApplyDefaults(kind, decoded.Value);
        return decoded.Value;
    }

    /// <summary>What to refuse the request with, after its fieldValidation, when there are fields that the kind does not have or that stand twice.</summary>
    public static string? Strictness(RequestContext ctx, IReadOnlyList<string> errors)
    {
        if (errors.Count == 0) return null;
        var mode = ctx.Query("fieldValidation");
        if (mode == "Strict") return "strict decoding error: " + string.Join(", ", errors);
        if (mode != "Ignore") ctx.Warnings.AddRange(errors.SelectMany(Lines));
        return null;
    }

    // The errors of a YAML text come as one of many lines.
    private static IEnumerable<string> Lines(string error)
    {
        const string many = "yaml: unmarshal errors:\n";
        return error.StartsWith(many, StringComparison.Ordinal) ? error[many.Length..].Split('\n', StringSplitOptions.TrimEntries) : [error];
    }

    public static void ApplyDefaults(KindInfo kind, JsonObject obj)
    {
        Defaulter.Apply(obj, kind.Schema);
        kind.Rules.Default(obj);
    }

    private static ApiStatus? WrongKind(RequestContext ctx, KindInfo kind, JsonObject obj)
    {
        if (!kind.BuiltIn && Meta.Text(obj, "kind").Length > 0) return WrongCustomKind(kind, obj);
        var apiVersion = Meta.Text(obj, "apiVersion") is { Length: > 0 } given ? given : kind.ApiVersion;
        var name = Meta.Text(obj, "kind") is { Length: > 0 } named ? named : kind.Kind;
        obj["kind"] = kind.Kind;
        obj["apiVersion"] = kind.ApiVersion;
        if (name == kind.Kind && apiVersion == kind.ApiVersion) return null;
        var version = apiVersion[(apiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var group = version.Length == apiVersion.Length ? "" : apiVersion[..^(version.Length + 1)];
        var subject = $"{name} in version \"{version}\" cannot be handled as a {kind.Kind}";
        if (ctx.Server.Resources.Find(new GroupVersionKind(group, version, name)) is null)
            return ApiStatus.BadRequest($"{subject}: no kind \"{name}\" is registered for version \"{apiVersion}\" in scheme \"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\"");
        return name == kind.Kind
            ? ApiStatus.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({kind.ApiVersion})")
            : ApiStatus.BadRequest($"{subject}: converting ({version}.{name}) to ({Package(kind)}.{kind.Kind}): unknown conversion");
    }

    // Objects of definitions have no types that could not be read; they say of themselves what they are.
    private static ApiStatus? WrongCustomKind(KindInfo kind, JsonObject obj)
    {
        var (version, name) = (Meta.Text(obj, "apiVersion"), Meta.Text(obj, "kind"));
        if (version.Length > 0 && version != kind.ApiVersion) return ApiStatus.BadRequest($"the API version in the data ({version}) does not match the expected API version ({kind.ApiVersion})");
        obj["apiVersion"] = kind.ApiVersion;
        if (name == kind.Kind) return null;
        var errors = new FieldErrors();
        errors.Invalid(FieldPath.Of("kind"), name, $"must be {kind.Kind}");
        return ApiStatus.Invalid(kind, Meta.Text(Meta.Of(obj), "name"), errors.All);
    }

    // Where upstream keeps the kind in the form that all versions convert to.
    private static string Package(KindInfo kind) => kind.Group.Length == 0 ? "core" : kind.Group.Split('.')[0];

    private static ApiStatus CannotHandle(KindInfo kind, string error) =>
        ApiStatus.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: {error}");

    private static ApiStatus Unrecognized(KindInfo kind, ReadOnlySpan<byte> body, string error) =>
        ApiStatus.BadRequest($"the object provided is unrecognized (must be of type {kind.Kind}): {error} ({Summary(body)})");

    private static string Summary(ReadOnlySpan<byte> body)
    {
        const int max = 30;
        if (body.IsEmpty) return "<empty>";
        var cut = body.Length > max ? body[..max] : body;
        var dots = body.Length > max ? " ..." : "";
        return body[0] == '{' ? System.Text.Encoding.UTF8.GetString(cut) + dots : Convert.ToHexStringLower(cut) + dots;
    }
}
