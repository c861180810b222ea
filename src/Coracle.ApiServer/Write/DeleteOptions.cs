using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>How something is to be deleted: from the body, or from the query where there is none.</summary>
public sealed record DeleteOptions
{
    public long? GracePeriodSeconds { get; init; }

    /// <summary>"Orphan", "Background", "Foreground", or null for the kind's default.</summary>
    public string? Propagation { get; init; }
    public string? Uid { get; init; }
    public string? ResourceVersion { get; init; }
    public bool DryRun { get; init; }

    private static readonly KindInfo OptionsKind = new()
    {
        Group = "meta.k8s.io", Version = "v1", Kind = "DeleteOptions", Plural = "", Singular = "", Rules = KindRules.None,
        Schema = new SchemaNode { Type = SchemaType.Any },
    };

    public static async ValueTask<Result<DeleteOptions>> Read(RequestContext ctx)
    {
        var body = await BodyReader.ReadBytes(ctx);
        if (body.Failed) return body.Error;
        var fromQuery = FromQuery(ctx);
        if (body.Value.IsEmpty) return fromQuery.Failed ? fromQuery.Error : Check(fromQuery.Value);
        var json = BodyReader.ToJson(ctx, body.Value, Kinds.Meta.V1.DeleteOptions.Schema);
        if (json.Failed) return json.Error;
        try
        {
            if (JsonNode.Parse(json.Value.Span) is not JsonObject obj)
                return ApiStatus.BadRequest("couldn't get version/kind; json parse error: json: cannot unmarshal into Go value of type struct");
            var kind = Meta.Text(obj, "kind");
            if (kind is not ("" or "DeleteOptions"))
                return ApiStatus.BadRequest($"decoded object cannot be converted to DeleteOptions: {kind}");
            return Check(FromBody(obj));
        }
        catch (JsonException)
        {
            return ApiStatus.BadRequest("couldn't get version/kind; json parse error: invalid character");
        }
    }

    private static DeleteOptions FromBody(JsonObject obj)
    {
        var preconditions = obj["preconditions"] as JsonObject;
        var orphan = obj["orphanDependents"] is JsonValue v && v.TryGetValue<bool>(out var b) ? b : (bool?)null;
        return new DeleteOptions
        {
            GracePeriodSeconds = Meta.Number(obj, "gracePeriodSeconds"),
            Propagation = Meta.Text(obj, "propagationPolicy") is { Length: > 0 } policy ? policy : orphan switch { true => "Orphan", false => "Background", null => null },
            Uid = preconditions is null ? null : NullIfEmpty(Meta.Text(preconditions, "uid")),
            ResourceVersion = preconditions is null ? null : NullIfEmpty(Meta.Text(preconditions, "resourceVersion")),
            DryRun = obj["dryRun"] is JsonArray { Count: > 0 },
        };
    }

    private static Result<DeleteOptions> FromQuery(RequestContext ctx)
    {
        long? grace = null;
        if (ctx.Query("gracePeriodSeconds") is { Length: > 0 } text)
        {
            if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
                return ApiStatus.BadRequest($"strconv.ParseInt: parsing {GoText.Quote(text)}: invalid syntax");
            grace = seconds;
        }
        var orphan = ctx.Query("orphanDependents") is { Length: > 0 } ? (bool?)ctx.QueryTrue("orphanDependents") : null;
        return new DeleteOptions
        {
            GracePeriodSeconds = grace,
            Propagation = ctx.Query("propagationPolicy") is { Length: > 0 } policy ? policy : orphan switch { true => "Orphan", false => "Background", null => null },
            DryRun = ctx.DryRun,
        };
    }

    private static Result<DeleteOptions> Check(DeleteOptions options)
    {
        var errors = new FieldErrors();
        if (options.Propagation is not (null or "Orphan" or "Background" or "Foreground"))
            errors.NotSupported(FieldPath.Of("propagationPolicy"), options.Propagation, ["Background", "Foreground", "Orphan", "nil"]);
        if (options.GracePeriodSeconds < 0) options = options with { GracePeriodSeconds = 1 };
        return errors.Count > 0 ? ApiStatus.Invalid(OptionsKind, "", errors.All) : options;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
