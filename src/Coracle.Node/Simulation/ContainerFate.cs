namespace Coracle.Node.Simulation;

/// <summary>What becomes of a simulated container. Unless it says otherwise it runs until it is stopped, and ends then at once and well.</summary>
public readonly record struct ContainerFate
{
    /// <summary>When it ends by itself; null: it does not.</summary>
    public TimeSpan? EndsAfter { get; init; }

    /// <summary>With which code it then ends.</summary>
    public int ExitCode { get; init; }

    /// <summary>How long it takes to end when it is asked to; what takes longer than its grace is killed, with 137.</summary>
    public TimeSpan StopsAfter { get; init; }

    /// <summary>With which code it ends when it is asked to.</summary>
    public int StoppedWith { get; init; }

    public static ContainerFate Runs => default;
    public static ContainerFate Ends(int code = 0, TimeSpan after = default) => new() { EndsAfter = after, ExitCode = code };
}
