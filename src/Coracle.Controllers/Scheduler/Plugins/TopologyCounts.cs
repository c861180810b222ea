using System.Runtime.InteropServices;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>Numbers by topology: by a label of nodes and its value.</summary>
/// <param name="under">What these are added to, and which they leave as it is.</param>
internal sealed class TopologyCounts(TopologyCounts? under = null)
{
    private readonly Dictionary<(string Key, string Value), long> counts = [];
    private int topologies = under?.topologies ?? 0;

    /// <summary>All numbers are 0.</summary>
    public bool IsEmpty => topologies == 0;

    public void Clear()
    {
        counts.Clear();
        topologies = 0;
    }

    public void Add(Node node, string key, long amount)
    {
        if (amount == 0 || node.Metadata.Labels is not { } labels || !labels.TryGetValue(key, out var value)) return;
        var before = Of(key, value);
        if (before == 0) topologies++;
        else if (before + amount == 0) topologies--;
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, (key, value), out _);
        count += amount;
        if (count == 0) counts.Remove((key, value));
    }

    public long Of(string key, string value) => (under is null ? 0 : under.Of(key, value)) + (counts.Count == 0 ? 0 : counts.GetValueOrDefault((key, value)));

    /// <summary>Of the node's topology; 0 when the node has none.</summary>
    public long Of(Node node, string key) => node.Metadata.Labels is { } labels && labels.TryGetValue(key, out var value) ? Of(key, value) : 0;
}
