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

    private ReplicaSetReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        sets = informers.For<ReplicaSet>();
        pods = new(informers.For<Pod>());
        count = new(new PodWrites(client, new EventRecorder(client, Name)), new RelatedPods(informers), client.Time);
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
    /// 1. Adopt and release. 2. Create or delete pods; a set that is being deleted leaves that to the garbage collector. 3. Count.
    /// 4. Come again when the next pod will have been ready for long enough.
    /// </summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (sets.Get(key) is not { } set) return Result.Done;
        if (ReadSelector(set) is not { } selector) return Result.Done;
        var candidates = pods.Candidates(set).ToList();
        var terminating = candidates.Count(pod => PodState.IsTerminating(pod) && Owners.IsControlledBy(pod, set) && selector.Matches(pod.Metadata.Labels));
        var active = await OwnedObjects.ClaimAsync(client, set, selector, candidates.Where(PodState.IsActive), cancel); // 1

        var counted = ReplicaCountOutcome.Unchanged;
        if (set.Metadata.DeletionTimestamp is null) counted = await count.ReachAsync(set, active, cancel);      // 2
        if (counted is { Changed: true, Failure: null }) return Result.Done; // what was written calls again as soon as the caches show it, and is counted then

        var status = ReplicaSetStatuses.Of(set, active, terminating, counted.Failure, client.Time.GetUtcNow()); // 3
        if (!await WriteAsync(set, status, cancel) || counted.Failure is null) return NextCheck(set, active);  // 4
        return Result.Fail(counted.Failure);
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

    /// <summary>False when the set was changed meanwhile or is gone: the change calls again.</summary>
    private async ValueTask<bool> WriteAsync(ReplicaSet set, ReplicaSetStatus status, CancellationToken cancel)
    {
        if (set.Status.ContentEquals(status)) return true;
        var changed = set.DeepCopy();
        changed.Status = status;
        var update = await client.TryUpdateStatusAsync(changed, cancel);
        if (update.IsConflict || update.IsNotFound) return false;
        update.OrThrow();
        return true;
    }

    private Result NextCheck(ReplicaSet set, IReadOnlyList<Pod> active)
    {
        if (set.Spec.MinReadySeconds == 0) return Result.Done;
        var now = client.Time.GetUtcNow();
        var next = active.Select(pod => PodState.AvailableAt(pod, set.Spec.MinReadySeconds)).Where(at => at > now).Min();
        return next is { } at ? Result.After(at - now) : Result.Done;
    }
}
