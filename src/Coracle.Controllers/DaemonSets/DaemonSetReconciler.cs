using Coracle.Controllers.Histories;
using Coracle.Controllers.Pods;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.DaemonSets;

/// <summary>Keeps one pod of a daemon set on every node that should run one (upstream: pkg/controller/daemon).</summary>
public sealed class DaemonSetReconciler : IReconciler
{
    public const string Name = "daemon-set-controller";
    private const int Workers = 2;

    /// <summary>So many pods are created or deleted at most before the set is looked at again.</summary>
    private const int BurstMax = 250;

    private readonly Client client;
    private readonly Informer<DaemonSet> sets;
    private readonly Informer<Node> nodes;
    private readonly OwnedIndex<Pod> pods;
    private readonly RevisionLog log;
    private readonly EventRecorder events;
    private readonly PodWrites writes;
    private readonly FailedPods failed;

    private DaemonSetReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        sets = informers.For<DaemonSet>();
        nodes = informers.For<Node>();
        pods = new(informers.For<Pod>());
        log = new(client, informers);
        events = new(client, Name);
        writes = new(client, events);
        failed = new(client.Time);
    }

    public static Controller NewController(InformerSet informers)
    {
        var sets = informers.For<DaemonSet>();
        return new ControllerBuilder("daemonset", informers)
            .For<DaemonSet>()
            .Watches<Pod>(pod => Callers.Of(pod, sets, static set => set.Spec.Selector), Callers.When)
            .Watches<Node>(_ => sets.List().Select(Key.Of), Matters)
            .Reads<ControllerRevision>()
            .Workers(Workers)
            .Build(new DaemonSetReconciler(informers.Client.As(Name), informers));
    }

    // Heartbeats do not; what a node is called by and what it keeps away do.
    private static bool Matters(Delta<Node> delta) =>
        delta is not { Old: { } old, New: { } now } || Changed.Labels(delta) || !(old.Spec.Taints ?? []).SequenceEqual(now.Spec.Taints ?? [], Same);

    private static readonly IEqualityComparer<Taint> Same = EqualityComparer<Taint>.Create((a, b) => a!.Key == b!.Key && a.Value == b.Value && a.Effect == b.Effect, t => t.Key.Length);

    /// <summary>
    /// 1. Adopt and release. 2. Which revision is wanted. 3. A pod where one is missing, none where none should be; then old ones are replaced, once nothing
    /// else is to be done. 4. Write the status. 5. Forget revisions beyond the limit. 6. Come again when a pod will count as available, or is to be replaced.
    /// </summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (sets.Get(key) is not { } set || ReadSelector(set) is not { } selector) return Result.Done;
        if (selector.IsEverything)
        {
            events.Warning(set, "SelectingAll", "This daemon set is selecting all pods. A non-empty selector is required.");
            return Result.Done;
        }
        if (set.Metadata.DeletionTimestamp is not null) return Result.Done;
        var mine = await OwnedObjects.ClaimAsync(client, set, selector, pods.Candidates(set), cancel);                         // 1
        var revisions = await DaemonRevisions.FindAsync(log, set, selector, cancel);                                           // 2
        var now = client.Time.GetUtcNow();
        var plan = new DaemonPlan(set, revisions.Hash, nodes.List(), mine, now).Manage();                                      // 3
        var wait = Replace(set, plan);
        if (plan.Missing.Count == 0 && plan.Doomed.Count == 0) plan.Roll();
        var failure = await ActAsync(set, plan, revisions.Hash, cancel);
        await WriteAsync(set, plan.Status(revisions.Collisions), cancel);                                                      // 4
        if (failure is not null) return Result.Fail(failure);
        await log.TruncateAsync(revisions.Unused(mine), set.Spec.RevisionHistoryLimit, cancel);                                // 5
        return NextCheck(set, mine, wait, now);                                                                                // 6
    }

    private static Selector? ReadSelector(DaemonSet set)
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

    /// <summary>Pods that ended go, so that new ones take their place; those that failed not too fast. Returns how long the next has to wait.</summary>
    private TimeSpan? Replace(DaemonSet set, DaemonPlan plan)
    {
        TimeSpan? longest = null;
        foreach (var pod in plan.Ended)
        {
            var where = $"daemon pod {pod.Metadata.Namespace}/{pod.Metadata.Name} on node {DaemonPods.Node(pod)}";
            if (pod.Status.Phase == PodPhase.Failed)
            {
                if (failed.Wait(set.Metadata.Uid, DaemonPods.Node(pod)) is { } wait)
                {
                    longest = longest is null || wait < longest ? wait : longest;
                    continue;
                }
                events.Warning(set, "FailedDaemonPod", $"Found failed {where}, will try to kill it");
            }
            else events.Normal(set, "SucceededDaemonPod", $"Found succeeded {where}, will try to delete it");
            plan.Doomed.Add(pod);
        }
        return longest;
    }

    private async ValueTask<Exception?> ActAsync(DaemonSet set, DaemonPlan plan, string hash, CancellationToken cancel)
    {
        var next = 0;
        var created = await SlowStart.RunAsync(Math.Min(plan.Missing.Count, BurstMax), async () => await writes.CreateAsync(DaemonPods.Make(set, plan.Missing[next++], hash), set, cancel));
        var deleted = await SlowStart.BatchAsync(Math.Min(plan.Doomed.Count, BurstMax), i => writes.DeleteAsync(plan.Doomed[i], set, cancel));
        return created.Failure ?? deleted.Failure;
    }

    private async ValueTask WriteAsync(DaemonSet set, DaemonSetStatus status, CancellationToken cancel)
    {
        if (set.Status.ContentEquals(status)) return;
        var changed = set.DeepCopy();
        changed.Status = status;
        var update = await client.TryUpdateStatusAsync(changed, cancel);
        if (!update.IsNotFound) update.OrThrow();
    }

    private static Result NextCheck(DaemonSet set, IEnumerable<Pod> pods, TimeSpan? wait, DateTimeOffset now)
    {
        if (set.Spec.MinReadySeconds > 0 && pods.Select(pod => PodState.AvailableAt(pod, set.Spec.MinReadySeconds)).Where(at => at > now).Min() is { } next)
            wait = wait is { } known && known < next - now ? known : next - now;
        return wait is { } after ? Result.After(after) : Result.Done;
    }
}
