using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>
/// Deletes pods from nodes with NoExecute taints that they do not tolerate, or not any longer (upstream: pkg/controller/tainteviction). The time counts from
/// when the taint was added, so that a restart gives nobody a new start; of a taint that does not say when, from when it was first seen.
/// </summary>
public sealed class TaintEvictionReconciler : IReconciler
{
    private readonly Client client;
    private readonly Informer<Pod> pods;
    private readonly Informer<Node> nodes;
    private readonly ObjectIndex<Pod> podsByNode;
    private readonly EventRecorder events;

    // Whose eviction was scheduled, and when: also for the event that tells when it is not any more.
    private readonly Lock gate = new();
    private readonly Dictionary<Key, (string Uid, DateTimeOffset Since)> scheduled = [];

    /// <summary>How many pods are about to be evicted.</summary>
    internal int ScheduledCount
    {
        get { lock (gate) return scheduled.Count; }
    }

    private TaintEvictionReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        pods = informers.For<Pod>();
        nodes = informers.For<Node>();
        podsByNode = pods.Index("spec.nodeName", static pod => [pod.Spec.NodeName]);
        events = new(client, "taint-eviction-controller");
    }

    public static Controller NewController(InformerSet informers) => NewController(informers, out _);

    internal static Controller NewController(InformerSet informers, out TaintEvictionReconciler reconciler)
    {
        var made = reconciler = new TaintEvictionReconciler(informers.Client.As("taint-eviction-controller"), informers);
        return new ControllerBuilder("taint-eviction-controller", informers)
            .For<Pod>(static delta => delta is not { Old: { } old, New: { } current }
                || old.Spec.NodeName != current.Spec.NodeName || old.Spec.Tolerations?.Count != current.Spec.Tolerations?.Count) // tolerations are only ever added
            .Watches<Node>(node => made.podsByNode.Get(node.Metadata.Name).Select(Key.Of), static delta =>
                delta is not { Old: { } old, New: { } current } || !NodeTaints.Same(NoExecute(old), NoExecute(current)))
            .Workers(8).Build(made);
    }

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (pods.Get(key) is not { } pod)
        {
            lock (gate) scheduled.Remove(key);
            return Result.Done;
        }
        var now = client.Time.GetUtcNow();
        var until = pod.Metadata.DeletionTimestamp is null && nodes.Get(new(pod.Spec.NodeName)) is { } node ? TaintTolerance.Until(pod, node.Spec.Taints, Since(pod, now)) : null;
        Schedule(pod, isScheduled: until is not null, now);
        if (until is not { } end) return Result.Done;
        if (end > now) return Result.After(end - now);
        await EvictAsync(pod, cancel);
        return Result.Done;
    }

    private DateTimeOffset Since(Pod pod, DateTimeOffset now)
    {
        lock (gate) return scheduled.TryGetValue(Key.Of(pod), out var known) && known.Uid == pod.Metadata.Uid ? known.Since : now;
    }

    private void Schedule(Pod pod, bool isScheduled, DateTimeOffset now)
    {
        lock (gate)
        {
            var key = Key.Of(pod);
            // Another pod of that name has a time of its own.
            if (scheduled.TryGetValue(key, out var known) && known.Uid != pod.Metadata.Uid) scheduled.Remove(key);
            if (isScheduled) scheduled.TryAdd(key, (pod.Metadata.Uid, now));
            else if (scheduled.Remove(key) && pod.Metadata.DeletionTimestamp is null)
                events.Record(Refer(pod), "Normal", "TaintManagerEviction", $"Cancelling deletion of Pod {Key.Of(pod)}");
        }
    }

    private async ValueTask EvictAsync(Pod pod, CancellationToken cancel)
    {
        events.Record(Refer(pod), "Normal", "TaintManagerEviction", $"Marking for deletion Pod {Key.Of(pod)}");
        var condition = new PodCondition
        {
            Type = PodConditionType.DisruptionTarget, Status = "True", Reason = "DeletionByTaintManager", Message = "Taint manager: deleting due to NoExecute taint",
        };
        var marked = await PodDisruption.MarkAsync(client, pod, condition, phase: null, cancel);
        if (!marked) return;
        await client.DeleteAsync(pod, null, cancel);
    }

    private static List<Taint>? NoExecute(Node node) => node.Spec.Taints?.FindAll(static t => t.Effect == TaintEffect.NoExecute);

    // As upstream names the pod: without a resourceVersion.
    private static ObjectReference Refer(Pod pod) => new()
    {
        ApiVersion = "v1", Kind = "Pod", Namespace = pod.Metadata.Namespace, Name = pod.Metadata.Name, Uid = pod.Metadata.Uid,
    };
}
