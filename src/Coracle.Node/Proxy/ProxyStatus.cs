namespace Coracle.Node.Proxy;

/// <summary>How the proxy fares, for health and metrics.</summary>
public sealed record ProxyStatus
{
    /// <summary>When rules were last loaded; null if never.</summary>
    public DateTimeOffset? LastLoad { get; init; }

    public TimeSpan LastLoadTook { get; init; }

    /// <summary>Why the last load failed; null if it worked.</summary>
    public string? LastError { get; init; }

    public int ConsecutiveFailures { get; init; }

    public long FullLoads { get; init; }

    public long IncrementalLoads { get; init; }

    public int Services { get; init; }

    public int Chains { get; init; }

    /// <summary>Healthy once the first load worked, and as long as no load fails.</summary>
    public bool IsHealthy => LastLoad is not null && ConsecutiveFailures == 0;
}
