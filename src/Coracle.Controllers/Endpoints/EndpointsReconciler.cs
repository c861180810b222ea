using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>Writes the Endpoints object of services that select pods, for those who still read it (upstream: pkg/controller/endpoint). The key is the service's.</summary>
public sealed class EndpointsReconciler : IReconciler
{
    public const string ManagedByLabel = "endpoints.kubernetes.io/managed-by";
    public const string ManagerName = "endpoint-controller";
    public const string OverCapacityAnnotation = "endpoints.kubernetes.io/over-capacity";

    private readonly Client client;
    private readonly Informer<Service> services;
    private readonly Informer<Endpoints> endpoints;
    private readonly ServicePods servicePods;
    private readonly TriggerTimes triggers = new();
    private readonly EventRecorder events;

    private EndpointsReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        services = informers.For<Service>();
        endpoints = informers.For<Endpoints>();
        servicePods = new(informers);
        events = new(client, ManagerName);
    }

    public static Controller NewController(InformerSet informers)
    {
        var reconciler = new EndpointsReconciler(informers.Client.As(ManagerName), informers);
        return new ControllerBuilder("endpoints-controller", informers)
            .For<Service>().Watches<Endpoints>(static e => [Key.Of(e)], reconciler.IsOurs)
            .Reads<Pod>().Reads<Node>().Source(reconciler.servicePods.Follow).Workers(5)
            .Build(reconciler);
    }

    // Deleted ones are made again; at the start, those that were left behind when their service went are looked at. Others' are others' business.
    private bool IsOurs(Delta<Endpoints> delta) =>
        delta.Type == DeltaType.Deleted ? services.Get(delta.Key) is not null : delta.Initial && delta.Object.Metadata.Labels?.GetValueOrDefault(ManagedByLabel) == ManagerName;

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (services.Get(key) is not { } service)
        {
            triggers.Forget(key);
            if (endpoints.Get(key) is { } orphan) await client.DeleteAsync(orphan, null, cancel);
            return Result.Done;
        }
        if (service.Spec.Type == ServiceType.ExternalName || service.Spec.Selector is not { Count: > 0 }) return Result.Done;
        var pods = servicePods.PodsOf(service);
        var trigger = triggers.Next(service, pods);
        var current = endpoints.Get(key);
        var wanted = Wanted(service, Subsets.Pack(Subsets.Of(service, pods)), current);
        if (current is not null && wanted.ContentEquals(current)) return Result.Done;
        TriggerTimes.Annotate(wanted.Metadata, trigger);
        return await WriteAsync(wanted, isNew: current is null, cancel);
    }

    private static Endpoints Wanted(Service service, List<EndpointSubset> subsets, Endpoints? current)
    {
        var metadata = current?.Metadata.DeepCopy() ?? new() { Namespace = service.Metadata.Namespace, Name = service.Metadata.Name };
        metadata.Labels = new(service.Metadata.Labels ?? []) { [ManagedByLabel] = ManagerName };
        if (SliceShape.IsHeadless(service)) metadata.Labels[SliceShape.HeadlessLabel] = "";
        else metadata.Labels.Remove(SliceShape.HeadlessLabel);
        if (Subsets.Truncate(subsets)) (metadata.Annotations ??= [])[OverCapacityAnnotation] = "truncated";
        else metadata.Annotations?.Remove(OverCapacityAnnotation);
        return new() { Metadata = metadata, Subsets = subsets };
    }

    private async ValueTask<Result> WriteAsync(Endpoints wanted, bool isNew, CancellationToken cancel)
    {
        var written = isNew ? await client.TryCreateAsync(wanted, cancel) : await client.TryUpdateAsync(wanted, cancel);
        if (written.Ok || written.Failure.IsNamespaceTerminating) return Result.Done;
        if (isNew) events.Warning(wanted, "FailedToCreateEndpoint", $"Failed to create endpoint for service {Key.Of(wanted)}: {written.Failure.Message}");
        else events.Warning(wanted, "FailedToUpdateEndpoint", $"Failed to update endpoint {Key.Of(wanted)}: {written.Failure.Message}");
        return Result.Fail(new ApiException(written.Failure));
    }
}
