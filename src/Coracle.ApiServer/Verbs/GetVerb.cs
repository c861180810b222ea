namespace Coracle.ApiServer;

/// <summary>GET of one object: the bytes as they are stored.</summary>
internal static class GetVerb
{
    public static async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        if (ctx.Resource.Find(ctx.Key) is not { } stored) return ApiResponse.Of(ApiStatus.NotFound(ctx.Kind, ctx.Info.Name));
        if (await ctx.Resource.PrepareAsync([stored], ctx.Cancel) is { } unready) return ApiResponse.Of(unready);
        return Representation.Of(ctx, stored);
    }
}
