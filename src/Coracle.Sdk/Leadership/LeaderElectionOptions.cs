namespace Coracle.Sdk;

/// <summary>Which lease decides who leads, and how fast. The times are upstream's defaults for controllers.</summary>
public sealed record LeaderElectionOptions
{
    /// <summary>Where the lease is.</summary>
    public required string Namespace { get; init; }

    /// <summary>Name of the lease.</summary>
    public required string Name { get; init; }

    /// <summary>This candidate, unlike all others: "host_4f2c".</summary>
    public required string Identity { get; init; }

    /// <summary>So long after its last renewal, as others observe it, a leader is taken for dead. Whole seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A leader that could not renew for so long stops leading. Less than <see cref="LeaseDuration"/>.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>Between two attempts to take or renew the lease.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Give the lease up when told to stop, so that the next leader need not wait. What it guarded must have ended by then, which RunAsync sees to.</summary>
    public bool ReleaseOnStop { get; init; } = true;
}
