using Coracle.Controllers.Pods;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.ReplicaSets;

/// <summary>Keeps as many pods as a replica set asks for (upstream: pkg/controller/replicaset).</summary>
public sealed class ReplicaSetReconciler : IReconciler
{
    public const string Name = "replicaset-controller";
    private const int Workers = 5;

    private readonly Client client;
    private readonly Informer<ReplicaSet> sets;
    private readonly OwnedIndex<Pod> pods;
    private readonly ReplicaCount count;
    private readonly RelatedPods related;

    private ReplicaSetReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        sets = informers.For<ReplicaSet>();
        pods = new(informers.For<Pod>());
        count = new(new PodWrites(client, new EventRecorder(client, Name)), client.Time);
        related = new(informers);
    }

    public static Controller NewController(InformerSet informers)
    {
        var sets = informers.For<ReplicaSet>();
        return new ControllerBuilder("replicaset", informers)
            .For<ReplicaSet>()
            .Watches<Pod>(pod => Callers.Of(pod, sets, static set => set.Spec.Selector), Callers.When)
            .Workers(Workers)
            .Build(new ReplicaSetReconciler(informers.Client.As(Name), informers));
    }

    /// <summary>
    /// 1. Adopt and release. 2. Create or delete pods; a set that is being deleted leaves that to the garbage collector. 3. Write the status: the pods
    /// as they were found, so that what was done now is counted when it shows.
    /// 4. Come again when the next pod will have been ready for long enough.
    /// </summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (sets.Get(key) is not { } set) return Result.Done;
        if (ReadSelector(set) is not { } selector) return Result.Done;
        var candidates = pods.Candidates(set).ToList();
        var terminating = candidates.Count(pod => PodState.IsTerminating(pod) && Owners.IsControlledBy(pod, set) && selector.Matches(pod.Metadata.Labels));
        var active = await OwnedObjects.ClaimAsync(client, set, selector, candidates.Where(PodState.IsActive), cancel);        // 1

        var failure = set.Metadata.DeletionTimestamp is null                                                            // 2
            ? await count.ReachAsync(set, set.Spec.Template, set.Spec.Replicas ?? 1, active, () => related.Of(set), cancel)
            : null;
        await WriteAsync(set, ReplicaSetStatuses.Of(set, active, terminating, failure, client.Time.GetUtcNow()), cancel); // 3
        return failure is null ? NextCheck(set, active) : Result.Fail(failure);                                        // 4
    }

    // Validation lets no such selector in; one that came in otherwise is nobody's to mend but its author's.
    private static Selector? ReadSelector(ReplicaSet set)
    {
        try
        {
            return Selector.From(set.Spec.Selector);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private async ValueTask WriteAsync(ReplicaSet set, ReplicaSetStatus status, CancellationToken cancel)
    {
        if (set.Status.ContentEquals(status)) return;
        var changed = set.DeepCopy();
        changed.Status = status;
        var update = await client.TryUpdateStatusAsync(changed, cancel);
        if (!update.IsNotFound) update.OrThrow();
    }

    private Result NextCheck(ReplicaSet set, IReadOnlyList<Pod> active)
    {
        if (set.Spec.MinReadySeconds == 0) return Result.Done;
        var now = client.Time.GetUtcNow();
        var next = active.Select(pod => PodState.AvailableAt(pod, set.Spec.MinReadySeconds)).Where(at => at > now).Min();
        return next is { } at ? Result.After(at - now) : Result.Done;
    }
}
