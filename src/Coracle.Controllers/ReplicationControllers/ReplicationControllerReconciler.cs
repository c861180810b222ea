using Coracle.Controllers.Pods;
using Coracle.Controllers.ReplicaSets;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.ReplicationControllers;

/// <summary>
/// Keeps as many pods as a replication controller asks for. It is looked at as the replica set that it would be today (upstream:
/// pkg/controller/replication, an adapter over replicaset as well).
/// </summary>
public sealed class ReplicationControllerReconciler : IReconciler
{
    public const string Name = "replication-controller";
    private const int Workers = 5;

    private readonly Client client;
    private readonly Informer<ReplicationController> controllers;
    private readonly OwnedIndex<Pod> pods;
    private readonly ReplicaCount count;

    private ReplicationControllerReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        controllers = informers.For<ReplicationController>();
        pods = new(informers.For<Pod>());
        count = new(new PodWrites(client, new EventRecorder(client, Name)), client.Time);
    }

    public static Controller NewController(InformerSet informers)
    {
        var controllers = informers.For<ReplicationController>();
        return new ControllerBuilder("replicationcontroller", informers)
            .For<ReplicationController>()
            .Watches<Pod>(pod => Callers.Of(pod, controllers, static rc => new LabelSelector { MatchLabels = rc.Spec.Selector }), Callers.When)
            .Workers(Workers)
            .Build(new ReplicationControllerReconciler(informers.Client.As(Name), informers));
    }

    /// <summary>1. Adopt and release. 2. Create or delete pods. 3. Write the status. 4. Come again when the next pod will count as available.</summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (controllers.Get(key) is not { Spec.Template: { } template, Spec.Selector: { Count: > 0 } labels } rc) return Result.Done;
        var selector = Selector.Of(labels);
        var candidates = pods.Candidates(rc).ToList();
        var active = await OwnedObjects.ClaimAsync(client, rc, selector, candidates.Where(PodState.IsActive), cancel);        // 1
        var failure = rc.Metadata.DeletionTimestamp is null                                                                     // 2
            ? await count.ReachAsync(rc, template, rc.Spec.Replicas ?? 1, active, () => active, cancel)
            : null;
        await WriteAsync(rc, Status(rc, template, active, failure), cancel);                                                    // 3
        if (failure is not null) return Result.Fail(failure);
        if (rc.Spec.MinReadySeconds == 0) return Result.Done;
        var now = client.Time.GetUtcNow();                                                                                      // 4
        var next = active.Select(pod => PodState.AvailableAt(pod, rc.Spec.MinReadySeconds)).Where(at => at > now).Min();
        return next is { } at ? Result.After(at - now) : Result.Done;
    }

    private ReplicationControllerStatus Status(ReplicationController rc, PodTemplateSpec template, IReadOnlyList<Pod> active, Exception? failure)
    {
        var set = new ReplicaSet
        {
            Metadata = rc.Metadata, Spec = new() { Replicas = rc.Spec.Replicas, MinReadySeconds = rc.Spec.MinReadySeconds, Template = template },
            Status = new() { Conditions = rc.Status.Conditions?.ConvertAll(Newer) },
        };
        var status = ReplicaSetStatuses.Of(set, active, 0, failure, client.Time.GetUtcNow());
        return new()
        {
            ObservedGeneration = status.ObservedGeneration, Replicas = status.Replicas, FullyLabeledReplicas = status.FullyLabeledReplicas,
            ReadyReplicas = status.ReadyReplicas, AvailableReplicas = status.AvailableReplicas, Conditions = status.Conditions?.ConvertAll(Older),
        };
    }

    private static ReplicaSetCondition Newer(ReplicationControllerCondition c) =>
        new() { Type = c.Type, Status = c.Status, LastTransitionTime = c.LastTransitionTime, Reason = c.Reason, Message = c.Message };

    private static ReplicationControllerCondition Older(ReplicaSetCondition c) =>
        new() { Type = c.Type, Status = c.Status, LastTransitionTime = c.LastTransitionTime, Reason = c.Reason, Message = c.Message };

    private async ValueTask WriteAsync(ReplicationController rc, ReplicationControllerStatus status, CancellationToken cancel)
    {
        if (rc.Status.ContentEquals(status)) return;
        var changed = rc.DeepCopy();
        changed.Status = status;
        var update = await client.TryUpdateStatusAsync(changed, cancel);
        if (!update.IsNotFound) update.OrThrow();
    }
}
