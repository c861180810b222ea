using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Server-side apply: the fields that a manager names become its own, what it named before and names no more goes, what others own is theirs unless forced.</summary>
internal static class ApplyVerb
{
    public static async ValueTask<ApiResponse> Handle(RequestContext ctx, ReadOnlyMemory<byte> body)
    {
        var applied = Read(ctx, body);
        if (applied.Failed) return ApiResponse.Of(applied.Error);
        ctx.IsApply = true;
        var force = ctx.QueryTrue("force");
        if (ctx.Resource.Cache.Get(ctx.Key) is null && ctx.Info.Subresource.Length == 0)
        {
            if (await ctx.RefuseCreate() is { } refused) return ApiResponse.Of(refused);
            var created = await Create(ctx, applied.Value, force);
            // Somebody else was faster: then it is an update after all.
            if (!created.Failed || created.Error.Reason != "AlreadyExists") return created.Failed ? ApiResponse.Of(created.Error) : Representation.Of(ctx, created.Value, 201);
        }
        var updated = await ctx.Server.Writer.UpdateAsync(ctx, ctx.Info.Subresource, live => MergeAsync(ctx, live, applied.Value, force));
        return updated.Failed ? ApiResponse.Of(updated.Error) : Representation.Of(ctx, updated.Value);
    }

    private static Result<JsonObject> Read(RequestContext ctx, ReadOnlyMemory<byte> body)
    {
        if (!Yaml.TryToJson(body.Span, strict: false, out var json, out var error))
            return ApiStatus.BadRequest($"error decoding patch: error converting YAML to JSON: {error}");
        if (Decoder.DecodeTree(json).Value is JsonObject sent && Meta.Text(sent, "apiVersion") == ctx.Kind.ApiVersion && FieldOwnership.NotOfType(sent, ctx.Kind.Schema) is { } fault)
            return PatchVerb.Refused(fault);
        var (validation, strict) = (ctx.Query("fieldValidation"), new List<string>());
        if (validation != "Ignore" && !Yaml.TryToJson(body.Span, strict: true, out _, out error))
        {
            if (validation == "Strict") return ApiStatus.BadRequest($"error strict decoding patch: error converting YAML to JSON: {error}");
            strict.Add(error!);
        }
        var decoded = BodyReader.Decode(ctx, ctx.Kind, json, body, strict, withDefaults: false);
        if (decoded.Failed) return decoded.Error;
        var meta = Meta.Of(decoded.Value);
        if (meta["managedFields"] is JsonArray { Count: > 0 }) return ApiStatus.BadRequest("metadata.managedFields must be nil");
        if (Meta.Text(meta, "name") is { Length: > 0 } name && name != ctx.Info.Name)
            return ApiStatus.BadRequest($"the name of the object ({name}) does not match the name on the URL ({ctx.Info.Name})");
        return decoded.Value;
    }

    private static async ValueTask<Result<StoredObject>> Create(RequestContext ctx, JsonObject applied, bool force)
    {
        var merged = await MergeAsync(ctx, null, applied, force);
        if (merged.Failed) return merged.Error;
        Meta.Of(merged.Value)["name"] = ctx.Info.Name;
        BodyReader.ApplyDefaults(ctx.Kind, merged.Value);
        return await ctx.Server.Writer.CreateAsync(ctx, merged.Value);
    }

    private static async ValueTask<Result<JsonObject>> MergeAsync(RequestContext ctx, JsonObject? live, JsonObject applied, bool force)
    {
        var result = await Ownership.ApplyAsync(ctx, live, (JsonObject)applied.DeepClone(), force);
        if (result.Conflicts.Count > 0)
            return new ApiStatus(409, "Conflict", result.ConflictMessage) { Causes = [.. result.Conflicts.Select(c => new StatusCause("FieldManagerConflict", c.Message, c.Field))] };
        if (result.Error is { } error) return PatchVerb.Refused(error);
        var merged = result.Object!;
        if (live is null) return merged;
        // A version in what is applied is an optimistic lock; the live one, which the merge carried along, is none.
        var version = Meta.Text(Meta.Of(applied), "resourceVersion");
        if (version.Length > 0) Meta.Of(merged)["resourceVersion"] = version;
        else Meta.Of(merged).Remove("resourceVersion");
        BodyReader.ApplyDefaults(ctx.Kind, merged);
        return merged;
    }
}
