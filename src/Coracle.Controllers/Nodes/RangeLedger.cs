using System.Net;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>
/// Which ranges are taken, as the nodes themselves say, and which nodes wait for one: brought up to date by each node's change, so that what a change costs
/// does not grow with the cluster. What was given and does not show yet counts as taken. Methods may be called from any thread.
/// </summary>
internal sealed class RangeLedger(AddressRanges ranges)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<(long First, long Last)>> held = new(StringComparer.Ordinal);
    private readonly Dictionary<long, int> taken = [];
    private readonly Dictionary<string, long> given = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Node> waiting = new(StringComparer.Ordinal);

    // Nodes for which there was none: of no interest until one comes back.
    private readonly Dictionary<string, Node> unserved = new(StringComparer.Ordinal);
    private long lowest;

    public static bool NeedsRange(Node node) => node.Spec.PodCIDR.Length == 0 && node.Metadata.DeletionTimestamp is null;

    /// <summary>Takes note of a node as it is now, or that it is gone (null). True when somebody may have to be given a range now.</summary>
    public bool Saw(string name, Node? node)
    {
        lock (gate)
        {
            held.Remove(name, out var before);
            waiting.Remove(name);
            var isUnserved = unserved.Remove(name);
            // What it holds now counts before what it held is let go: a node that only says that it lives frees nothing.
            if (node is not null && !NeedsRange(node)) Hold(name, node);
            var freed = before is not null && Release(before);
            if (node is null) freed |= given.Remove(name, out var reserved) && Lower(reserved);
            else if (NeedsRange(node)) (isUnserved && !freed ? unserved : waiting)[name] = node;
            if (freed) Recall();
            return waiting.Count > 0;
        }
    }

    private void Hold(string name, Node node)
    {
        List<(long First, long Last)>? mine = null;
        foreach (var cidr in node.Spec.PodCIDRs ?? [node.Spec.PodCIDR])
        {
            if (!IPNetwork.TryParse(cidr, out var range) || ranges.Overlap(range) is not { } overlap) continue;
            (mine ??= []).Add(overlap);
            for (var i = overlap.First; i <= overlap.Last; i++) taken[i] = taken.GetValueOrDefault(i) + 1;
        }
        if (mine is null) return;
        held[name] = mine;
        given.Remove(name);
    }

    private bool Release(List<(long First, long Last)> mine)
    {
        var freed = false;
        foreach (var (first, last) in mine)
            for (var i = first; i <= last; i++)
                if (--taken[i] == 0) freed |= taken.Remove(i) && Lower(i);
        return freed;
    }

    private bool Lower(long index)
    {
        lowest = Math.Min(lowest, index);
        return true;
    }

    private void Recall()
    {
        foreach (var (name, node) in unserved) waiting[name] = node;
        unserved.Clear();
    }

    /// <summary>The nodes that wait, oldest first, each with the range that it is to get; null where there is none left.</summary>
    public List<(Node Node, long? Range)> Choose()
    {
        lock (gate)
        {
            var chosen = new List<(Node, long?)>(waiting.Count);
            var reserved = given.Values.ToHashSet();
            foreach (var node in waiting.Values.OrderBy(static n => n.Metadata.CreationTimestamp).ThenBy(static n => n.Metadata.Name, StringComparer.Ordinal).ToList())
            {
                var name = node.Metadata.Name;
                if (given.ContainsKey(name)) continue; // its range is written and will show
                while (lowest < ranges.Count && (taken.ContainsKey(lowest) || reserved.Contains(lowest))) lowest++;
                if (lowest < ranges.Count)
                {
                    reserved.Add(given[name] = lowest);
                    chosen.Add((node, lowest));
                    continue;
                }
                waiting.Remove(name);
                unserved[name] = node;
                chosen.Add((node, null));
            }
            return chosen;
        }
    }

    /// <summary>The range could not be written: it is free again, and the node waits as before.</summary>
    public void TakeBack(string name)
    {
        lock (gate)
            if (given.Remove(name, out var index)) Lower(index);
    }
}
