using System.Text.Json.Nodes;
using Coracle.Kinds.Coordination.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>
/// Watches over nodes: one that falls silent is declared unreachable, its taints follow its conditions, and its pods cease to be ready (upstream:
/// pkg/controller/nodelifecycle). What evicts the pods is <see cref="TaintEvictionReconciler"/>.
/// </summary>
public sealed class NodeLifecycleReconciler : IReconciler
{
    private const int Workers = 8; // as upstream: UpdateWorkerSize
    private const string LeaseNamespace = "kube-node-lease";

    private readonly Client client;
    private readonly NodeLifecycleOptions options;
    private readonly Informer<Node> nodes;
    private readonly Informer<Lease> leases;
    private readonly ObjectIndex<Pod> podsByNode;
    private readonly Heartbeats heartbeats;
    private readonly EvictionPace pace;
    private readonly EventRecorder events;

    // Who loses its pods next is decided with all nodes in view, by one worker at a time.
    private readonly Lock judging = new();
    private bool allWereDown;

    private NodeLifecycleReconciler(Client client, InformerSet informers, NodeLifecycleOptions options)
    {
        this.client = client;
        this.options = options;
        nodes = informers.For<Node>();
        leases = informers.For<Lease>(NodeLeases);
        podsByNode = informers.For<Pod>().Index("spec.nodeName", static pod => [pod.Spec.NodeName]);
        heartbeats = new(client.Time);
        pace = new(client.Time);
        events = new(client, "node-controller");
    }

    private static CacheScope NodeLeases { get; } = new() { Namespace = LeaseNamespace };

    public static Controller NewController(InformerSet informers, NodeLifecycleOptions? options = null)
    {
        var reconciler = new NodeLifecycleReconciler(informers.Client.As("node-controller"), informers, options ?? new());
        return new ControllerBuilder("node-lifecycle-controller", informers)
            .Source(reconciler.Listen).For<Node>().Reads(reconciler.leases).Reads<Pod>()
            .Workers(Workers).Build(reconciler);
    }

    // Leases are renewed all the time: that is noted and calls for nothing.
    private void Listen(Controller controller)
    {
        leases.Subscribe(delta =>
        {
            if (delta.New is { } lease) heartbeats.Saw(lease);
        });
        nodes.Subscribe(delta =>
        {
            if (delta.New is { } node) heartbeats.Saw(node);
            else heartbeats.Forget(delta.Object.Metadata.Name);
            if (delta.Type == DeltaType.Added) Tell(delta.Object, "RegisteredNode", "Registered Node", "in Controller");
            if (delta.Type == DeltaType.Deleted) Tell(delta.Object, "RemovingNode", "Removing Node", "from Controller");
        });
    }

    private void Tell(Node node, string reason, string what, string where) =>
        events.Normal(node, reason, $"Node {node.Metadata.Name} event: {what} {node.Metadata.Name} {where}");

    /// <summary>1. A silent node's conditions become Unknown. 2. Taints follow conditions. 3. Pods of a node that is not heard of are not ready either. 4. Again when that may change by time.</summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (nodes.Get(key) is not { } node) return Result.Done;
        var remaining = Limit(node) - heartbeats.Silence(key.Name);
        if (remaining <= TimeSpan.Zero) node = await DeclareUnknownAsync(node, cancel);                         // 1
        await TaintAsync(node, cancel);                                                                         // 2
        var ready = NodeTaints.Condition(node, NodeConditionType.Ready)?.Status;
        if (ready == ConditionStatus.Unknown) await MarkPodsNotReadyAsync(node, cancel);                        // 3
        return Result.After(ready == ConditionStatus.True || options.MonitorPeriod > remaining && remaining > TimeSpan.Zero ? remaining : options.MonitorPeriod);   // 4
    }

    private TimeSpan Limit(Node node) => NodeTaints.Condition(node, NodeConditionType.Ready) is null ? options.StartupGracePeriod : options.GracePeriod;

    private async ValueTask<Node> DeclareUnknownAsync(Node node, CancellationToken cancel)
    {
        var changed = node.DeepCopy();
        if (!NodeHealth.SetUnknown(changed, client.Time.GetUtcNow())) return node;
        var wasReady = NodeTaints.ReadyStatus(node) == ConditionStatus.True;
        var updated = (await client.TryUpdateStatusAsync(changed, cancel)).OrThrow(); // a conflict: the node has just been heard of
        if (wasReady) events.Normal(node, "NodeNotReady", $"Node {node.Metadata.Name} status is now: NodeNotReady");
        return updated;
    }

    private async ValueTask TaintAsync(Node node, CancellationToken cancel)
    {
        var wanted = NodeTaints.Wanted(node, Evicting(node), client.Time.GetUtcNow());
        if (NodeTaints.Same(wanted, node.Spec.Taints)) return;
        var changed = node.DeepCopy();
        changed.Spec.Taints = wanted;
        var taints = JsonNode.Parse(Schema.ApiJson.ToBytes(changed.Spec))!["taints"]?.DeepClone() ?? new JsonArray();
        var patch = new JsonObject
        {
            // The list is replaced as a whole: nobody's taint of just now may be lost.
            ["metadata"] = new JsonObject { ["resourceVersion"] = node.Metadata.ResourceVersion, ["uid"] = node.Metadata.Uid },
            ["spec"] = new JsonObject { ["taints"] = taints },
        };
        var patched = await client.TryPatchAsync<Node>(Key.Of(node), Patch.Merge(patch), null, cancel);
        if (!patched.IsNotFound) patched.OrThrow();
    }

    /// <summary>The NoExecute taint that the node should have now: a new one as fast as its zone may lose nodes, none while nothing is ready at all.</summary>
    private string? Evicting(Node node)
    {
        if (NodeTaints.Evicting(node) is not { } taint) return null;
        lock (judging) return Evicting(node, taint);
    }

    private string? Evicting(Node node, string taint)
    {
        var zones = ZoneHealth.Of(nodes.List());
        if (ZoneHealth.AllDown(zones))
        {
            allWereDown = true;
            return null;
        }
        if (allWereDown)
        {
            allWereDown = false;
            heartbeats.PardonAll();
        }
        if (NodeTaints.Has(node, NodeTaints.NotReady, TaintEffect.NoExecute) || NodeTaints.Has(node, NodeTaints.Unreachable, TaintEffect.NoExecute)) return taint;
        var zone = ZoneHealth.ZoneOf(node);
        return pace.TryBegin(zone, (zones.GetValueOrDefault(zone) ?? new(0, 1)).Rate(options)) ? taint : null;
    }

    private async ValueTask MarkPodsNotReadyAsync(Node node, CancellationToken cancel)
    {
        foreach (var pod in podsByNode.Get(node.Metadata.Name))
        {
            if (!PodEndpoint.IsReady(pod)) continue;
            var changed = pod.DeepCopy();
            var condition = PodEndpoint.ReadyCondition(changed)!;
            (condition.Status, condition.LastTransitionTime) = (ConditionStatus.False, client.Time.GetUtcNow());
            var updated = await client.TryUpdateStatusAsync(changed, cancel);
            if (updated.IsNotFound || updated.IsConflict) continue; // gone, or changed: the node is looked at again soon
            updated.OrThrow();
            events.Warning(pod, "NodeNotReady", "Node is not ready");
        }
    }
}
