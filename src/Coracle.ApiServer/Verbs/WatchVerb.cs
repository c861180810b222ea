namespace Coracle.ApiServer;

/// <summary>A watch: where it begins, and what each event shows.</summary>
internal static class WatchVerb
{
    private const string StreamTypes = "application/json;stream=watch";

    public static ApiResponse Handle(RequestContext ctx)
    {
        if (ctx.Accept.Format != WireFormat.Json) return ApiResponse.Of(ApiStatus.NotAcceptable($"only the following media types are accepted: {StreamTypes}"));
        var options = ListOptions.Parse(ctx);
        if (options.Failed) return ApiResponse.Of(options.Error);
        return new ApiResponse { ContentType = ctx.Accept.ContentType, Body = new WatchBody(Open(ctx, options.Value)) };
    }

    private static WatchStream Open(RequestContext ctx, ListOptions options)
    {
        var cache = ctx.Resource.Cache;
        var revision = options.ResourceVersion ?? 0;
        var initial = options.SendInitialEvents == true;
        var watch = new WatchStream(ctx.Server.Clock, cache, options, Show(ctx), ctx.Server.WatchTimeout(options.Timeout), initial)
        {
            Kind = ctx.Kind,
            AsTable = ctx.Accept.Transform == Transform.Table,
            Closed = ctx.Server.Metrics.WatchClosed,
        };
        ctx.Server.Metrics.WatchOpened();
        var current = cache.Current.Revision;
        if (initial && revision > current) watch.Refuse(ListPage.TooLarge(revision, current));
        // The state is read first, then the watch goes on from exactly its last event.
        else watch.Begin(initial || revision == 0 ? cache.Last : cache.EventAt(revision), revision);
        return watch;
    }

    private static Func<StoredObject, bool, ReadOnlyMemory<byte>> Show(RequestContext ctx) => ctx.Accept.Transform switch
    {
        Transform.Table => (obj, first) => Tables.OfOne(ctx, obj, withColumns: first),
        Transform.PartialMetadata => (obj, _) => PartialMetadata.OfOne(ctx, obj),
        _ => (obj, _) => ctx.Resource.View(obj),
    };
}
