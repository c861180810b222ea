using System.Net;
using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>
/// Gives every node a range of pod addresses of its own, which it keeps (upstream: node-ipam-controller with the range allocator). What is taken is what
/// nodes say they have, so nothing is to be remembered. All nodes are served under one key: two at once could be given the same range.
/// </summary>
public sealed class NodeRangeReconciler : IReconciler
{
    /// <summary>Length of a node's prefix (upstream: --node-cidr-mask-size-ipv4 and -ipv6).</summary>
    private const int PrefixV4 = 24, PrefixV6 = 64;

    private static readonly Key All = new("nodes");

    private readonly Client client;
    private readonly Informer<Node> nodes;
    private readonly EventRecorder events;
    private readonly AddressRanges ranges;

    private NodeRangeReconciler(Client client, InformerSet informers, IPNetwork podRange)
    {
        this.client = client;
        nodes = informers.For<Node>();
        events = new(client, "cidrAllocator");
        ranges = new(podRange, podRange.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? PrefixV6 : PrefixV4);
    }

    /// <param name="informers">The caches.</param>
    /// <param name="podRange">Of which nodes get their parts.</param>
    public static Controller NewController(InformerSet informers, IPNetwork podRange) => new ControllerBuilder("node-ipam-controller", informers)
        .Watches<Node>(static _ => [All], static delta => delta.New is null || NeedsRange(delta.New)) // a node that goes gives its range back
        .Build(new NodeRangeReconciler(informers.Client.As("node-ipam-controller"), informers, podRange));

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        var all = nodes.List();
        if (!all.Any(NeedsRange)) return Result.Done;
        var taken = Taken(all);
        var next = 0L;
        foreach (var node in all.Where(NeedsRange).OrderBy(static n => n.Metadata.CreationTimestamp).ThenBy(static n => n.Metadata.Name, StringComparer.Ordinal))
        {
            while (taken.Contains(next)) next++;
            if (next >= ranges.Count) events.Normal(node, "CIDRNotAvailable", $"Node {node.Metadata.Name} status is now: CIDRNotAvailable");
            else if (await AssignAsync(node, ranges[next], cancel)) next++;
        }
        return Result.Done;
    }

    private static bool NeedsRange(Node node) => node.Spec.PodCIDR.Length == 0 && node.Metadata.DeletionTimestamp is null;

    private HashSet<long> Taken(IReadOnlyList<Node> all)
    {
        var taken = new HashSet<long>();
        foreach (var cidr in all.SelectMany(static n => n.Spec.PodCIDRs ?? [n.Spec.PodCIDR]))
            if (IPNetwork.TryParse(cidr, out var range) && ranges.Overlap(range) is { } overlap)
                for (var i = overlap.First; i <= overlap.Last; i++) taken.Add(i);
        return taken;
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
