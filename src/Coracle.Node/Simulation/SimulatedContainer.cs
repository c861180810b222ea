namespace Coracle.Node.Simulation;

/// <summary>A container of a simulated node, as those who decide what becomes of it see it.</summary>
public sealed record SimulatedContainer
{
    public required string Namespace { get; init; }
    public required string Pod { get; init; }
    public required string Name { get; init; }

    /// <summary>As the pod names it.</summary>
    public required string Image { get; init; }

    /// <summary>How often a container of this name was started in the pod before.</summary>
    public required int Restarts { get; init; }

    /// <summary>Command and arguments, one after the other.</summary>
    public required IReadOnlyList<string> Command { get; init; }
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Of the pod.</summary>
    public required IReadOnlyDictionary<string, string> Annotations { get; init; }
}
