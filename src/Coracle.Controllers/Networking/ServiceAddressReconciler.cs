using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Networking.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Networking;

/// <summary>
/// Keeps one IPAddress object for each address that a service has, and none else: the API server's own record of what it gave out, made good where it
/// differs (upstream: pkg/registry/core/service/ipallocator and its repair loop). The key is an address.
/// </summary>
public sealed class ServiceAddressReconciler : IReconciler
{
    public const string ManagedBy = "ipaddress.kubernetes.io/managed-by", Family = "ipaddress.kubernetes.io/ip-family", Manager = "ipallocator.k8s.io";

    private readonly Client client;
    private readonly Informer<IPAddress> addresses;
    private readonly ObjectIndex<Service> byAddress;

    private ServiceAddressReconciler(InformerSet informers)
    {
        client = informers.Client.As("kube-apiserver");
        addresses = informers.For<IPAddress>();
        byAddress = informers.For<Service>().Index("clusterIPs", AddressesOf);
    }

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("service-ip-repair", informers)
        .Watches<Service>(static service => AddressesOf(service).Select(static a => new Key(a)))
        .For<IPAddress>()
        .Build(new ServiceAddressReconciler(informers));

    private static IEnumerable<string> AddressesOf(Service service) => (service.Spec.ClusterIPs ?? []).Where(static a => a is not ("" or "None"));

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        var owner = byAddress.Get(key.Name).OrderBy(static s => s.Metadata.CreationTimestamp).ThenBy(Key.Of).FirstOrDefault();
        var known = addresses.Get(key);
        if (owner is null)
        {
            // Those of others are theirs.
            if (known is not null && known.Metadata.Labels?.GetValueOrDefault(ManagedBy) == Manager) await client.DeleteAsync(known, null, cancel);
            return Result.Done;
        }
        if (known is not null && IsFor(known, owner)) return Result.Done;
        // What an address is for cannot be changed: it is made anew.
        if (known is not null) await client.DeleteAsync(known, null, cancel);
        var created = await client.TryCreateAsync(New(key.Name, owner), cancel);
        if (!created.IsAlreadyExists) created.OrThrow();
        return Result.Done;
    }

    private static bool IsFor(IPAddress address, Service service) => address.Spec.ParentRef is { Group: "", Resource: "services" } parent
        && parent.Name == service.Metadata.Name && parent.Namespace == service.Metadata.Namespace && address.Metadata.Labels?.GetValueOrDefault(ManagedBy) == Manager;

    private static IPAddress New(string address, Service service) => new()
    {
        Metadata = new() { Name = address, Labels = new() { [Family] = address.Contains(':', StringComparison.Ordinal) ? "IPv6" : "IPv4", [ManagedBy] = Manager } },
        Spec = new() { ParentRef = new() { Resource = "services", Namespace = service.Metadata.Namespace, Name = service.Metadata.Name } },
    };
}
