using System.Globalization;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>What a list or watch asks for, checked as upstream checks it (apimachinery, meta/internalversion/validation).</summary>
internal sealed record ListOptions
{
    public required ObjectFilter Filter { get; init; }
    public int Limit { get; init; }
    public ContinueToken? Continue { get; init; }

    /// <summary>Null: not given.</summary>
    public long? ResourceVersion { get; init; }

    /// <summary>"", "Exact" or "NotOlderThan".</summary>
    public string Match { get; init; } = "";
    public bool? SendInitialEvents { get; init; }
    public bool Bookmarks { get; init; }
    public TimeSpan? Timeout { get; init; }

    private static readonly KindInfo OptionsKind = WriteOptions.KindOf("ListOptions");

    /// <summary>1. What cannot be read at all. 2. What goes without saying. 3. What does not go together. 4. Selectors that the kind does not have.</summary>
    public static Result<ListOptions> Parse(RequestContext ctx)
    {
        if (Numbers(ctx, out var limit, out var timeout) is { } unreadable) return ApiStatus.BadRequest(unreadable);      // 1
        var selectors = ObjectFilter.Read(ctx.Query("labelSelector") ?? "", ctx.Query("fieldSelector") ?? "");
        if (selectors.Failed) return selectors.Error;
        var watch = ctx.Info.Verb == "watch";
        var version = ctx.Query("resourceVersion") ?? "";
        var match = ctx.Query("resourceVersionMatch") ?? "";
        bool? initial = ctx.Query("sendInitialEvents") is { Length: > 0 } ? ctx.QueryTrue("sendInitialEvents") : null;
        var asked = initial is not null;
        if (watch && initial is null && match.Length == 0 && version is "" or "0") (initial, match) = (true, "NotOlderThan"); // 2
        var errors = new FieldErrors();
        if (watch && asked && !ctx.Server.Features.IsEnabled(FeatureGates.WatchList))
            errors.Forbidden(FieldPath.Of("sendInitialEvents"), "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled");
        Check(watch, version, match, initial, ctx.Query("continue") ?? "", errors);                                       // 3
        if (errors.Count > 0) return ApiStatus.Invalid(OptionsKind, "", errors.All);
        var filter = ObjectFilter.Of(                                                                                      // 4
            ctx.Kind, ctx.Kind.Namespaced ? ctx.Info.Namespace : "", selectors.Value, ctx.Info.NameIsFromPath ? ctx.Info.Name : null, ctx.Kind.BuiltIn ? null : ctx.Resource.View);
        if (filter.Failed) return filter.Error;
        var revision = Revision(ctx, watch, version);
        if (revision.Failed) return revision.Error;
        var options = new ListOptions
        {
            Filter = filter.Value, Limit = (int)Math.Clamp(limit, 0, int.MaxValue), ResourceVersion = version.Length == 0 ? null : revision.Value, Match = match,
            SendInitialEvents = initial, Bookmarks = ctx.QueryTrue("allowWatchBookmarks"),
            Timeout = timeout > 0 ? TimeSpan.FromSeconds(Math.Min(timeout, 86_400)) : null,
        };
        return watch ? options : options.GoOn(ctx.Query("continue") ?? "");
    }

    private static string? Numbers(RequestContext ctx, out long limit, out long timeout)
    {
        (limit, timeout) = (0, 0);
        return (ctx.Query("limit") is { Length: > 0 } text ? GoNumber.Parse(text, out limit) : null)
            ?? (ctx.Query("timeoutSeconds") is { Length: > 0 } seconds ? GoNumber.Parse(seconds, out timeout) : null);
    }

    private Result<ListOptions> GoOn(string token)
    {
        if (token.Length == 0) return this;
        var parsed = ContinueToken.Parse(token);
        if (parsed.Failed) return parsed.Error;
        return ResourceVersion > 0 ? ApiStatus.BadRequest("specifying resource version is not allowed when using continue") : this with { Continue = parsed.Value };
    }

    private static Result<long> Revision(RequestContext ctx, bool watch, string version)
    {
        if (version.Length == 0) return 0;
        if (ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue) return (long)number;
        var errors = new FieldErrors();
        errors.Invalid(FieldPath.Of("resourceVersion"), version, $"strconv.ParseUint: parsing {GoText.Quote(version)}: invalid syntax");
        return watch ? ApiStatus.Invalid(ctx.Kind.Group, ctx.Kind.Plural, "", errors.All) : ApiStatus.BadRequest($"invalid resource version: {errors.All[0]}");
    }

    private static void Check(bool watch, string version, string matched, bool? initial, string token, FieldErrors errors)
    {
        var match = FieldPath.Of("resourceVersionMatch");
        if (watch)
        {
            if (initial is not null && matched != "NotOlderThan") errors.Forbidden(match, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
            if (matched.Length == 0) return;
            if (initial is null) errors.Forbidden(match, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
            if (matched != "NotOlderThan") errors.NotSupported(match, matched, ["NotOlderThan"]);
            if (token.Length > 0) errors.Forbidden(match, "resourceVersionMatch is forbidden when continue is provided");
            return;
        }
        if (matched.Length > 0)
        {
            if (version.Length == 0) errors.Forbidden(match, "resourceVersionMatch is forbidden unless resourceVersion is provided");
            if (token.Length > 0) errors.Forbidden(match, "resourceVersionMatch is forbidden when continue is provided");
            if (matched is not ("Exact" or "NotOlderThan")) errors.NotSupported(match, matched, ["Exact", "NotOlderThan", ""]);
            if (matched == "Exact" && version == "0") errors.Forbidden(match, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        }
        if (initial is not null) errors.Forbidden(FieldPath.Of("sendInitialEvents"), "sendInitialEvents is forbidden for list");
    }

    /// <summary>The list is of exactly this revision: because the client says so, or because it begins to page there.</summary>
    public bool IsExact => Match == "Exact" || Match.Length == 0 && Limit > 0 && ResourceVersion > 0;
}
