namespace Coracle.ApiServer;

/// <summary>A watch: where it begins, and what each event shows.</summary>
internal static class WatchVerb
{
    public static ApiResponse Handle(RequestContext ctx)
    {
        var options = ListOptions.Parse(ctx);
        if (options.Failed) return ApiResponse.Of(options.Error);
        // Of JSON upstream does not say that it is a stream.
        var isProtobuf = ctx.Accept.Format == WireFormat.Protobuf;
        return new ApiResponse
        {
            ContentType = isProtobuf ? ctx.Accept.ContentType + ";stream=watch" : ctx.Accept.ContentType, Body = new WatchBody(Open(ctx, options.Value), isProtobuf),
        };
    }

    private static WatchStream Open(RequestContext ctx, ListOptions options)
    {
        var cache = ctx.Resource.Cache;
        var revision = options.ResourceVersion ?? 0;
        var initial = options.SendInitialEvents == true;
        var watch = new WatchStream(ctx.Server.Clock, cache, options, Show(ctx), ctx.Server.WatchTimeout(options.Timeout), initial)
        {
            Marked = Marked(ctx),
            Source = ctx.Kind.BuiltIn ? null : ctx.Resource,
            Encode = ctx.Accept.Format == WireFormat.Protobuf ? json => ProtobufAnswers.Of(ctx, json) ?? json : null,
            Closed = ctx.Server.Metrics.WatchOpened(ctx.Info),
        };
        var current = cache.Current.Revision;
        if (initial && revision > current) watch.Refuse(ListPage.TooLarge(revision, current));
        // The state is read first, then the watch goes on from exactly its last event.
        else watch.Begin(initial || revision == 0 ? cache.Last : cache.EventAt(revision), revision);
        return watch;
    }

    /// <summary>What bookmarks claim to be: objects of the shape that the client asked for.</summary>
    private static (string Kind, string ApiVersion) Marked(RequestContext ctx) => ctx.Accept.Transform switch
    {
        Transform.Table => ("Table", "meta.k8s.io/v1"),
        Transform.PartialMetadata => ("PartialObjectMetadata", $"meta.k8s.io/{ctx.Accept.Version}"),
        _ => (ctx.Kind.Kind, ctx.Kind.ApiVersion),
    };

    private static Func<StoredObject, bool, ReadOnlyMemory<byte>> Show(RequestContext ctx) => ctx.Accept.Transform switch
    {
        Transform.None when ctx.Accept.Format == WireFormat.Protobuf => (obj, _) => obj.Protobuf(ctx.Resource),
        Transform.PartialMetadata when ctx.Accept.Format == WireFormat.Protobuf => (obj, _) => ProtobufAnswers.Of(ctx, PartialMetadata.OfOne(ctx, obj))!,
        Transform.Table => (obj, first) => Tables.OfOne(ctx, obj, withColumns: first),
        Transform.PartialMetadata => (obj, _) => PartialMetadata.OfOne(ctx, obj),
        _ => (obj, _) => ctx.Resource.View(obj),
    };
}
