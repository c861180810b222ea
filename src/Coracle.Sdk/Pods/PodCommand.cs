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
    /// <summary>Where its output goes; null: nowhere.</summary>
    public Stream? Stdout { get; init; }

    /// <summary>Not with a terminal, which has one output.</summary>
    public Stream? Stderr { get; init; }
    /// <summary>It runs in a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>Sizes of the terminal, as they change.</summary>
    public ChannelReader<TerminalSize>? Sizes { get; init; }
}

/// <summary>The size of a terminal.</summary>
/// <param name="Width">In characters.</param>
/// <param name="Height">In lines.</param>
public readonly record struct TerminalSize(int Width, int Height);

/// <summary>How a command ended.</summary>
public sealed record PodCommandResult(int ExitCode, string Message)
{
    /// <summary>It ended with 0.</summary>
    public bool Ok => ExitCode == 0;
}

/// <summary>Which lines of a container's log are wanted.</summary>
public sealed record PodLogQuery
{
    /// <summary>Whose log it is; the only one, or the default one, unless said.</summary>
    public string Container { get; init; } = "";
    /// <summary>It goes on with what is written from now on.</summary>
    public bool Follow { get; init; }

    /// <summary>Of the container's last run.</summary>
    public bool Previous { get; init; }
    /// <summary>Each line begins with its time.</summary>
    public bool Timestamps { get; init; }
    /// <summary>Only so many lines from the end.</summary>
    public long? TailLines { get; init; }
    /// <summary>Only what was written in the last so long.</summary>
    public TimeSpan? Since { get; init; }
    /// <summary>No more than this.</summary>
    public long? LimitBytes { get; init; }
}
