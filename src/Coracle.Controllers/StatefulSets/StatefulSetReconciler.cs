using Coracle.Controllers.Histories;
using Coracle.Controllers.Pods;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.StatefulSets;

/// <summary>Keeps the numbered pods of stateful sets and their claims (upstream: pkg/controller/statefulset).</summary>
public sealed class StatefulSetReconciler : IReconciler
{
    public const string Name = "statefulset-controller";
    private const int Workers = 5;

    private readonly Client client;
    private readonly Informer<StatefulSet> sets;
    private readonly OwnedIndex<Pod> pods;
    private readonly RevisionLog log;
    private readonly StatefulPods writes;

    private StatefulSetReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        sets = informers.For<StatefulSet>();
        pods = new(informers.For<Pod>());
        log = new(client, informers);
        writes = new(client, new EventRecorder(client, Name), informers.For<PersistentVolumeClaim>());
    }

    public static Controller NewController(InformerSet informers)
    {
        var sets = informers.For<StatefulSet>();
        return new ControllerBuilder("statefulset", informers)
            .For<StatefulSet>()
            .Watches<Pod>(pod => Callers.Of(pod, sets, static set => set.Spec.Selector), Callers.When)
            .Watches<PersistentVolumeClaim>(claim => OfClaim(claim, sets), static delta => delta.New is null)
            .Reads<ControllerRevision>()
            .Workers(Workers)
            .Build(new StatefulSetReconciler(informers.Client.As(Name), informers));
    }

    // A pod that waits for an old claim to go is made when it has gone.
    private static IEnumerable<Key> OfClaim(PersistentVolumeClaim claim, Informer<StatefulSet> sets) =>
        sets.List(claim.Metadata.Namespace)
            .Where(set => set.Spec.VolumeClaimTemplates?.Exists(t => claim.Metadata.Name.StartsWith($"{t.Metadata.Name}-{set.Metadata.Name}-", StringComparison.Ordinal)) == true)
            .Select(Key.Of);

    /// <summary>
    /// 1. Adopt and release. 2. Which revision runs, and which is wanted. 3. Pods; a set that is being deleted leaves them to the garbage collector.
    /// 4. Write the status: the pods as they were found. 5. Forget revisions beyond the limit. 6. Come again when the next pod will count as available.
    /// </summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (sets.Get(key) is not { } set || ReadSelector(set) is not { } selector) return Result.Done;
        var mine = await OwnedObjects.ClaimAsync(client, set, selector, pods.Candidates(set), cancel, pod => PodIdentity.Ordinal(set, pod) is not null);   // 1
        var now = client.Time.GetUtcNow();
        var revisions = await SetRevisions.FindAsync(log, set, selector, cancel);                                             // 2
        Exception? failure = null;
        try
        {
            if (set.Metadata.DeletionTimestamp is null) failure = await new StatefulSetSync(set, revisions, [.. mine], writes, now).RunAsync(cancel);       // 3
        }
        catch (Exception refused) when (refused is not OperationCanceledException)
        {
            failure = refused;
        }
        await WriteAsync(set, SetStatuses.Of(set, revisions, [.. mine], now), cancel);                                        // 4
        if (failure is not null) return Result.Fail(failure);
        await log.TruncateAsync(revisions.Unused(mine), set.Spec.RevisionHistoryLimit, cancel);                               // 5
        return NextCheck(set, mine, now);                                                                                    // 6
    }

    private static Selector? ReadSelector(StatefulSet set)
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

    private async ValueTask WriteAsync(StatefulSet set, StatefulSetStatus status, CancellationToken cancel)
    {
        if (set.Status.ContentEquals(status)) return;
        var changed = set.DeepCopy();
        changed.Status = status;
        var update = await client.TryUpdateStatusAsync(changed, cancel);
        if (!update.IsNotFound) update.OrThrow();
    }

    private static Result NextCheck(StatefulSet set, IEnumerable<Pod> pods, DateTimeOffset now)
    {
        if (set.Spec.MinReadySeconds == 0) return Result.Done;
        var next = pods.Select(pod => PodState.AvailableAt(pod, set.Spec.MinReadySeconds)).Where(at => at > now).Min();
        return next is { } at ? Result.After(at - now) : Result.Done;
    }
}
