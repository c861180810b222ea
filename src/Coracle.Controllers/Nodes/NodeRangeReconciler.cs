using System.Net;
using System.Text.Json.Nodes;
using Coracle.Controllers.Pods;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>
/// Gives every node a range of pod addresses of its own, which it keeps (upstream: node-ipam-controller with the range allocator). What is taken is what
/// nodes say they have, so a restart forgets nothing. All nodes are served under one key: two at once could be given the same range.
/// </summary>
public sealed class NodeRangeReconciler : IReconciler
{
    /// <summary>Length of a node's prefix (upstream: --node-cidr-mask-size-ipv4 and -ipv6).</summary>
    private const int PrefixV4 = 24, PrefixV6 = 64;

    /// <summary>So many ranges are written at once (upstream: cidrUpdateWorkers).</summary>
    private const int WritesAtOnce = 30;

    private static readonly Key All = new("nodes");

    private readonly Client client;
    private readonly Informer<Node> nodes;
    private readonly EventRecorder events;
    private readonly AddressRanges ranges;
    private readonly RangeLedger ledger;

    private NodeRangeReconciler(Client client, InformerSet informers, IPNetwork podRange)
    {
        this.client = client;
        nodes = informers.For<Node>();
        events = new(client, "cidrAllocator");
        ranges = new(podRange, podRange.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? PrefixV6 : PrefixV4);
        ledger = new(ranges);
    }

    /// <param name="informers">The caches.</param>
    /// <param name="podRange">Of which nodes get their parts.</param>
    public static Controller NewController(InformerSet informers, IPNetwork podRange)
    {
        var reconciler = new NodeRangeReconciler(informers.Client.As("node-ipam-controller"), informers, podRange);
        return new ControllerBuilder("node-ipam-controller", informers).Reads<Node>().Source(reconciler.Follow).Build(reconciler);
    }

    // A node that goes gives its range back.
    private void Follow(Controller controller) => nodes.Subscribe(delta =>
    {
        if (ledger.Saw(delta.Key.Name, delta.New)) controller.Enqueue(All);
    });

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        var chosen = ledger.Choose();
        foreach (var (node, _) in chosen.Where(static c => c.Range is null)) events.Normal(node, "CIDRNotAvailable", $"Node {node.Metadata.Name} status is now: CIDRNotAvailable");
        Exception? failure = null;
        foreach (var some in chosen.Where(static c => c.Range is not null).Chunk(WritesAtOnce))
            failure = (await SlowStart.BatchAsync(some.Length, async i => await GiveAsync(some[i].Node, some[i].Range!.Value, cancel))).Failure ?? failure;
        return failure is null ? Result.Done : Result.Fail(failure);
    }

    // Whoever was not there, or another by now, is seen again when the cache shows it.
    private async ValueTask GiveAsync(Node node, long range, CancellationToken cancel)
    {
        var isWritten = false;
        try
        {
            isWritten = await AssignAsync(node, ranges[range], cancel);
        }
        finally
        {
            if (!isWritten) ledger.TakeBack(node.Metadata.Name);
        }
    }

    private async ValueTask<bool> AssignAsync(Node node, IPNetwork range, CancellationToken cancel)
    {
        var text = range.ToString();
        var patch = new JsonObject
        {
            // Named by uid: a node that was deleted and made anew in the meantime is another.
            ["metadata"] = new JsonObject { ["uid"] = node.Metadata.Uid },
            ["spec"] = new JsonObject { ["podCIDR"] = text, ["podCIDRs"] = new JsonArray(text) },
        };
        var assigned = await client.TryPatchAsync<Node>(Key.Of(node), Patch.Strategic(patch), null, cancel);
        if (assigned.IsNotFound || assigned.IsConflict) return false;
        assigned.OrThrow();
        return true;
    }
}
