namespace Coracle.Node.Streaming;

/// <summary>Which streams an exec or attach has.</summary>
public sealed record RemoteCommandStreams
{
    public bool Stdin { get; init; }
    public bool Stdout { get; init; }

    /// <summary>Ignored with a terminal, which has one output.</summary>
    public bool Stderr { get; init; }

    /// <summary>A terminal, which can be resized.</summary>
    public bool Tty { get; init; }

    internal bool HasStderr => Stderr && !Tty;
}
