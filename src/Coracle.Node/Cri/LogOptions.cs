namespace Coracle.Node.Cri;

/// <summary>What of a log, as v1 <c>PodLogOptions</c> has it.</summary>
public sealed record LogOptions
{
    /// <summary>Go on with what is yet to come, until the container has ended.</summary>
    public bool Follow { get; init; }

    /// <summary>Only lines of that time or later (of sinceTime, or of sinceSeconds reckoned back from now).</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only so many lines of the file from its end; a partial line counts as one. Null is all.</summary>
    public long? TailLines { get; init; }

    /// <summary>No more than this, of what is written out; it may cut a line.</summary>
    public long? LimitBytes { get; init; }

    /// <summary>Each line begins with its time.</summary>
    public bool Timestamps { get; init; }

    public LogStreams Streams { get; init; } = LogStreams.All;
}
