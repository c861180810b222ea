using System.Globalization;
using System.Net;
using Coracle.ApiServer;
using Coracle.Node.Agent;
using Coracle.Schema;
using V1Node = Coracle.Kinds.Core.V1.Node;

namespace Coracle.Hosting;

/// <summary>
/// nodes/proxy: the node's own endpoints, and any other server on it by its port (upstream: registry/core/node). The agents of nodes live in this process, so that their endpoints are
/// asked without a socket.
/// </summary>
/// <param name="nodes">The node of a name, when this process has it.</param>
internal sealed class NodeProxy(Func<string, NodeApi?> nodes)
{
    public KeyValuePair<string, Subresource> Entry => new("nodes/proxy", new(new GroupVersionKind("", "v1", "NodeProxyOptions"), ProxySubresources.Verbs, Handle));

    private async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        if (ProxyName.Parse(ctx.Info.Name) is not { } asked) return ApiResponse.Of(ApiStatus.BadRequest($"invalid node request {GoText.Quote(ctx.Info.Name)}"));
        if (ctx.Resource.Cache.Get(asked.Name) is not { } stored) return ApiResponse.Of(ApiStatus.NotFound(ctx.Kind, asked.Name));
        var node = stored.Typed<V1Node>();
        var own = node.Status.DaemonEndpoints.KubeletEndpoint.Port.ToString(CultureInfo.InvariantCulture);
        if (asked.Port.Length > 0 && asked.Port != own) return await ProxySubresources.Forward(ctx, Place(asked, node));
        if (nodes(asked.Name) is not { } api) return ApiResponse.Of(ApiStatus.Unavailable($"error trying to reach service: dial tcp {Address(node)}:{own}: connect: no route to host"));
        if (ctx.Info.Rest.Length == 0 && !ctx.Request.Path.EndsWith('/') && ctx.Request.Method is "GET" or "HEAD") return ToFolder(ctx.Request.Path, ctx.Request.Query);
        var answer = await api.Endpoints.AskAsync(ctx.Request.Method, "/" + ctx.Info.Rest, ctx.Request.Query, ctx.Cancel);
        return new ApiResponse { Status = answer.Status, ContentType = answer.ContentType, Body = answer.Stream is { } stream ? new StreamBody(stream) : new BytesBody(answer.Body) };
    }

    private static ApiResponse ToFolder(string path, string query)
    {
        var response = new ApiResponse { Status = 301, ContentType = "" };
        response.Headers.Add(new("Location", $"{path}/{(query.Length > 0 ? "?" + query : "")}"));
        return response;
    }

    private static string Address(V1Node node) => node.Status.Addresses?.Find(a => a.Type == "InternalIP")?.Address ?? "";

    private static Result<ProxyPlace> Place(ProxyName asked, V1Node node) =>
        IPAddress.TryParse(Address(node), out var address) && ProxyPlace.IsAllowed(address) ? ProxyPlace.Of(asked.Scheme, address, asked.Port) : ApiStatus.BadRequest("address not allowed");
}
