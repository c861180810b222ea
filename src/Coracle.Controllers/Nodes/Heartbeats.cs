using Coracle.Kinds.Coordination.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>
/// When each node was last heard of, by this process's own clock: what nodes write into leases are their clocks' times, of which only the change counts.
/// After a restart every node is heard of at the start, and has its whole grace period again.
/// </summary>
internal sealed class Heartbeats(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Beat> beats = new(StringComparer.Ordinal);

    private readonly record struct Beat(DateTimeOffset? Renewed, DateTimeOffset? Posted, long At);

    /// <summary>A lease was seen: the node lives if it was renewed since it was last seen.</summary>
    public void Saw(Lease lease)
    {
        lock (gate)
        {
            var known = beats.TryGetValue(lease.Metadata.Name, out var beat);
            if (!known || lease.Spec.RenewTime > beat.Renewed || beat.Renewed is null) beats[lease.Metadata.Name] = beat with { Renewed = lease.Spec.RenewTime, At = time.GetTimestamp() };
        }
    }

    /// <summary>A node's status was seen: it lives if it has posted its state since it was last seen.</summary>
    public void Saw(Node node)
    {
        var posted = NodeTaints.Condition(node, NodeConditionType.Ready)?.LastHeartbeatTime;
        lock (gate)
        {
            var known = beats.TryGetValue(node.Metadata.Name, out var beat);
            if (!known || posted != beat.Posted) beats[node.Metadata.Name] = beat with { Posted = posted, At = time.GetTimestamp() };
        }
    }

    /// <summary>For how long nothing was heard of the node.</summary>
    public TimeSpan Silence(string node)
    {
        lock (gate) return beats.TryGetValue(node, out var beat) ? time.GetElapsedTime(beat.At) : TimeSpan.Zero;
    }

    public void Forget(string node)
    {
        lock (gate) beats.Remove(node);
    }

    /// <summary>Every node was heard of just now: while none was, it was this side that heard nothing.</summary>
    public void PardonAll()
    {
        lock (gate)
            foreach (var node in beats.Keys.ToList()) beats[node] = beats[node] with { At = time.GetTimestamp() };
    }
}
