namespace Coracle.Sdk;

/// <summary>What a client takes from outside: everything built on it (informers, queues, controllers, elections) takes these from the client.</summary>
public sealed record ClientOptions
{
    /// <summary>How the server logs this client, and how it owns fields unless <see cref="FieldManager"/> says otherwise.</summary>
    public string UserAgent { get; init; } = "coracle-sdk";

    /// <summary>Owner of the fields that this client writes; "" leaves it to the server, which derives it from the user agent.</summary>
    public string FieldManager { get; init; } = "";

    /// <summary>In whose name calls are made, where that is not the transport's own identity.</summary>
    public ApiUser? User { get; init; }
    /// <summary>The clock of whatever waits: another in tests.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Jitter and suffixes come from here; seed it for runs that repeat. It is locked, so need not be safe for threads.</summary>
    public Random Random { get; init; } =
#pragma warning disable RS0030 // The seam itself: where no run has to repeat, no seed is given.
        new();
#pragma warning restore RS0030
    /// <summary>Told of what happens that nobody called for: retries, broken watches, failed reconciles.</summary>
    public Action<LogEntry> Log { get; init; } = static _ => { };

    /// <summary>Where this client and what is built on it count.</summary>
    public MetricRegistry Metrics { get; init; } = new();
}

/// <summary>How bad it is.</summary>
public enum LogSeverity
{
    /// <summary>For those who look into it.</summary>
    Debug,

    /// <summary>As it should be.</summary>
    Info,

    /// <summary>Not as it should be, and it mends itself.</summary>
    Warning,

    /// <summary>It failed.</summary>
    Error,
}

/// <summary>Something worth telling: who tells it, what, and the failure that caused it, if any.</summary>
public sealed record LogEntry(LogSeverity Severity, string Source, string Message, Exception? Failure = null);
