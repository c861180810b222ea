using Coracle.ApiServer.Access;

namespace Coracle.ApiServer;

/// <summary>From what a request asks to the one file that answers it.</summary>
internal sealed class Router(Server server, ServerOptions options)
{
    private readonly PlainEndpoints _plain = new(server);

    public async ValueTask<ApiResponse> Route(ApiRequest request, RequestInfo info, User user, CancellationToken cancel)
    {
        if (ServedElsewhere(info) is { } elsewhere) return await server.Aggregation.ForwardAsync(elsewhere, request, info, user, cancel);
        if (!info.IsResourceRequest)
            return options.Endpoints.TryGetValue(request.Path.TrimEnd('/'), out var endpoint) ? endpoint(request) : _plain.Handle(request, info);
        if (server.Resources.Find(info.ApiGroup, info.ApiVersion, info.Resource) is not { } resource) return ApiResponse.Of(ApiStatus.UnknownPath);
        var isWatch = info.Verb == "watch";
        var served = isWatch ? Accepted.Events(resource.Kind.BuiltIn) : Accepted.Objects(resource.Kind.BuiltIn);
        var accept = Accepted.Parse(request.Header("Accept"), QueryText.First(request.Query, "pretty") ?? (IsForPeople(request) ? "true" : null), served, asTable: !options.Reviews.ContainsKey(resource.Kind.GroupVersionKind));
        var streams = info.Subresource is "exec" or "attach" or "portforward" or "log" or "proxy";
        if (accept is null && !streams) return ApiResponse.Of(ApiStatus.NotAcceptable($"only the following media types are accepted: {Accepted.Types(served, isWatch)}"));
        var ctx = new RequestContext
        {
            Server = server, Request = request, Info = info, User = user, Resource = resource, Accept = accept ?? Accepted.Json, Cancel = cancel,
        };
        if ((WriteOptions.Check(ctx) ?? Tables.CheckOptions(ctx)) is { } bad) return Representation.OfStatus(ctx, ApiResponse.Of(bad));
        if (ctx.Kind.Rules.Deprecation is { } deprecation) ctx.Warnings.Add(deprecation);
        var response = await Dispatch(ctx);
        if (!streams) response = Representation.OfStatus(ctx, response);
        foreach (var (key, value) in ctx.Annotations ?? []) request.Audit?.Annotate(key, value);
        if (ctx.Warnings.Count > 0)
            foreach (var warning in WarningHeaders.Of(ctx.Warnings)) response.Headers.Add(new("Warning", warning));
        return response;
    }

    private AggregatedVersion? ServedElsewhere(RequestInfo info)
    {
        if (info.IsResourceRequest) return info.ApiGroup.Length == 0 ? null : server.Aggregation.Find(info.ApiGroup, info.ApiVersion);
        const string folder = "/openapi/v3/";
        if (info.Path.StartsWith("/apis/", StringComparison.Ordinal)) return OfPath(info.Path["/apis/".Length..].TrimEnd('/'));
        return info.Path.StartsWith(folder + "apis/", StringComparison.Ordinal) ? server.Aggregation.OpenApi(info.Path[folder.Length..]) : null;
    }

    private AggregatedVersion? OfPath(string version) =>
        version.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? server.Aggregation.Find(version[..slash], version[(slash + 1)..]) : null;

    // Browsers and tools whose output is read as it comes, as upstream tells them.
    private static bool IsForPeople(ApiRequest request) => request.Header("User-Agent") is { } agent
        && (agent.StartsWith("curl", StringComparison.Ordinal) || agent.StartsWith("Wget", StringComparison.Ordinal) || agent.StartsWith("Mozilla/5.0", StringComparison.Ordinal));

    private ValueTask<ApiResponse> Dispatch(RequestContext ctx)
    {
        var info = ctx.Info;
        if (options.Reviews.TryGetValue(ctx.Kind.GroupVersionKind, out var review))
            return info.Verb == "create" && info.Subresource.Length == 0 ? review(ctx) : ValueTask.FromResult(ApiResponse.Of(ApiStatus.MethodNotAllowed));
        if (ctx.Kind.Namespaced && info.Namespace.Length == 0 && info.Verb is not ("list" or "watch"))
            return ValueTask.FromResult(ApiResponse.Of(info.Name.Length > 0 ? ApiStatus.UnknownPath : ApiStatus.MethodNotAllowed));
        return info.Subresource switch
        {
            "" when ctx.Kind.Verbs.Count > 0 && !ctx.Kind.Verbs.Contains(info.Verb) => ValueTask.FromResult(ApiResponse.Of(ApiStatus.MethodNotAllowed)),
            "" => Verb(ctx),
            "status" when ctx.Kind.HasStatus => Status(ctx),
            "scale" when ctx.Kind.HasScale => ScaleSubresource.Handle(ctx),
            _ when ctx.Kind.BuiltIn && options.Subresources.TryGetValue($"{info.Resource}/{info.Subresource}", out var subresource) => Connection.IsOne(ctx) ? Connection.Open(ctx, subresource) : subresource.Handle(ctx),
            _ => ValueTask.FromResult(ApiResponse.Of(ApiStatus.UnknownPath)),
        };
    }

    private static ValueTask<ApiResponse> Verb(RequestContext ctx) => ctx.Info.Verb switch
    {
        "get" => GetVerb.Handle(ctx),
        "list" => ListVerb.Handle(ctx),
        "watch" => ValueTask.FromResult(WatchVerb.Handle(ctx)),
        "create" when ctx.Info.Name.Length == 0 => CreateVerb.Handle(ctx),
        "update" when ctx.Info.Name.Length > 0 => UpdateVerb.Handle(ctx),
        "patch" when ctx.Info.Name.Length > 0 => PatchVerb.Handle(ctx),
        "delete" => DeleteVerb.Handle(ctx),
        "deletecollection" => DeleteCollectionVerb.Handle(ctx),
        _ => ValueTask.FromResult(ApiResponse.Of(ApiStatus.MethodNotAllowed)),
    };

    private static ValueTask<ApiResponse> Status(RequestContext ctx) => ctx.Info.Verb switch
    {
        "get" => GetVerb.Handle(ctx),
        "update" => UpdateVerb.Handle(ctx),
        "patch" => PatchVerb.Handle(ctx),
        _ => ValueTask.FromResult(ApiResponse.Of(ApiStatus.MethodNotAllowed)),
    };
}
