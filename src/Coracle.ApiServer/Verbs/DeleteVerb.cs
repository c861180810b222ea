namespace Coracle.ApiServer;

/// <summary>DELETE of one object.</summary>
internal static class DeleteVerb
{
    public static async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        var options = await DeleteOptions.Read(ctx);
        if (options.Failed) return ApiResponse.Of(options.Error);
        if (options.Value.Propagation is null && ctx.Kind.Rules.OrphaningWarning is { } warning) ctx.Warnings.Add(warning);
        var deletion = await ctx.Server.Writer.DeleteAsync(ctx, options.Value);
        if (deletion.Failed) return ApiResponse.Of(deletion.Error);
        if (!deletion.Value.Gone) return Representation.Of(ctx, deletion.Value.Object, options.Value.NotOrphaning ? 202 : 200);
        if (ctx.Kind.ReturnDeleted) return Representation.Of(ctx, deletion.Value.Object);
        return ApiResponse.Of(new ApiStatus(200, "", "")
        {
            Name = ctx.Info.Name, Group = ctx.Kind.Group, Kind = ctx.Kind.Plural, Uid = deletion.Value.Object.Uid,
        });
    }
}
