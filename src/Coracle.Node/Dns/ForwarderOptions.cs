using System.Collections.Immutable;
using System.Net;

namespace Coracle.Node.Dns;

/// <summary>Where and how names that are not the cluster's are looked up.</summary>
public sealed record ForwarderOptions
{
    /// <summary>Asked in this order; those that failed lately come last. Empty: such names are refused.</summary>
    public ImmutableArray<IPEndPoint> Upstreams { get; init; } = [];

    /// <summary>How long one server is waited for.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the whole list is gone through.</summary>
    public int Rounds { get; init; } = 2;

    /// <summary>A server that failed so often in a row comes last for a while.</summary>
    public int FailuresUntilLast { get; init; } = 3;

    public TimeSpan LastFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Look-ups under way at once, equal ones counted once; what goes beyond fails at once.</summary>
    public int ConcurrentMax { get; init; } = 512;

    /// <summary>Answers kept; the one unused for longest goes first.</summary>
    public int CacheEntriesMax { get; init; } = 10_000;

    public TimeSpan CacheTtlMax { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan NegativeCacheTtlMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a failure is remembered, so that a dead upstream is not waited for by every query.</summary>
    public TimeSpan FailureCacheTtl { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>How one upstream server fares.</summary>
/// <param name="IsLoop">Whether what it is asked comes back here; then it is not asked any more.</param>
public sealed record UpstreamHealth(IPEndPoint Server, int ConsecutiveFailures, bool IsLoop);
