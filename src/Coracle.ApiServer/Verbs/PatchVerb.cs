using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>PATCH in its four forms. Each makes a new object from the live one; from there on a patch is an update.</summary>
internal static class PatchVerb
{
    private const string Types = "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml";

    public static async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        var body = await BodyReader.ReadBytes(ctx);
        if (body.Failed) return ApiResponse.Of(body.Error);
        if (BodyReader.MediaType(ctx.Request.Header("Content-Type")) == "application/apply-patch+yaml") return await ApplyVerb.Handle(ctx, body.Value);
        var change = Change(ctx, ctx.Kind, body.Value);
        if (change.Failed) return ApiResponse.Of(change.Error);
        var updated = await ctx.Server.Writer.UpdateAsync(ctx, ctx.Info.Subresource, change.Value);
        return updated.Failed ? ApiResponse.Of(updated.Error) : Representation.Of(ctx, updated.Value);
    }

    /// <summary>What the patch in the body makes of an object of the given kind.</summary>
    public static Result<Func<JsonObject, Result<JsonObject>>> Change(RequestContext ctx, KindInfo kind, ReadOnlyMemory<byte> body)
    {
        Func<JsonObject, Patched>? apply = BodyReader.MediaType(ctx.Request.Header("Content-Type")) switch
        {
            "application/json-patch+json" => live => JsonPatch.Apply(live, body.Span),
            "application/merge-patch+json" => live => MergePatch.Apply(live, body.Span),
            "application/strategic-merge-patch+json" when kind.BuiltIn => live => StrategicMergePatch.Apply(live, body.Span, kind.Schema),
            _ => null,
        };
        if (apply is null) return ApiStatus.UnsupportedMediaType($"the body of the request was in an unknown format - accepted media types include: {Types}");
        return (Func<JsonObject, Result<JsonObject>>)(live => Apply(ctx, kind, apply, live));
    }

    // A patch that names no version is no optimistic lock: the live version goes, so that another write in between means trying again.
    private static Result<JsonObject> Apply(RequestContext ctx, KindInfo kind, Func<JsonObject, Patched> apply, JsonObject live)
    {
        Meta.Of(live).Remove("resourceVersion");
        var patched = apply(live);
        if (patched.Error is { } error) return error;
        return BodyReader.Decode(ctx, kind, System.Text.Encoding.UTF8.GetBytes(patched.Value!.ToJsonString()));
    }
}
