using Coracle.Sdk;

namespace Coracle.Bench;

/// <summary>What is measured, and how much of it.</summary>
public sealed record BenchOptions
{
    public required ClusterConfig Cluster { get; init; }

    /// <summary>Names out of <see cref="BenchSession.Known"/>, in the order in which they run.</summary>
    public IReadOnlyList<string> Runs { get; init; } = ["create", "get", "list", "watch"];

    /// <summary>Pods that are created, and that lists are made of.</summary>
    public int Objects { get; init; } = 10_000;

    /// <summary>A pod as it is sent, in bytes.</summary>
    public int ObjectBytes { get; init; } = 2048;
    public IReadOnlyList<int> Writers { get; init; } = [1, 64];
    public IReadOnlyList<int> Readers { get; init; } = [1, 64];
    public IReadOnlyList<int> Listers { get; init; } = [1, 8];
    public int Watchers { get; init; } = 1000;
    public int UpdatesPerSecond { get; init; } = 200;

    /// <summary>Replicas of the deployment that the pods run waits for.</summary>
    public int Pods { get; init; } = 1000;

    public ScaleOptions Scale { get; init; } = new();

    /// <summary>How long ago the server was started, where that was for this measurement.</summary>
    public TimeSpan Since { get; init; }

    /// <summary>The server ends with the measurement: nothing needs to be put in order at its end.</summary>
    public bool IsThrownAway { get; init; }

    /// <summary>How long a single measurement lasts at most.</summary>
    public TimeSpan Each { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long all of it may last, cleaning up aside.</summary>
    public TimeSpan All { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The server's processes on this machine; empty where they cannot be looked at.</summary>
    public IReadOnlyList<int> Pids { get; init; } = [];
    public Action<string> Progress { get; init; } = static _ => { };
}

/// <summary>Why nothing could be measured, for the user.</summary>
public sealed class BenchException(string message, Exception? inner = null) : Exception(message, inner);
