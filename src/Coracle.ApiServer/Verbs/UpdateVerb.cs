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
        var uid = Meta.Text(Meta.Of(obj), "uid");
        if (live is null && uid.Length > 0) return ApiResponse.Of(ApiStatus.WrongUid(ctx.Kind, ctx.Key, ctx.Info.Name, uid, ""));
        if (live is null && ctx.Kind.CreateOnUpdate && ctx.Info.Subresource.Length == 0) return await Create(ctx, obj);
        if (live is not null && !ctx.Kind.UnconditionalUpdate && Meta.Text(Meta.Of(obj), "resourceVersion") is "" or "0") return ApiResponse.Of(Unversioned(ctx));
        var updated = await ctx.Server.Writer.UpdateAsync(ctx, ctx.Info.Subresource, _ => (JsonObject)obj.DeepClone());
        return updated.Failed ? ApiResponse.Of(updated.Error) : Representation.Of(ctx, updated.Value);
    }

    private static async ValueTask<ApiResponse> Create(RequestContext ctx, JsonObject obj)
    {
        if (await ctx.RefuseCreate() is { } refused) return ApiResponse.Of(refused);
        var created = await ctx.Server.Writer.CreateAsync(ctx, obj);
        return created.Failed ? ApiResponse.Of(created.Error) : Representation.Of(ctx, created.Value, 201);
    }

    // Upstream names the resource here where it names the kind everywhere else.
    private static ApiStatus Unversioned(RequestContext ctx)
    {
        var errors = new FieldErrors();
        errors.Add(new(FieldErrorType.Invalid, "metadata.resourceVersion", "0", "must be specified for an update"));
        return ApiStatus.Invalid(ctx.Kind.Group, ctx.Kind.Plural, ctx.Info.Name, errors.All);
    }

    public static ApiStatus? NameMismatch(RequestContext ctx, JsonObject obj)
    {
        var meta = Meta.Of(obj);
        var ns = Meta.Text(meta, "namespace");
        if (!ctx.Kind.Namespaced) meta.Remove("namespace");
        else if (ns.Length > 0 && ns != ctx.Info.Namespace)
            return ApiStatus.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        var name = Meta.Text(meta, "name");
        if (name.Length == 0) return ApiStatus.BadRequest($"the name of the object ({ctx.Info.Name} based on URL) was undeterminable: name must be provided");
        return name == ctx.Info.Name ? null : ApiStatus.BadRequest($"the name of the object ({name}) does not match the name on the URL ({ctx.Info.Name})");
    }
}
