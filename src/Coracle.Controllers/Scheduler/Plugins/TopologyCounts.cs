using System.Runtime.InteropServices;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Scheduling;

/// <summary>Numbers by topology: by a label of nodes and its value.</summary>
internal sealed class TopologyCounts
{
    private readonly Dictionary<(string Key, string Value), long> counts = [];

    public bool IsEmpty => counts.Count == 0;
    public Dictionary<(string Key, string Value), long>.Enumerator GetEnumerator() => counts.GetEnumerator();

    public void Add(Node node, string key, long amount)
    {
        if (amount == 0 || node.Metadata.Labels is not { } labels || !labels.TryGetValue(key, out var value)) return;
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, (key, value), out _);
        count += amount;
        if (count == 0) counts.Remove((key, value));
    }

    public long Of(string key, string value) => counts.GetValueOrDefault((key, value));

    /// <summary>Of the node's topology; 0 when the node has none.</summary>
    public long Of(Node node, string key) => node.Metadata.Labels is { } labels && labels.TryGetValue(key, out var value) ? Of(key, value) : 0;
}
