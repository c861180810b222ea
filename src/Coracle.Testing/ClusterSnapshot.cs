using Coracle.Hosting;
using Coracle.Sdk;
using Coracle.Store;

namespace Coracle.Testing;

/// <summary>
/// A cluster at a moment: its objects, what runs on its nodes, and its time. Any number of clusters can go on from it, each by itself; they begin as a cluster does after all of
/// its processes were restarted. Objects are shared until they change, so it costs little.
/// </summary>
public sealed class ClusterSnapshot
{
    internal ClusterSnapshot(MemoryStore store, IReadOnlyList<SimulatedNode> nodes, DateTimeOffset time) => (Store, Nodes, Time) = (store, nodes, time);

    internal MemoryStore Store { get; }
    internal IReadOnlyList<SimulatedNode> Nodes { get; }

    /// <summary>The webhooks that were attached, and are to the clusters that go on from here.</summary>
    internal IReadOnlyDictionary<string, WebhookSet> Webhooks { get; init; } = new Dictionary<string, WebhookSet>();

    /// <summary>When it was taken, by the cluster's clock.</summary>
    public DateTimeOffset Time { get; }
}
