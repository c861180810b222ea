using System.Globalization;
using System.Text.Json.Nodes;
using Coracle.Kinds.Autoscaling.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>The scale sub-resource: every kind that has one looks the same through it.</summary>
internal static class ScaleSubresource
{
    public static async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        switch (ctx.Info.Verb)
        {
            case "get":
                if (ctx.Resource.Cache.Get(ctx.Key) is not { } stored) return ApiResponse.Of(ApiStatus.NotFound(ctx.Kind, ctx.Info.Name));
                return await ctx.Resource.PrepareAsync([stored], ctx.Cancel) is { } unready ? ApiResponse.Of(unready) : Answer(ctx, stored);
            case "update":
                var body = await BodyReader.ReadObject(ctx, Kind);
                return body.Failed ? ApiResponse.Of(body.Error) : await Set(ctx, _ => body.Value);
            case "patch":
                return await Patch(ctx);
            default:
                return ApiResponse.Of(ApiStatus.MethodNotAllowed);
        }
    }

    /// <summary>Scale has no plural of its own, so that the registry does not list it; this is what decoding needs.</summary>
    public static KindInfo Kind { get; } = new()
    {
        Group = "autoscaling", Version = "v1", Kind = "Scale", Plural = "scale", Singular = "scale", Schema = Scale.Schema, Rules = KindRules.None, BuiltIn = true,
    };

    private static async ValueTask<ApiResponse> Patch(RequestContext ctx)
    {
        var bytes = await BodyReader.ReadBytes(ctx);
        if (bytes.Failed) return ApiResponse.Of(bytes.Error);
        var change = PatchVerb.Change(ctx, Kind, bytes.Value);
        return change.Failed ? ApiResponse.Of(change.Error) : await Set(ctx, live => change.Value(ToTree(ctx, live)));
    }

    private static async ValueTask<ApiResponse> Set(RequestContext ctx, Func<JsonObject, Result<JsonObject>> newScale)
    {
        var updated = await ctx.Server.Writer.UpdateAsync(ctx, "scale", live =>
        {
            var scale = newScale(live);
            if (scale.Failed) return scale.Error;
            if (UpdateVerb.NameMismatch(ctx, scale.Value) is { } mismatch) return mismatch;
            var wanted = Meta.Number(scale.Value["spec"] as JsonObject ?? [], "replicas") ?? 0;
            if (wanted < 0)
            {
                var errors = new FieldErrors();
                errors.Invalid(FieldPath.Of("spec") / "replicas", wanted, "must be greater than or equal to 0");
                return ApiStatus.Invalid(Kind, ctx.Info.Name, errors.All);
            }
            var version = Meta.Text(Meta.Of(scale.Value), "resourceVersion");
            if (version.Length > 0) Meta.Of(live)["resourceVersion"] = version;
            else Meta.Of(live).Remove("resourceVersion");
            if (ctx.Kind.Scale is { } paths) return CustomScale.Set(live, paths, wanted);
            if (live["spec"] is not JsonObject spec) live["spec"] = spec = [];
            spec["replicas"] = wanted;
            return live;
        });
        return updated.Failed ? ApiResponse.Of(updated.Error) : Answer(ctx, updated.Value);
    }

    private static ApiResponse Answer(RequestContext ctx, StoredObject stored) =>
        Representation.Encoded(ctx, new BytesBody(ApiJson.ToBytes(Of(ctx, ctx.Resource.ToServed(stored), stored.Revision))));

    private static JsonObject ToTree(RequestContext ctx, JsonObject live) =>
        (JsonObject)JsonNode.Parse(ApiJson.ToBytes(Of(ctx, live, 0)))!;

    private static Scale Of(RequestContext ctx, JsonObject obj, long revision)
    {
        var scale = Of(obj, revision);
        if (ctx.Kind.Scale is { } paths) (scale.Spec, scale.Status) = CustomScale.Of(obj, paths);
        return scale;
    }

    internal static Scale Of(JsonObject obj, long revision)
    {
        var meta = Meta.Of(obj);
        var spec = obj["spec"] as JsonObject ?? [];
        var status = obj["status"] as JsonObject ?? [];
        return new Scale
        {
            Metadata = new ObjectMeta
            {
                Name = Meta.Text(meta, "name"), Namespace = Meta.Text(meta, "namespace"), Uid = Meta.Text(meta, "uid"),
                ResourceVersion = revision > 0 ? revision.ToString(CultureInfo.InvariantCulture) : "",
                CreationTimestamp = GoTime.TryParse(Meta.Text(meta, "creationTimestamp"), out var created) ? created : null,
            },
            Spec = new ScaleSpec { Replicas = (int)(Meta.Number(spec, "replicas") ?? 0) },
            Status = new ScaleStatus { Replicas = (int)(Meta.Number(status, "replicas") ?? 0), Selector = SelectorText(spec["selector"]) },
        };
    }

    private static string SelectorText(JsonNode? selector)
    {
        if (selector is not JsonObject obj) return "";
        // ReplicationController selects by plain labels, everything later by a label selector.
        var labels = obj["matchLabels"] as JsonObject ?? (obj.ContainsKey("matchExpressions") ? [] : obj);
        var expressions = (obj["matchExpressions"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(e => new LabelExpression(Meta.Text(e, "key"), Meta.Text(e, "operator"), (e["values"] as JsonArray)?.Select(v => (string)v!).ToList()));
        var query = LabelQuery.From(labels.Select(l => KeyValuePair.Create(l.Key, (string)l.Value!)), expressions, out _);
        return query?.ToString() ?? "";
    }
}
