namespace Coracle.ApiServer;

/// <summary>DELETE of one object.</summary>
internal static class DeleteVerb
{
    public static async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        var options = await DeleteOptions.Read(ctx);
        if (options.Failed) return ApiResponse.Of(options.Error);
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

/// <summary>DELETE of a collection: every object that the selectors pick, one by one.</summary>
internal static class DeleteCollectionVerb
{
    public static async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        var listed = ListOptions.Parse(ctx);
        if (listed.Failed) return ApiResponse.Of(listed.Error);
        var options = await DeleteOptions.Read(ctx);
        if (options.Failed) return ApiResponse.Of(options.Error);
        var page = await ListPage.Take(ctx, listed.Value);
        if (page.Failed) return ApiResponse.Of(page.Error);
        var deleted = new List<StoredObject>(page.Value.Objects.Count);
        foreach (var obj in page.Value.Objects)
        {
            var one = ctx.ForObject(obj.Namespace, obj.Name);
            var deletion = await ctx.Server.Writer.DeleteAsync(one, options.Value);
            if (deletion.Failed && deletion.Error.Reason != "NotFound") return ApiResponse.Of(deletion.Error);
            if (!deletion.Failed) deleted.Add(deletion.Value.Object);
        }
        return Representation.Encoded(ctx, new PiecesBody(ListVerb.Pieces(ctx, page.Value with { Objects = deleted, Continue = null, Remaining = null })));
    }
}
