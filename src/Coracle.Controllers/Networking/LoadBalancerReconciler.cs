using System.Net;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Networking;

/// <summary>
/// Gives services of the type LoadBalancer an address out of a pool, which the nodes answer (upstream: cloud-provider's service controller, with a pool
/// in a cloud's place). All are served under one key: two at once could be given the same address.
/// </summary>
public sealed class LoadBalancerReconciler : IReconciler
{
    private static readonly Key All = new("services");

    private readonly Client client;
    private readonly Informer<Service> services;
    private readonly EventRecorder events;
    private readonly IPNetwork range;
    private readonly AddressRanges pool;

    private LoadBalancerReconciler(Client client, InformerSet informers, IPNetwork range)
    {
        this.client = client;
        services = informers.For<Service>();
        events = new(client, "service-controller");
        (this.range, pool) = (range, new(range, 32));
    }

    /// <param name="informers">The caches.</param>
    /// <param name="range">The pool. Its first and last address are not given out.</param>
    public static Controller NewController(InformerSet informers, IPNetwork range) => new ControllerBuilder("service-lb-controller", informers)
        .Watches<Service>(static _ => [All], static delta => Concerns(delta.Old) || Concerns(delta.New))
        .Build(new LoadBalancerReconciler(informers.Client.As("service-controller"), informers, range));

    private static bool Concerns(Service? service) => service is not null && (IsWanted(service) || service.Status.LoadBalancer.Ingress is { Count: > 0 });

    // One that names a class is somebody else's.
    private static bool IsWanted(Service service) => service.Spec.Type == ServiceType.LoadBalancer && service.Spec.LoadBalancerClass is null or "" && service.Metadata.DeletionTimestamp is null;

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        var all = services.List();
        var taken = all.SelectMany(static s => s.Status.LoadBalancer.Ingress ?? []).Select(static i => i.Ip).ToHashSet(StringComparer.Ordinal);
        foreach (var service in all.Where(Concerns).OrderBy(static s => s.Metadata.CreationTimestamp).ThenBy(Key.Of))
        {
            var has = service.Status.LoadBalancer.Ingress is { Count: > 0 };
            if (IsWanted(service) && !has) await GiveAsync(service, taken, cancel);
            else if (service.Spec.Type != ServiceType.LoadBalancer && has) await TakeAsync(service, cancel);
        }
        return Result.Done;
    }

    private async ValueTask GiveAsync(Service service, HashSet<string> taken, CancellationToken cancel)
    {
        events.Normal(service, "EnsuringLoadBalancer", "Ensuring load balancer");
        var address = service.Spec.LoadBalancerIP is { Length: > 0 } asked ? (taken.Contains(asked) || !IPAddress.TryParse(asked, out var parsed) || !range.Contains(parsed) ? null : asked) : FirstFree(taken);
        if (address is null)
        {
            events.Warning(service, "SyncLoadBalancerFailed", "Error syncing load balancer: failed to ensure load balancer: no address is free");
            return;
        }
        var given = service.DeepCopy();
        given.Status.LoadBalancer.Ingress = [new() { Ip = address, IpMode = "VIP" }];
        var written = await client.TryUpdateStatusAsync(given, cancel);
        if (written.IsNotFound) return;
        written.OrThrow();
        taken.Add(address);
        events.Normal(service, "EnsuredLoadBalancer", "Ensured load balancer");
    }

    private string? FirstFree(HashSet<string> taken)
    {
        for (var i = 1L; i < pool.Count - 1; i++)
            if (pool[i].BaseAddress.ToString() is var address && !taken.Contains(address)) return address;
        return null;
    }

    private async ValueTask TakeAsync(Service service, CancellationToken cancel)
    {
        events.Normal(service, "DeletingLoadBalancer", "Deleting load balancer");
        var free = service.DeepCopy();
        free.Status.LoadBalancer.Ingress = null;
        var written = await client.TryUpdateStatusAsync(free, cancel);
        if (written.IsNotFound) return;
        written.OrThrow();
        events.Normal(service, "DeletedLoadBalancer", "Deleted load balancer");
    }
}
