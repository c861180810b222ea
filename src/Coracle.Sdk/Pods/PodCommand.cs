using System.Threading.Channels;

namespace Coracle.Sdk;

/// <summary>A command to run in a container, or the attaching to the one that runs there.</summary>
public sealed record PodCommand
{
    /// <summary>Program and arguments; no shell is involved. Empty to attach.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>"" for the pod's only or default container.</summary>
    public string Container { get; init; } = "";

    /// <summary>Read to its end and sent; null for no input.</summary>
    public Stream? Stdin { get; init; }
    public Stream? Stdout { get; init; }

    /// <summary>Not with a terminal, which has one output.</summary>
    public Stream? Stderr { get; init; }
    public bool Tty { get; init; }

    /// <summary>Sizes of the terminal, as they change.</summary>
    public ChannelReader<TerminalSize>? Sizes { get; init; }
}

public readonly record struct TerminalSize(int Width, int Height);

/// <summary>How a command ended.</summary>
public sealed record PodCommandResult(int ExitCode, string Message)
{
    public bool Ok => ExitCode == 0;
}

/// <summary>Which lines of a container's log are wanted.</summary>
public sealed record PodLogQuery
{
    public string Container { get; init; } = "";
    public bool Follow { get; init; }

    /// <summary>Of the container's last run.</summary>
    public bool Previous { get; init; }
    public bool Timestamps { get; init; }
    public long? TailLines { get; init; }
    public TimeSpan? Since { get; init; }
    public long? LimitBytes { get; init; }
}
