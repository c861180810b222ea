using System.Net;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Networking.V1;
using Coracle.Kinds.Scheduling.V1;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>The objects that every cluster has from its first moment: the system's namespaces and the service under which pods reach the API.</summary>
internal static class BootstrapObjects
{
    private static readonly string[] Namespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];

    public static async Task EnsureAsync(Client client, ControlPlaneOptions options, CancellationToken cancel)
    {
        foreach (var name in Namespaces)
            await Ensure(client, new Namespace { Metadata = new() { Name = name } }, cancel);
        foreach (var priority in SystemPriority.Classes) await Ensure(client, priority, cancel);
        await Ensure(client, new ServiceCIDR { Metadata = new() { Name = "kubernetes" }, Spec = new() { Cidrs = [options.ServiceRange.ToString()] } }, cancel);
        await EnsureApiService(client, options, cancel);
    }

    private static async Task EnsureApiService(Client client, ControlPlaneOptions options, CancellationToken cancel)
    {
        var labels = new Dictionary<string, string> { ["component"] = "apiserver", ["provider"] = "kubernetes" };
        await Ensure(client, new Service
        {
            Metadata = new() { Name = "kubernetes", Namespace = "default", Labels = labels },
            Spec = new()
            {
                ClusterIP = FirstAddress(options.ServiceRange).ToString(), SessionAffinity = "None", Type = "ClusterIP",
                Ports = [new() { Name = "https", Port = 443, Protocol = "TCP", TargetPort = options.Advertised.Port }],
            },
        }, cancel);
        // A loopback address is no endpoint: no pod could reach the API there, and validation says so. Where pods run, their node tells an address that they do reach.
        if (System.Net.IPAddress.IsLoopback(options.Advertised.Address)) return;
        await Replace(client, new EndpointSlice
        {
            Metadata = new() { Name = "kubernetes", Namespace = "default", Labels = new() { ["kubernetes.io/service-name"] = "kubernetes" } },
            AddressType = "IPv4",
            Endpoints = [new() { Addresses = [options.Advertised.Address.ToString()], Conditions = new() { Ready = true } }],
            Ports = [new() { Name = "https", Port = options.Advertised.Port, Protocol = "TCP" }],
        }, cancel);
        await Replace(client, new Endpoints
        {
            Metadata = new() { Name = "kubernetes", Namespace = "default", Labels = new() { ["endpointslice.kubernetes.io/skip-mirror"] = "true" } },
            Subsets = [new() { Addresses = [new() { Ip = options.Advertised.Address.ToString() }], Ports = [new() { Name = "https", Port = options.Advertised.Port, Protocol = "TCP" }] }],
        }, cancel);
    }

    private static async Task Ensure<T>(Client client, T obj, CancellationToken cancel) where T : class, IKind<T>
    {
        if (await client.TryGetAsync<T>(Key.Of(obj), cancel) is not null) return;
        var created = await client.TryCreateAsync(obj, cancel);
        if (!created.Ok && !created.IsAlreadyExists) created.OrThrow();
    }

    // The address of the API may differ from the one of the last run.
    private static async Task Replace<T>(Client client, T obj, CancellationToken cancel) where T : class, IKind<T>
    {
        if (await client.TryGetAsync<T>(Key.Of(obj), cancel) is null) await Ensure(client, obj, cancel);
        else await client.UpdateAsync(obj, cancel);
    }

    public static System.Net.IPAddress FirstAddress(IPNetwork range)
    {
        var bytes = range.BaseAddress.GetAddressBytes();
        bytes[^1]++;
        return new System.Net.IPAddress(bytes);
    }
}
