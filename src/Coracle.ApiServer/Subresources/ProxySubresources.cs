using System.Globalization;
using System.Net;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>pods/proxy and services/proxy: a request to a server in a pod, through the API server (upstream: registry/core/pod and service, ResourceLocation).</summary>
public static class ProxySubresources
{
    /// <summary>What discovery tells of them; head and options are proxied as well.</summary>
    public static IReadOnlyList<string> Verbs { get; } = ["create", "delete", "get", "patch", "update"];

    public static IEnumerable<KeyValuePair<string, Subresource>> All =>
    [
        new("pods/proxy", new(new GroupVersionKind("", "v1", "PodProxyOptions"), Verbs, ctx => Forward(ctx, PlaceOfPod(ctx)))),
        new("services/proxy", new(new GroupVersionKind("", "v1", "ServiceProxyOptions"), Verbs, ctx => Forward(ctx, PlaceOfService(ctx)))),
    ];

    /// <summary>Passes the request on to a place that the request's name stands for.</summary>
    public static ValueTask<ApiResponse> Forward(RequestContext ctx, Result<ProxyPlace> place)
    {
        if (place.Failed) return ValueTask.FromResult(ApiResponse.Of(place.Error));
        return ReverseProxy.ForwardAsync(ctx.Server.Options.Backends, ctx.Request, new ProxyTarget
        {
            Scheme = place.Value.Scheme, Place = place.Value.Place, KeepsHost = true, Query = ctx.Request.Query,
            Path = ctx.Info.Rest.Length == 0 ? "" : GoPath.Join("", "/" + ctx.Info.Rest.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)),
        }, ctx.Cancel);
    }

    private static Result<ProxyPlace> PlaceOfPod(RequestContext ctx)
    {
        if (ProxyName.Parse(ctx.Info.Name) is not { } asked) return ApiStatus.BadRequest($"invalid pod request {GoText.Quote(ctx.Info.Name)}");
        if (ctx.Resource.Cache.Get($"{ctx.Info.Namespace}/{asked.Name}") is not { } stored) return ApiStatus.NotFound(ctx.Kind, asked.Name);
        var pod = stored.Typed<Pod>();
        if (!IPAddress.TryParse(pod.Status.PodIPs?.FirstOrDefault()?.Ip, out var address) || !ProxyPlace.IsAllowed(address)) return ApiStatus.BadRequest("address not allowed");
        var port = asked.Port.Length > 0 ? asked.Port
            : (pod.Spec.Containers ?? []).Select(c => c.Ports?.FirstOrDefault()).FirstOrDefault(p => p is not null)?.ContainerPortValue.ToString(CultureInfo.InvariantCulture) ?? "";
        return ProxyPlace.Of(asked.Scheme, address, port);
    }

    private static Result<ProxyPlace> PlaceOfService(RequestContext ctx)
    {
        if (ProxyName.Parse(ctx.Info.Name) is not { } asked) return ApiStatus.BadRequest($"invalid service request {GoText.Quote(ctx.Info.Name)}");
        if (ctx.Resource.Cache.Get($"{ctx.Info.Namespace}/{asked.Name}") is not { } stored) return ApiStatus.NotFound(ctx.Kind, asked.Name);
        var port = asked.Port;
        if (long.TryParse(port, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            if ((stored.Typed<Service>().Spec.Ports ?? []).Find(p => p.Port == number) is not { } declared) return ApiStatus.Unavailable($"no service port {number} found for service {GoText.Quote(asked.Name)}");
            port = declared.Name;
        }
        var places = Endpoints(ctx, asked.Name, port).ToList();
        return places.Count == 0 ? ApiStatus.Unavailable($"no endpoints available for service {GoText.Quote(asked.Name)}") : new ProxyPlace(asked.Scheme, places[ctx.Server.Random(places.Count)]);
    }

    // Only pods: an endpoint that somebody has made up could be any address that the API server reaches, and he does not.
    private static IEnumerable<EndPoint> Endpoints(RequestContext ctx, string service, string port)
    {
        var ns = ctx.Info.Namespace;
        foreach (var stored in ctx.Server.Cache.Resource("endpointslices.discovery.k8s.io").Last.After.From(ns + "/").TakeWhile(s => s.Namespace == ns))
        {
            if (stored.Labels.GetValueOrDefault("kubernetes.io/service-name") != service) continue;
            var slice = stored.Typed<EndpointSlice>();
            foreach (var offered in (slice.Ports ?? []).Where(p => (p.Name ?? "") == port && p.Port is not null))
                foreach (var endpoint in (slice.Endpoints ?? []).Where(e => e.Conditions?.Ready != false && IsPod(ctx, e)))
                    if (IPAddress.TryParse(endpoint.Addresses!.First(), out var address)) yield return new IPEndPoint(address, offered.Port!.Value);
        }
    }

    private static bool IsPod(RequestContext ctx, Endpoint endpoint) =>
        endpoint is { TargetRef: { Kind: "Pod" } target, Addresses: [var address, ..] } && (target.Namespace.Length == 0 || target.Namespace == ctx.Info.Namespace)
        && ctx.Server.Cache.Resource("pods").Get($"{ctx.Info.Namespace}/{target.Name}")?.Typed<Pod>().Status.PodIPs?.Exists(ip => ip.Ip == address) == true;
}

/// <summary>What the name of a proxied object says: "web", "web:8080" or "https:web:8443"; the port may be a name (apimachinery, util/net: SplitSchemeNamePort).</summary>
public sealed record ProxyName(string Scheme, string Name, string Port)
{
    /// <summary>Null when it is no such name.</summary>
    public static ProxyName? Parse(string text)
    {
        var parts = text.Split(':');
        ProxyName? asked = parts switch
        {
            [var name] => new("", name, ""),
            [var name, var port] => new("", name, port),
            [var scheme, var name, var port] => new(scheme, name, port),
            _ => null,
        };
        return asked is { Name.Length: > 0, Scheme: "" or "http" or "https" } ? asked with { Scheme = asked.Scheme.Length == 0 ? "http" : asked.Scheme } : null;
    }
}

/// <summary>A server to pass a request on to.</summary>
/// <param name="Scheme">"http" or "https".</param>
/// <param name="Place">Where to connect.</param>
public sealed record ProxyPlace(string Scheme, EndPoint Place)
{
    /// <summary>The machine itself, and what only it reaches, is not for whoever may write the status of a pod.</summary>
    public static bool IsAllowed(IPAddress address) =>
        !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal && !address.IsIPv6Multicast && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) && !address.Equals(IPAddress.Broadcast)
        && address.MapToIPv4().GetAddressBytes() is var bytes && (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork || !(bytes[0] == 169 && bytes[1] == 254) && bytes[0] is < 224 or > 239);

    /// <summary>An empty port is the scheme's own.</summary>
    public static Result<ProxyPlace> Of(string scheme, IPAddress address, string port)
    {
        if (port.Length == 0) return new ProxyPlace(scheme, new IPEndPoint(address, scheme == "https" ? 443 : 80));
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
            return ApiStatus.Unavailable($"error trying to reach service: dial tcp: lookup tcp/{port}: unknown port");
        return new ProxyPlace(scheme, new IPEndPoint(address, number));
    }
}
