using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>Says in slices what people say in Endpoints of services without a selector (upstream: pkg/controller/endpointslicemirroring). The key is the service's.</summary>
public sealed class SliceMirroringReconciler : IReconciler
{
    private const string SkipLabel = "endpointslice.kubernetes.io/skip-mirror", LeaderAnnotation = "control-plane.alpha.kubernetes.io/leader";

    private readonly Client client;
    private readonly Informer<Service> services;
    private readonly Informer<Endpoints> endpoints;
    private readonly ObjectIndex<EndpointSlice> mirrored;
    private readonly EventRecorder events;

    private SliceMirroringReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        (services, endpoints) = (informers.For<Service>(), informers.For<Endpoints>());
        mirrored = informers.For<EndpointSlice>().Index("mirrored", static slice => ServiceOf(slice).Select(static key => key.ToString()));
        events = new(client, "endpoint-slice-mirroring-controller");
    }

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("endpointslice-mirroring-controller", informers)
        .For<Endpoints>()
        .Watches<Service>(static service => [Key.Of(service)])
        .Watches<EndpointSlice>(ServiceOf, static delta => !delta.Initial)
        .Workers(5)
        .Queue(new() { BackoffInitial = TimeSpan.FromSeconds(1), BackoffMax = TimeSpan.FromSeconds(100) })
        .Build(new SliceMirroringReconciler(informers.Client.As("endpointslicemirroring-controller"), informers));

    private static IEnumerable<Key> ServiceOf(EndpointSlice slice) =>
        slice.Metadata.Labels is { } labels && labels.GetValueOrDefault(SliceShape.ManagedByLabel) == MirroredSlices.ManagerName
        && labels.GetValueOrDefault(SliceShape.ServiceNameLabel) is { Length: > 0 } service ? [new(slice.Metadata.Namespace, service)] : [];

    // A service that selects pods has slices of its own; a lock of an election is no endpoint.
    private static bool IsMirrored(Endpoints? found, Service? service) =>
        service is { Spec.Selector: not { Count: > 0 } } && found is not null && found.Metadata.Labels?.GetValueOrDefault(SkipLabel) != "true" && found.Metadata.Annotations?.ContainsKey(LeaderAnnotation) != true;

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        var existing = mirrored.Get(key.ToString());
        var found = endpoints.Get(key);
        if (!IsMirrored(found, services.Get(key)))
        {
            foreach (var slice in existing) await client.DeleteAsync(slice, null, cancel);
            return Result.Done;
        }
        var changes = MirroredSlices.Plan(found!, existing, out var skipped);
        if (skipped > 0) events.Warning(found!, "InvalidIPAddress", $"Skipped {skipped} invalid IP addresses when mirroring to EndpointSlices");
        foreach (var slice in changes.Create)
        {
            var created = await client.TryCreateAsync(slice, cancel);
            if (created.Failure is { IsNamespaceTerminating: true }) return Result.Done;
            created.OrThrow();
        }
        foreach (var slice in changes.Update) await client.UpdateAsync(slice, cancel);
        foreach (var slice in changes.Delete) await client.DeleteAsync(slice, null, cancel);
        return Result.Done;
    }
}
