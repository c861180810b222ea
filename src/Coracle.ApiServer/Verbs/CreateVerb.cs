namespace Coracle.ApiServer;

/// <summary>POST to a collection.</summary>
internal static class CreateVerb
{
    public static async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        var obj = await BodyReader.ReadObject(ctx, ctx.Kind);
        if (obj.Failed) return ApiResponse.Of(obj.Error);
        var created = await ctx.Server.Writer.CreateAsync(ctx, obj.Value);
        return created.Failed ? ApiResponse.Of(created.Error) : Representation.Of(ctx, created.Value, 201);
    }
}
