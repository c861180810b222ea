using System.Net;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Networking.V1;
using Coracle.Sdk;
using IPAddress = Coracle.Kinds.Networking.V1.IPAddress;

namespace Coracle.Controllers.Networking;

/// <summary>Says of ranges of service addresses whether they can be used, and holds them for as long as they are (upstream: pkg/controller/servicecidrs).</summary>
public sealed class ServiceCidrReconciler : IReconciler
{
    public const string Finalizer = "networking.k8s.io/service-cidr-finalizer";
    public const string Ready = "Ready";

    // Addresses that are just being given out may not show yet.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly Client client;
    private readonly Informer<ServiceCIDR> ranges;
    private readonly Informer<IPAddress> addresses;

    private ServiceCidrReconciler(Client client, InformerSet informers) => (this.client, ranges, addresses) = (client, informers.For<ServiceCIDR>(), informers.For<IPAddress>());

    public static Controller NewController(InformerSet informers)
    {
        var ranges = informers.For<ServiceCIDR>();
        return new ControllerBuilder("service-cidr-controller", informers)
            .For<ServiceCIDR>()
            // What goes may have been what held a range.
            .Watches<ServiceCIDR>(gone => ranges.List().Where(other => Overlap(gone, other)).Select(Key.Of), static delta => delta.Type != DeltaType.Added)
            .Watches<IPAddress>(gone => ranges.List().Where(range => Contains(range, gone.Metadata.Name)).Select(Key.Of), static delta => delta.Type == DeltaType.Deleted)
            .Workers(5)
            .Build(new ServiceCidrReconciler(informers.Client.As("service-cidrs-controller"), informers));
    }

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (ranges.Get(key) is not { } range) return Result.Done;
        if (range.Metadata.DeletionTimestamp is { } since) return await EndAsync(range, since, cancel);
        if (!Finalizers.Has(range, Finalizer))
        {
            var held = range.DeepCopy();
            Finalizers.Add(held, Finalizer);
            range = await client.UpdateAsync(held, cancel);
        }
        await SayAsync(range, true, "", "Kubernetes Service CIDR is ready", cancel);
        return Result.Done;
    }

    private async ValueTask<Result> EndAsync(ServiceCIDR range, DateTimeOffset since, CancellationToken cancel)
    {
        if (!Finalizers.Has(range, Finalizer)) return Result.Done;
        if (IsNeeded(range))
        {
            await SayAsync(range, false, "Terminating", "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR", cancel);
            return Result.Done;
        }
        if (since + Grace - client.Time.GetUtcNow() is var left && left > TimeSpan.Zero) return Result.After(left);
        var free = range.DeepCopy();
        Finalizers.Remove(free, Finalizer);
        var written = await client.TryUpdateAsync(free, cancel);
        if (!written.IsNotFound) written.OrThrow();
        return Result.Done;
    }

    /// <summary>An address in it is of no other range.</summary>
    private bool IsNeeded(ServiceCIDR range)
    {
        var others = ranges.List().Where(r => r.Metadata.Name != range.Metadata.Name && r.Metadata.DeletionTimestamp is null).ToList();
        return addresses.List().Any(a => Contains(range, a.Metadata.Name) && !others.Exists(other => Contains(other, a.Metadata.Name)));
    }

    private async ValueTask SayAsync(ServiceCIDR range, bool ready, string reason, string message, CancellationToken cancel)
    {
        var said = range.DeepCopy();
        var condition = new Condition { Type = Ready, Status = ready ? "True" : "False", Reason = reason, Message = message };
        if (Conditions.Set(said.Status.Conditions ??= [], condition, client.Time.GetUtcNow())) await client.UpdateStatusAsync(said, cancel);
    }

    private static bool Contains(ServiceCIDR range, string address) =>
        System.Net.IPAddress.TryParse(address, out var parsed) && (range.Spec.Cidrs ?? []).Exists(text => IPNetwork.TryParse(text, out var network) && network.Contains(parsed));

    private static bool Overlap(ServiceCIDR a, ServiceCIDR b) => a.Metadata.Name != b.Metadata.Name && (a.Spec.Cidrs ?? []).Exists(x => (b.Spec.Cidrs ?? []).Exists(y => Overlap(x, y)));

    private static bool Overlap(string a, string b) =>
        IPNetwork.TryParse(a, out var first) && IPNetwork.TryParse(b, out var second) && (first.Contains(second.BaseAddress) || second.Contains(first.BaseAddress));
}
