using System.Text.Json;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>All verbs of one kind: typed, dynamic or metadata-only. See <see cref="Client"/> for how failures are told.</summary>
public sealed class ResourceClient<T> where T : class, IKubernetesObject
{
    internal ResourceClient(Client client, ApiResource resource, ObjectCodec<T> codec) => (Client, Resource, Codec) = (client, resource, codec);

    /// <summary>Whose it is.</summary>
    public Client Client { get; }
    /// <summary>Of which resource.</summary>
    public ApiResource Resource { get; }
    /// <summary>How its objects are read and written.</summary>
    public ObjectCodec<T> Codec { get; }

    /// <summary>The object; throws when there is none.</summary>
    public async ValueTask<T> GetAsync(Key key, CancellationToken cancel = default) => (await TryAsync("GET", Resource.ObjectPath(key), "", cancel)).OrThrow();
    /// <summary>The object, or null when there is none of this name.</summary>
    public async ValueTask<T?> TryGetAsync(Key key, CancellationToken cancel = default) => (await TryAsync("GET", Resource.ObjectPath(key), "", cancel)).OrNullIfNotFound();

    /// <summary>One page, or all at once when no limit is given; of all namespaces when <paramref name="ns"/> is null.</summary>
    public async ValueTask<ObjectList<T>> ListAsync(string? ns = null, ListQuery? options = null, CancellationToken cancel = default) =>
        (await TryListAsync(ns, options, cancel)).OrThrow();

    /// <summary>As <see cref="ListAsync"/>, failures told as results.</summary>
    public async ValueTask<ApiResult<ObjectList<T>>> TryListAsync(string? ns = null, ListQuery? options = null, CancellationToken cancel = default)
    {
        var reply = await SendAsync(new() { Method = "GET", Path = Resource.CollectionPath(ns), Query = (options ?? new()).ToQuery(), Accept = Codec.AcceptList }, cancel);
        return reply.Ok ? new(ObjectList<T>.Read(reply.Body.Span, Resource, Codec)) : new(ApiStatus.From(reply));
    }

    /// <summary>All objects, page by page. When the pages expire on the way, the list is read anew, at once.</summary>
    public async ValueTask<ObjectList<T>> ListAllAsync(string? ns = null, ListQuery? options = null, int pageSize = 500, CancellationToken cancel = default)
    {
        options ??= new();
        var items = new List<T>();
        var query = options with { Limit = pageSize };
        while (true)
        {
            var page = await TryListAsync(ns, query, cancel);
            if (page.IsGone && query.Continue.Length > 0) return await ListAsync(ns, options with { Limit = null, Continue = "" }, cancel);
            var list = page.OrThrow();
            items.AddRange(list.Items);
            if (list.Continue.Length == 0) return list with { Items = items };
            query = query with { Continue = list.Continue };
        }
    }

    /// <summary>Opens a watch; ends with the connection. Most want an informer instead.</summary>
    public async ValueTask<Watcher<T>> WatchAsync(string? ns = null, WatchQuery? options = null, CancellationToken cancel = default) =>
        (await TryWatchAsync(ns, options, cancel)).OrThrow();

    /// <summary>As <see cref="WatchAsync"/>, failures told as results.</summary>
    public async ValueTask<ApiResult<Watcher<T>>> TryWatchAsync(string? ns = null, WatchQuery? options = null, CancellationToken cancel = default)
    {
        var call = new ApiCall { Method = "GET", Path = Resource.CollectionPath(ns), Query = (options ?? new()).ToQuery(), Accept = Codec.Accept };
        var reply = await Client.Transport.WatchAsync(Client.Sign(call), cancel);
        return reply.Frames is { } frames ? new(new Watcher<T>(frames, Resource, Codec)) : new(ApiStatus.From(reply));
    }

    /// <summary>Makes an object; gives it as the server keeps it.</summary>
    public async ValueTask<T> CreateAsync(T obj, WriteOptions? options = null, CancellationToken cancel = default) => (await TryCreateAsync(obj, options, cancel)).OrThrow();
    /// <summary>As <see cref="CreateAsync"/>, failures told as results.</summary>
    public ValueTask<ApiResult<T>> TryCreateAsync(T obj, WriteOptions? options = null, CancellationToken cancel = default) =>
        WriteAsync("POST", Resource.CollectionPath(obj.Metadata.Namespace), Codec.ToBytes(obj), options, cancel);

    /// <summary>Replaces the object. With its resourceVersion set, a change by another in between is a Conflict.</summary>
    public async ValueTask<T> UpdateAsync(T obj, WriteOptions? options = null, CancellationToken cancel = default) => (await TryUpdateAsync(obj, options, cancel)).OrThrow();
    /// <summary>As <see cref="UpdateAsync"/>, failures told as results.</summary>
    public ValueTask<ApiResult<T>> TryUpdateAsync(T obj, WriteOptions? options = null, CancellationToken cancel = default) =>
        WriteAsync("PUT", Resource.ObjectPath(Key.Of(obj)), Codec.ToBytes(obj), options, cancel);

    /// <summary>Replaces the status alone.</summary>
    public async ValueTask<T> UpdateStatusAsync(T obj, WriteOptions? options = null, CancellationToken cancel = default) => (await TryUpdateStatusAsync(obj, options, cancel)).OrThrow();
    /// <summary>As <see cref="UpdateStatusAsync"/>, failures told as results.</summary>
    public ValueTask<ApiResult<T>> TryUpdateStatusAsync(T obj, WriteOptions? options = null, CancellationToken cancel = default) => TryUpdateSubresourceAsync(obj, "status", options, cancel);

    /// <summary>Replaces the part of the object that a sub-resource of its own kind covers: "status", "ephemeralcontainers", "resize", "approval", "finalize".</summary>
    public ValueTask<ApiResult<T>> TryUpdateSubresourceAsync(T obj, string subresource, WriteOptions? options = null, CancellationToken cancel = default) =>
        WriteAsync("PUT", Resource.ObjectPath(Key.Of(obj), subresource), Codec.ToBytes(obj), options, cancel);

    /// <summary>Changes what the patch names.</summary>
    public async ValueTask<T> PatchAsync(Key key, Patch patch, WriteOptions? options = null, CancellationToken cancel = default) => (await TryPatchAsync(key, patch, options, cancel)).OrThrow();
    /// <summary>As <see cref="PatchAsync"/>, failures told as results.</summary>
    public ValueTask<ApiResult<T>> TryPatchAsync(Key key, Patch patch, WriteOptions? options = null, CancellationToken cancel = default) => TryPatchSubresourceAsync(key, "", patch, options, cancel);
    /// <summary>Changes what the patch names of the status alone.</summary>
    public async ValueTask<T> PatchStatusAsync(Key key, Patch patch, WriteOptions? options = null, CancellationToken cancel = default) => (await TryPatchStatusAsync(key, patch, options, cancel)).OrThrow();
    /// <summary>As <see cref="PatchStatusAsync"/>, failures told as results.</summary>
    public ValueTask<ApiResult<T>> TryPatchStatusAsync(Key key, Patch patch, WriteOptions? options = null, CancellationToken cancel = default) => TryPatchSubresourceAsync(key, "status", patch, options, cancel);

    /// <summary>Changes what the patch names of the part that a sub-resource covers.</summary>
    public ValueTask<ApiResult<T>> TryPatchSubresourceAsync(Key key, string subresource, Patch patch, WriteOptions? options = null, CancellationToken cancel = default) =>
        WriteAsync("PATCH", Resource.ObjectPath(key, subresource), patch.Body, options, cancel, patch.ContentType);

    /// <summary>Asks for deletion. False when there was no such object.</summary>
    public ValueTask<bool> DeleteAsync(Key key, Deletion? how = null, CancellationToken cancel = default) => DeleteAsync(key, "", how, cancel);
    /// <summary>Asks for deletion of this very object: one of the same name with another uid stays. False when it is not there any more.</summary>
    public ValueTask<bool> DeleteAsync(T obj, Deletion? how = null, CancellationToken cancel = default) =>
        DeleteAsync(Key.Of(obj), obj.Metadata.Uid, (how ?? new()) with { Uid = obj.Metadata.Uid }, cancel);

    private async ValueTask<bool> DeleteAsync(Key key, string uid, Deletion? how, CancellationToken cancel)
    {
        var failure = await TryDeleteAsync(key, how, cancel);
        if (failure is null) return true;
        if (failure.IsNotFound) return false;
        // A Conflict where the uid is all that was asked for: the object meant is gone, and its name is another's now.
        if (failure.IsConflict && uid.Length > 0 && how is null or { ResourceVersion: "" }) return false;
        throw new ApiException(failure);
    }

    /// <summary>Asks for deletion; null when that was accepted, else why not.</summary>
    public async ValueTask<ApiStatus?> TryDeleteAsync(Key key, Deletion? how = null, CancellationToken cancel = default)
    {
        how ??= new();
        var reply = await SendAsync(new() { Method = "DELETE", Path = Resource.ObjectPath(key), ContentType = "application/json", Body = how.ToBody() }, cancel);
        if (!reply.Ok) return ApiStatus.From(reply);
        if (!how.DryRun) WriteLog.Current?.Deleted(Resource, key, reply.Body.Span);
        return null;
    }

    /// <summary>Asks for deletion of all objects of a namespace, or of those that are selected.</summary>
    public async ValueTask DeleteCollectionAsync(string? ns, ListQuery? which = null, Deletion? how = null, CancellationToken cancel = default)
    {
        var call = new ApiCall
        {
            Method = "DELETE", Path = Resource.CollectionPath(ns), Query = (which ?? new()).ToQuery(),
            ContentType = "application/json", Body = (how ?? new()).ToBody(),
        };
        var reply = await SendAsync(call, cancel);
        if (!reply.Ok) throw new ApiException(ApiStatus.From(reply));
    }

    /// <summary>Reads a sub-resource of another type: "scale" as Scale.</summary>
    public async ValueTask<ApiResult<TSub>> TryGetSubresourceAsync<TSub>(Key key, string subresource, CancellationToken cancel = default) where TSub : class, Schema.IApiType<TSub>
    {
        var reply = await SendAsync(new() { Method = "GET", Path = Resource.ObjectPath(key, subresource) }, cancel);
        return reply.Ok ? new(Schema.ApiJson.Parse<TSub>(reply.Body.Span)) : new(ApiStatus.From(reply));
    }

    /// <summary>POSTs to a sub-resource: "binding", "eviction", "token". Null when the answer is a mere success.</summary>
    public ValueTask<ApiResult<TSub>> TryCreateSubresourceAsync<TSub>(Key key, string subresource, TSub body, CancellationToken cancel = default) where TSub : class, Schema.IApiType<TSub> =>
        SubresourceAsync("POST", key, subresource, body, cancel);

    /// <summary>PUTs a sub-resource of another type: "scale".</summary>
    public ValueTask<ApiResult<TSub>> TryUpdateSubresourceAsync<TSub>(Key key, string subresource, TSub body, CancellationToken cancel = default) where TSub : class, Schema.IApiType<TSub> =>
        SubresourceAsync("PUT", key, subresource, body, cancel);

    private async ValueTask<ApiResult<TSub>> SubresourceAsync<TSub>(string method, Key key, string subresource, TSub body, CancellationToken cancel) where TSub : class, Schema.IApiType<TSub>
    {
        var call = new ApiCall
        {
            Method = method, Path = Resource.ObjectPath(key, subresource), Query = new WriteOptions().ToQuery(Client.Options.FieldManager),
            ContentType = "application/json", Body = Schema.ApiJson.ToBytes(body),
        };
        var reply = await SendAsync(call, cancel);
        if (!reply.Ok) return new(ApiStatus.From(reply));
        return new(ApiStatus.Read(reply.Body.Span) is null ? Schema.ApiJson.Parse<TSub>(reply.Body.Span) : body);
    }

    private async ValueTask<ApiResult<T>> TryAsync(string method, string path, string query, CancellationToken cancel)
    {
        var reply = await SendAsync(new() { Method = method, Path = path, Query = query, Accept = Codec.Accept }, cancel);
        return reply.Ok ? new(Codec.Parse(reply.Body.Span, Resource)) : new(ApiStatus.From(reply));
    }

    private async ValueTask<ApiResult<T>> WriteAsync(
        string method, string path, ReadOnlyMemory<byte> body, WriteOptions? options, CancellationToken cancel, string contentType = "application/json")
    {
        options ??= new();
        // Apply is refused without a manager.
        var manager = contentType == Patch.ApplyType && Client.Options.FieldManager.Length == 0 ? Client.Options.UserAgent : Client.Options.FieldManager;
        var call = new ApiCall
        {
            Method = method, Path = path, Query = options.ToQuery(manager), ContentType = contentType, Body = body, Accept = Codec.Accept,
        };
        var reply = await SendAsync(call, cancel);
        if (!reply.Ok) return new(ApiStatus.From(reply));
        var written = Codec.Parse(reply.Body.Span, Resource);
        if (!options.DryRun) WriteLog.Current?.Written(Resource, written.Metadata);
        return new(written);
    }

    private async ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel)
    {
        var reply = await Client.Transport.SendAsync(Client.Sign(call), cancel);
        foreach (var warning in reply.Warnings) Client.Warn(warning);
        return reply;
    }
}
