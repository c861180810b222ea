using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>PUT of an object, or of its status.</summary>
internal static class UpdateVerb
{
    public static async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        var body = await BodyReader.ReadObject(ctx, ctx.Kind);
        if (body.Failed) return ApiResponse.Of(body.Error);
        var obj = body.Value;
        if (NameMismatch(ctx, obj) is { } mismatch) return ApiResponse.Of(mismatch);
        var live = ctx.Resource.Cache.Get(ctx.Key);
        if (live is null && ctx.Kind.CreateOnUpdate && ctx.Info.Subresource.Length == 0 && Meta.Text(Meta.Of(obj), "uid").Length == 0)
        {
            var created = await ctx.Server.Writer.CreateAsync(ctx, obj);
            return created.Failed ? ApiResponse.Of(created.Error) : Representation.Of(ctx, created.Value, 201);
        }
        if (live is not null && !ctx.Kind.UnconditionalUpdate && Meta.Text(Meta.Of(obj), "resourceVersion").Length == 0)
        {
            var errors = new FieldErrors();
            errors.Add(new(FieldErrorType.Invalid, "metadata.resourceVersion", "0", "must be specified for an update"));
            return ApiResponse.Of(ApiStatus.Invalid(ctx.Kind, ctx.Info.Name, errors.All));
        }
        var updated = await ctx.Server.Writer.UpdateAsync(ctx, ctx.Info.Subresource, _ => (JsonObject)obj.DeepClone());
        return updated.Failed ? ApiResponse.Of(updated.Error) : Representation.Of(ctx, updated.Value);
    }

    private static ApiStatus? NameMismatch(RequestContext ctx, JsonObject obj)
    {
        var meta = Meta.Of(obj);
        var name = Meta.Text(meta, "name");
        if (name.Length == 0) return ApiStatus.BadRequest("name must be provided");
        if (name != ctx.Info.Name) return ApiStatus.BadRequest($"the name of the object ({name}) does not match the name on the URL ({ctx.Info.Name})");
        var ns = Meta.Text(meta, "namespace");
        if (ctx.Kind.Namespaced && ns.Length > 0 && ns != ctx.Info.Namespace)
            return ApiStatus.BadRequest($"the namespace of the object ({ns}) does not match the namespace on the URL ({ctx.Info.Namespace})");
        return null;
    }
}
