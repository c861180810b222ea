using System.Net;
using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;

namespace Coracle.ApiServer;

/// <summary>Where a service of the cluster is: one of its ready endpoints, by the server's own caches (upstream: kube-aggregator, ResolveEndpoint).</summary>
internal static class ServicePlace
{
    public static Result<EndPoint> Resolve(Server server, ServiceReference reference) => Resolve(server, reference.Namespace, reference.Name, reference.Port ?? 443);

    public static Result<EndPoint> Resolve(Server server, string ns, string name, int port)
    {
        var services = server.Resources.Find("", "v1", "services")!;
        if (services.Cache.Get($"{ns}/{name}") is not { } stored) return ApiStatus.NotFound(services.Kind, name) with { Message = $"service \"{name}\" not found" };
        var service = stored.Typed<Service>();
        if (service.Spec.Type == ServiceType.ExternalName) return new DnsEndPoint(service.Spec.ExternalName, port);
        if ((service.Spec.Ports ?? []).FirstOrDefault(p => p.Port == port) is not { } found)
            return ApiStatus.Unavailable($"no service port {port} found for service \"{name}\"");
        var places = Endpoints(server, ns, name, found).ToList();
        return places.Count > 0 ? places[server.Random(places.Count)] : ApiStatus.Unavailable($"no endpoints available for service \"{name}\"");
    }

    private static IEnumerable<EndPoint> Endpoints(Server server, string ns, string service, ServicePort port)
    {
        var slices = server.Cache.Resource("endpointslices.discovery.k8s.io").Last.After.From(ns + "/").TakeWhile(s => s.Namespace == ns);
        foreach (var stored in slices)
        {
            if (stored.Labels.GetValueOrDefault("kubernetes.io/service-name") != service) continue;
            var slice = stored.Typed<EndpointSlice>();
            foreach (var offered in slice.Ports ?? [])
            {
                if ((offered.Name ?? "") != port.Name || offered.Port is not { } number) continue;
                foreach (var endpoint in slice.Endpoints ?? [])
                    if (endpoint.Conditions?.Ready != false && IPAddress.TryParse(endpoint.Addresses?.FirstOrDefault(), out var address))
                        yield return new IPEndPoint(address, number);
            }
        }
    }
}
