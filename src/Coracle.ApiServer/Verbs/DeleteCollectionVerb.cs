namespace Coracle.ApiServer;

/// <summary>DELETE of a collection: every object that the selectors pick, several at a time.</summary>
internal static class DeleteCollectionVerb
{
    /// <summary>Deletions that are under way at the same time: enough for the store to commit many with one sync of the disk.</summary>
    private const int InFlightMax = 32;

    public static async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        var listed = ListOptions.Parse(ctx);
        if (listed.Failed) return ApiResponse.Of(listed.Error);
        var options = await DeleteOptions.Read(ctx);
        if (options.Failed) return ApiResponse.Of(options.Error);
        if (options.Value.Propagation is null && ctx.Kind.Rules.OrphaningWarning is { } warning) ctx.Warnings.Add(warning);
        var page = await ListPage.Take(ctx, listed.Value);
        if (page.Failed) return ApiResponse.Of(page.Error);
        var deleted = await new Run(ctx, page.Value.Objects, options.Value).AllAsync();
        if (deleted.Failed) return ApiResponse.Of(deleted.Error);
        return Representation.OfList(ctx, page.Value with { Objects = deleted.Value, Continue = null, Remaining = null });
    }

    /// <summary>After a failure no further deletion begins; of several failures the first object's is told. What is gone already is no failure.</summary>
    private sealed class Run(RequestContext ctx, IReadOnlyList<StoredObject> objects, DeleteOptions options)
    {
        private readonly Lock _lock = new();
        private readonly StoredObject?[] _deleted = new StoredObject?[objects.Count];
        private int _next;
        private (int Index, ApiStatus Error)? _failure;

        public async ValueTask<Result<List<StoredObject>>> AllAsync()
        {
            await Task.WhenAll([.. Enumerable.Range(0, Math.Min(InFlightMax, objects.Count)).Select(_ => Work())]);
            return _failure is { Error: var error } ? error : _deleted.OfType<StoredObject>().ToList();
        }

        private async Task Work()
        {
            while (Take() is { } i)
            {
                var deletion = await ctx.Server.Writer.DeleteAsync(ctx.ForObject(objects[i].Namespace, objects[i].Name, ofCollection: true), options);
                if (!deletion.Failed) _deleted[i] = deletion.Value.Object;
                else if (deletion.Error.Reason != "NotFound") Fail(i, deletion.Error);
            }
        }

        private int? Take()
        {
            lock (_lock) return _failure is null && _next < objects.Count ? _next++ : null;
        }

        private void Fail(int index, ApiStatus error)
        {
            lock (_lock)
                if (_failure is not { } known || index < known.Index) _failure = (index, error);
        }
    }
}
