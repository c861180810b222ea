using Coracle.ApiServer.Access;

namespace Coracle.ApiServer;

/// <summary>A request that the server makes of itself, past authentication and authorization but through the one way to write.</summary>
internal sealed class OwnRequest : ApiRequest
{
    public override string? Header(string name) => name == "User-Agent" ? "kube-apiserver" : null;

    public override ValueTask<Result<ReadOnlyMemory<byte>>> ReadBodyAsync(int limit, CancellationToken cancel) => new((Result<ReadOnlyMemory<byte>>)ReadOnlyMemory<byte>.Empty);

    /// <summary>About an object of a resource.</summary>
    public static RequestContext About(Server server, Resource resource, string ns, string name, string subresource, CancellationToken cancel)
    {
        var kind = resource.Kind;
        var place = kind.Namespaced ? $"/namespaces/{ns}" : "";
        var root = kind.Group.Length == 0 ? $"/api/{kind.Version}" : $"/apis/{kind.Group}/{kind.Version}";
        var request = new OwnRequest
        {
            Method = "PUT", Path = $"{root}{place}/{kind.Plural}/{name}{(subresource.Length > 0 ? "/" : "")}{subresource}", Identity = User.ApiServer,
        };
        return new()
        {
            Server = server, Request = request, Info = RequestInfo.Parse(request.Method, request.Path, ""), User = User.ApiServer, Resource = resource, Accept = Accepted.Json, Cancel = cancel,
        };
    }
}
