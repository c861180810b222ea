using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Discovery.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>Writes the endpoint slices of services that select pods (upstream: pkg/controller/endpointslice). The key is the service's.</summary>
public sealed class EndpointSliceReconciler : IReconciler
{
    // Slices that others change are put right, many at once (upstream: endpointSliceChangeMinSyncDelay).
    private static readonly TimeSpan SliceDelay = TimeSpan.FromSeconds(1);

    private readonly Client client;
    private readonly Informer<Service> services;
    private readonly Informer<EndpointSlice> slices;
    private readonly ObjectIndex<EndpointSlice> slicesByService;
    private readonly ServicePods servicePods;
    private readonly TriggerTimes triggers = new();

    private EndpointSliceReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        services = informers.For<Service>();
        slices = informers.For<EndpointSlice>();
        slicesByService = slices.Index("service", static slice => ServiceOf(slice) is { } key ? [key.ToString()] : []);
        servicePods = new(informers);
    }

    public static Controller NewController(InformerSet informers)
    {
        var reconciler = new EndpointSliceReconciler(informers.Client.As("endpointslice-controller"), informers);
        return new ControllerBuilder("endpointslice-controller", informers)
            .For<Service>().Reads<Pod>().Reads<Node>().Reads<EndpointSlice>()
            .Source(reconciler.servicePods.Follow).Source(reconciler.FollowSlices)
            .Workers(5).Queue(new() { BackoffInitial = TimeSpan.FromSeconds(1) })
            .Build(reconciler);
    }

    private void FollowSlices(Controller controller) => slices.Subscribe(delta =>
    {
        if (delta.Initial) return;
        foreach (var slice in new[] { delta.Old, delta.New })
            if (slice is not null && ServiceOf(slice) is { } key) controller.EnqueueAfter(key, SliceDelay);
    });

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (services.Get(key) is not { } service)
        {
            triggers.Forget(key);
            return Result.Done; // the garbage collector takes the slices
        }
        if (service.Spec.Type == ServiceType.ExternalName || service.Spec.Selector is not { Count: > 0 }) return Result.Done;
        var pods = servicePods.PodsOf(service);
        var trigger = triggers.Next(service, pods);
        return await WriteAsync(service, Plan(service, pods), trigger, cancel);
    }

    private SliceChanges Plan(Service service, IReadOnlyList<Pod> pods)
    {
        var existing = slicesByService.Get(Key.Of(service).ToString()).Where(static slice => slice.Metadata.DeletionTimestamp is null)
            .OrderBy(static slice => slice.Metadata.Name, StringComparer.Ordinal).ToLookup(static slice => slice.AddressType);
        var types = PodEndpoint.AddressTypes(service);
        var changes = SliceChanges.None();
        foreach (var type in types)
        {
            var (create, update, delete) = SlicePacking.Plan(service, type, [.. existing[type]], PortGroup.Of(service, pods, servicePods.NodeOf, type));
            changes.Create.AddRange(create);
            changes.Update.AddRange(update);
            changes.Delete.AddRange(delete);
        }
        changes.Delete.AddRange(existing.Where(slices => !types.Contains(slices.Key)).SelectMany(static slices => slices));
        return changes;
    }

    private async ValueTask<Result> WriteAsync(Service service, SliceChanges changes, DateTimeOffset? trigger, CancellationToken cancel)
    {
        if (service.Metadata.DeletionTimestamp is null) // else the garbage collector would have to race against new slices
            foreach (var slice in changes.Create)
            {
                TriggerTimes.Annotate(slice.Metadata, trigger);
                var created = await client.TryCreateAsync(slice, cancel);
                if (created.Failure is { IsNamespaceTerminating: true }) return Result.Done;
                if (!created.Ok) return Result.Fail($"failed to create EndpointSlice for Service {Key.Of(service)}: {created.Failure.Message}");
            }
        foreach (var slice in changes.Update)
        {
            TriggerTimes.Annotate(slice.Metadata, trigger);
            var updated = await client.TryUpdateAsync(slice, cancel);
            if (!updated.Ok) return Result.Fail($"failed to update {slice.Metadata.Name} EndpointSlice for Service {Key.Of(service)}: {updated.Failure.Message}");
        }
        foreach (var slice in changes.Delete) await client.DeleteAsync(slice, null, cancel);
        return Result.Done;
    }

    // Only slices that this controller manages.
    private static Key? ServiceOf(EndpointSlice slice) =>
        slice.Metadata.Labels is { } labels && labels.GetValueOrDefault(SliceShape.ManagedByLabel) == SliceShape.ManagerName
        && labels.GetValueOrDefault(SliceShape.ServiceNameLabel) is { Length: > 0 } service ? new(slice.Metadata.Namespace, service) : null;
}
