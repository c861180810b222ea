using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk.Tests.Examples;

/// <summary>Keeps as many pods as a ReplicaSet asks for: the example of the SDK's page on reconcilers.</summary>
public sealed class SmallReplicaSet(Client client, InformerSet informers) : IReconciler
{
    private readonly Informer<ReplicaSet> sets = informers.For<ReplicaSet>();
    private readonly Informer<Pod> pods = informers.For<Pod>();
    private readonly EventRecorder events = new(client, "small-replicaset");

    public static Controller NewController(Client client, InformerSet informers) =>
        new ControllerBuilder("small-replicaset", informers).For<ReplicaSet>().Owns<Pod>().Workers(5)
            .Build(new SmallReplicaSet(client.As("small-replicaset"), informers));

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (sets.Get(key) is not { Metadata.DeletionTimestamp: null } set) return Result.Done; // gone, or going: the garbage collector does the rest
        var owned = pods.OwnedBy(set.Metadata.Uid).Where(p => p.Metadata.DeletionTimestamp is null && p.Status.Phase is not ("Succeeded" or "Failed")).ToList();
        for (var missing = (set.Spec.Replicas ?? 1) - owned.Count; missing > 0; missing--)
        {
            var pod = await client.CreateAsync(NewPod(set), cancel); // shows up in `owned` when this key is reconciled again
            events.Normal(set, "SuccessfulCreate", $"Created pod: {pod.Metadata.Name}");
        }
        foreach (var pod in owned.OrderByDescending(p => p.Metadata.CreationTimestamp).Take(owned.Count - (set.Spec.Replicas ?? 1)))
            if (await client.DeleteAsync(pod, Deletion.Background, cancel)) events.Normal(set, "SuccessfulDelete", $"Deleted pod: {pod.Metadata.Name}");

        if (set.Status.Replicas == owned.Count && set.Status.ObservedGeneration == set.Metadata.Generation) return Result.Done;
        var changed = set.DeepCopy(); // cached objects are shared
        changed.Status.Replicas = owned.Count;
        changed.Status.ObservedGeneration = set.Metadata.Generation;
        var update = await client.TryUpdateStatusAsync(changed, cancel);
        return update.Ok || update.IsNotFound ? Result.Done : update.IsConflict ? Result.After(TimeSpan.FromMilliseconds(10)) : Result.Fail(new ApiException(update.Failure));
    }

    private static Pod NewPod(ReplicaSet set)
    {
        var template = set.Spec.Template.DeepCopy();
        return new()
        {
            Metadata = new()
            {
                GenerateName = set.Metadata.Name + "-", Namespace = set.Metadata.Namespace, Labels = template.Metadata.Labels, Annotations = template.Metadata.Annotations,
                OwnerReferences = [Owners.ControllerReference(set)],
            },
            Spec = template.Spec,
        };
    }
}
