using System.Text.Json.Nodes;
using Coracle.ApiServer.Access;
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

    /// <summary>The client said by the old option orphanDependents that dependents go too: then a deletion that has only begun is answered 202.</summary>
    public bool NotOrphaning { get; init; }

    /// <summary>Admission has been asked already: of an eviction, which is asked for as such.</summary>
    internal bool IsAdmitted { get; init; }

    private static readonly KindInfo OptionsKind = WriteOptions.KindOf("DeleteOptions");

    public static async ValueTask<Result<DeleteOptions>> Read(RequestContext ctx)
    {
        var body = await BodyReader.ReadBytes(ctx);
        if (body.Failed) return body.Error;
        if (body.Value.IsEmpty) return FromQuery(ctx);
        var json = BodyReader.ToJson(ctx, body.Value, Kinds.Meta.V1.DeleteOptions.Schema, ApiStatus.BadRequest);
        if (json.Failed) return json.Error;
        var decoded = Decoder.Decode(json.Value.Span, Kinds.Meta.V1.DeleteOptions.Schema);
        if (decoded.Value is not { } obj)
            return ApiStatus.BadRequest(decoded.IsUnreadable ? $"couldn't get version/kind; json parse error: {decoded.Error}" : decoded.Error!);
        return Meta.Text(obj, "kind") is "" or "DeleteOptions" ? FromBody(obj) : ApiStatus.BadRequest("decoded object cannot be converted to DeleteOptions");
    }

    private static Result<DeleteOptions> FromBody(JsonObject obj)
    {
        var preconditions = obj["preconditions"] as JsonObject;
        var options = new DeleteOptions
        {
            GracePeriodSeconds = Meta.Number(obj, "gracePeriodSeconds"),
            Uid = preconditions is null ? null : NullIfEmpty(Meta.Text(preconditions, "uid")),
            ResourceVersion = preconditions is null ? null : NullIfEmpty(Meta.Text(preconditions, "resourceVersion")),
        };
        var dryRun = (obj["dryRun"] as JsonArray)?.Select(v => (string?)v ?? "").ToList() ?? [];
        return Check(options, NullIfEmpty(Meta.Text(obj, "propagationPolicy")), (bool?)obj["orphanDependents"], dryRun);
    }

    private static Result<DeleteOptions> FromQuery(RequestContext ctx)
    {
        long? grace = null;
        if (ctx.Query("gracePeriodSeconds") is { Length: > 0 } text)
        {
            if (GoNumber.Parse(text, out var seconds) is { } error) return ApiStatus.BadRequest(error);
            grace = seconds;
        }
        var orphan = ctx.Query("orphanDependents") is not null ? ctx.QueryTrue("orphanDependents") : (bool?)null;
        return Check(new DeleteOptions { GracePeriodSeconds = grace }, NullIfEmpty(ctx.Query("propagationPolicy") ?? ""), orphan, QueryText.All(ctx.Request.Query, "dryRun"));
    }

    private static Result<DeleteOptions> Check(DeleteOptions options, string? policy, bool? orphan, IReadOnlyList<string> dryRun)
    {
        var errors = new FieldErrors();
        if (policy is not null && orphan is not null)
            errors.Invalid(FieldPath.Of("propagationPolicy"), policy, "orphanDependents and deletionPropagation cannot be both set");
        if (policy is not (null or "Orphan" or "Background" or "Foreground"))
            errors.NotSupported(FieldPath.Of("propagationPolicy"), policy, ["Foreground", "Background", "Orphan", "nil"]);
        WriteOptions.DryRun(dryRun, errors);
        if (errors.Count > 0) return ApiStatus.Invalid(OptionsKind, "", errors.All);
        return options with
        {
            Propagation = policy ?? orphan switch { true => "Orphan", false => "Background", null => null },
            GracePeriodSeconds = options.GracePeriodSeconds < 0 ? 1 : options.GracePeriodSeconds,
            NotOrphaning = orphan == false, DryRun = dryRun.Count > 0,
        };
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
