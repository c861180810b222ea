namespace Coracle.Bench;

/// <summary>How much there is of what the scale runs put into a cluster.</summary>
public sealed record ScaleOptions
{
    /// <summary>Nodes: simulated ones of an instance of one's own, or for scheduling such as exist in the API alone.</summary>
    public int Nodes { get; init; } = 5_000;

    /// <summary>Pods that get a node.</summary>
    public int Scheduled { get; init; } = 10_000;

    /// <summary>Replicas of the deployment.</summary>
    public int Replicas { get; init; } = 10_000;
    public int Services { get; init; } = 60;

    /// <summary>Pods behind all services together.</summary>
    public int Endpoints { get; init; } = 2_500;
    public int Jobs { get; init; } = 25_000;

    /// <summary>Objects of the namespace that is deleted.</summary>
    public int Content { get; init; } = 20_000;

    /// <summary>How long one of these runs may last.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(6);
}
