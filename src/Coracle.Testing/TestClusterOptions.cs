using Coracle.ApiServer;
using Coracle.Node.Simulation;
using Coracle.Sdk;

namespace Coracle.Testing;

/// <summary>What a <see cref="TestCluster"/> is made of.</summary>
public sealed record TestClusterOptions
{
    /// <summary>How many simulated nodes there are: 32 cores, 256 GiB and room for 250 pods each, on which containers start at once.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Decides names, uids, jitter, and which of several things that could happen next does. The same seed and the same test: the same run.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where the cluster's clock begins.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Answers the calls of webhooks, on the cluster's thread; none can be reached unless given.</summary>
    public WebhookTransport Webhooks { get; init; } = WebhookTransport.None;

    /// <summary>What becomes of containers, which of them are ready, and which images there are; by default what annotations of pods say.</summary>
    public ContainerScript Containers { get; init; } = ContainerScript.ByAnnotations;

    /// <summary>What goes wrong between controllers and server; null: nothing.</summary>
    internal FaultPlan? Faults { get; init; }

    /// <summary>Told of what the cluster logs, on the cluster's thread; for a test's output.</summary>
    public Action<LogEntry> Log { get; init; } = static _ => { };
}
