namespace Coracle.ApiServer;

/// <summary>A watch: where it begins, and what each event shows.</summary>
internal static class WatchVerb
{
    public static ApiResponse Handle(RequestContext ctx)
    {
        var options = ListOptions.Parse(ctx);
        if (options.Failed) return ApiResponse.Of(options.Error);
        var stream = Open(ctx, options.Value);
        if (stream.Failed) return ApiResponse.Of(stream.Error);
        return new ApiResponse { ContentType = ctx.Accept.ContentType + ";stream=watch", Body = new WatchBody(stream.Value) };
    }

    private static Result<WatchStream> Open(RequestContext ctx, ListOptions options)
    {
        var cache = ctx.Resource.Cache;
        var revision = options.ResourceVersion ?? 0;
        var initial = options.SendInitialEvents ?? revision == 0;
        if (options.SendInitialEvents == true && revision > cache.Current.Revision)
            return ListPage.TooLarge(revision, cache.Current.Revision);
        // The state is read first, then the watch goes on from exactly its last event.
        var start = initial || revision == 0 ? cache.Last : cache.EventAt(revision);
        var watch = new WatchStream(ctx.Server.Clock, cache, options, Show(ctx), ctx.Server.WatchTimeout(options.Timeout), initial)
        {
            Kind = ctx.Kind,
            AsTable = ctx.Accept.Transform == Transform.Table,
        };
        watch.Begin(start, revision);
        return watch;
    }

    private static Func<StoredObject, bool, ReadOnlyMemory<byte>> Show(RequestContext ctx) => ctx.Accept.Transform switch
    {
        Transform.Table => (obj, first) => Tables.OfOne(ctx, obj, withColumns: first),
        Transform.PartialMetadata => (obj, _) => PartialMetadata.OfOne(ctx, obj),
        _ => (obj, _) => ctx.Resource.View(obj),
    };
}
