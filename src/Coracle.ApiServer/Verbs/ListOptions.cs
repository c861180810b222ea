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

    private static readonly KindInfo OptionsKind = new()
    {
        Group = "meta.k8s.io", Version = "v1", Kind = "ListOptions", Plural = "", Singular = "", Rules = KindRules.None,
        Schema = new SchemaNode { Type = SchemaType.Object },
    };

    public static Result<ListOptions> Parse(RequestContext ctx)
    {
        var filter = ObjectFilter.Parse(ctx.Kind, ctx.Kind.Namespaced ? ctx.Info.Namespace : "", ctx.Query("labelSelector") ?? "", FieldSelector(ctx));
        if (filter.Failed) return filter.Error;
        var errors = new FieldErrors();
        var version = ctx.Query("resourceVersion") ?? "";
        long? revision = null;
        if (version.Length > 0)
        {
            if (ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue) revision = (long)number;
            else errors.Invalid(FieldPath.Of("resourceVersion"), version, $"strconv.ParseUint: parsing {GoText.Quote(version)}: invalid syntax");
        }
        var limit = Number(ctx.Query("limit"));
        var options = new ListOptions
        {
            Filter = filter.Value,
            Limit = limit is > 0 ? (int)Math.Min(limit.Value, int.MaxValue) : 0,
            ResourceVersion = revision,
            Match = ctx.Query("resourceVersionMatch") ?? "",
            SendInitialEvents = ctx.Query("sendInitialEvents") is { Length: > 0 } ? ctx.QueryTrue("sendInitialEvents") : null,
            Bookmarks = ctx.QueryTrue("allowWatchBookmarks"),
            Timeout = Number(ctx.Query("timeoutSeconds")) is > 0 and { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, 86_400)) : null,
        };
        var watch = ctx.Info.Verb == "watch";
        Check(options, version.Length > 0, watch, ctx.Query("continue") ?? "", errors);
        if (errors.Count > 0) return ApiStatus.Invalid(OptionsKind, "", errors.All);
        if (watch || ctx.Query("continue") is not { Length: > 0 } token) return options;
        if (ContinueToken.Parse(token) is not { } parsed) return ApiStatus.BadRequest("continue key is not valid: illegal base64 data or wrong format");
        return options with { Continue = parsed };
    }

    private static void Check(ListOptions options, bool hasVersion, bool watch, string token, FieldErrors errors)
    {
        var match = FieldPath.Of("resourceVersionMatch");
        if (watch)
        {
            if (options.SendInitialEvents is not null)
            {
                if (options.Match != "NotOlderThan") errors.Forbidden(match, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
            }
            else if (options.Match.Length > 0) errors.Forbidden(match, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
            return;
        }
        if (options.SendInitialEvents is not null) errors.Forbidden(FieldPath.Of("sendInitialEvents"), "sendInitialEvents is forbidden for list");
        if (options.Match.Length == 0) return;
        if (!hasVersion) errors.Forbidden(match, "resourceVersionMatch is forbidden unless resourceVersion is provided");
        if (token.Length > 0) errors.Forbidden(match, "resourceVersionMatch is forbidden when continue is provided");
        if (options.Match is not ("Exact" or "NotOlderThan")) errors.NotSupported(match, options.Match, ["Exact", "NotOlderThan", ""]);
        if (options.Match == "Exact" && options.ResourceVersion == 0) errors.Forbidden(match, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
    }

    // A watch of one object may name it in the path.
    private static string FieldSelector(RequestContext ctx)
    {
        var selector = ctx.Query("fieldSelector") ?? "";
        if (!ctx.Info.NameIsFromPath) return selector;
        var byName = $"metadata.name={ctx.Info.Name}";
        return selector.Length == 0 ? byName : $"{selector},{byName}";
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
}
