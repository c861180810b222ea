namespace Coracle.ApiServer;

/// <summary>The objects of one answer to a list, from one snapshot.</summary>
internal sealed record ListPage(IReadOnlyList<StoredObject> Objects, long Revision)
{
    public string? Continue { get; init; }
    public long? Remaining { get; init; }

    private static readonly TimeSpan FutureRevisionWait = TimeSpan.FromSeconds(3);

    public static async ValueTask<Result<ListPage>> Take(RequestContext ctx, ListOptions options)
    {
        var snapshot = await Snapshot(ctx, options);
        if (snapshot.Failed) return snapshot.Error;
        if (options.Filter.LooksIntoViews && ctx.Resource.NeedsPreparing && await Prepare(ctx, snapshot.Value, options.Filter) is { } unseen) return unseen;
        var page = Select(snapshot.Value, options);
        return await ctx.Resource.PrepareAsync(page.Objects, ctx.Cancel) is { } unready ? unready : page;
    }

    private static ValueTask<ApiStatus?> Prepare(RequestContext ctx, ResourceSnapshot snapshot, ObjectFilter filter) =>
        ctx.Resource.PrepareAsync([.. snapshot.Objects.From(filter.StartKey).TakeWhile(filter.InRange)], ctx.Cancel);

    private static async ValueTask<Result<ResourceSnapshot>> Snapshot(RequestContext ctx, ListOptions options)
    {
        var cache = ctx.Resource.Cache;
        if (options.Continue is { Revision: > 0 } token)
        {
            if (cache.At(token.Revision) is { } objects) return new ResourceSnapshot(objects, token.Revision);
            return TokenExpired(token);
        }
        var wanted = options.ResourceVersion ?? 0;
        if (wanted > cache.Current.Revision)
        {
            await Until(ctx, wanted);
            if (wanted > cache.Current.Revision) return TooLarge(wanted, cache.Current.Revision);
        }
        if (!options.IsExact) return ctx.Resource.Current;
        return cache.At(wanted) is { } exact
            ? new ResourceSnapshot(exact, wanted)
            : ApiStatus.Expired($"The resourceVersion for the provided list is too old.");
    }

    private static async ValueTask Until(RequestContext ctx, long revision)
    {
        var clock = ctx.Server.Clock;
        var deadline = clock.GetUtcNow() + FutureRevisionWait;
        while (ctx.Resource.Cache.Current.Revision < revision && clock.GetUtcNow() < deadline)
            await Task.Delay(TimeSpan.FromMilliseconds(50), clock, ctx.Cancel);
    }

    public static ApiStatus TooLarge(long wanted, long current) =>
        ApiStatus.Timeout($"Timeout: Too large resource version: {wanted}, current: {current}", 1) with { Causes = [new("ResourceVersionTooLarge", "Too large resource version", "")] };

    // The new token goes on at the same key in the newest state: inconsistent, but better than starting over.
    private static ApiStatus TokenExpired(ContinueToken token)
    {
        var next = new ContinueToken(-1, token.Start);
        return ApiStatus.Expired(
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, "
            + "or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - "
            + "objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.")
            with { Continue = next.ToString() };
    }

    private static ListPage Select(ResourceSnapshot snapshot, ListOptions options)
    {
        var filter = options.Filter;
        var from = options.Continue?.Start ?? filter.StartKey;
        if (string.CompareOrdinal(from, filter.StartKey) < 0) from = filter.StartKey;
        var taken = new List<StoredObject>(filter.HasSelector || options.Limit > 0 ? 16 : snapshot.Objects.Count);
        string? next = null;
        foreach (var obj in snapshot.Objects.From(from))
        {
            if (!filter.InRange(obj)) break;
            if (!filter.Matches(obj)) continue;
            if (options.Limit > 0 && taken.Count == options.Limit)
            {
                // After the last one that was taken, so that a token without a revision misses nothing that is new in between.
                next = taken[^1].Key + "\0";
                break;
            }
            taken.Add(obj);
        }
        return new ListPage(taken, snapshot.Revision)
        {
            Continue = next is null ? null : new ContinueToken(snapshot.Revision, next).ToString(),
            // With a selector upstream does not count what is left either: that would mean matching it all.
            Remaining = next is null || filter.HasSelector ? null : Rest(snapshot.Objects, filter, next),
        };
    }

    private static long Rest(SortedMap<StoredObject> objects, ObjectFilter filter, string from) =>
        (filter.EndKey is { } end ? objects.CountBefore(end) : objects.Count) - objects.CountBefore(from);
}
