namespace Coracle.Kinds.Scheduling.V1;

/// <summary>The priorities that every cluster has, and those that users may have.</summary>
public static class SystemPriority
{
    /// <summary>Names that begin so are the system's.</summary>
    public const string Prefix = "system-";

    /// <summary>The highest value that a user's class may have.</summary>
    public const int UserMax = 1_000_000_000;

    /// <summary>The classes that are there from the first moment (upstream: apis/scheduling/v1, SystemPriorityClasses).</summary>
    public static IReadOnlyList<PriorityClass> Classes { get; } =
    [
        new()
        {
            Metadata = new() { Name = "system-node-critical" }, Value = 2_000_001_000,
            Description = "Used for system critical pods that must not be moved from their current node.",
        },
        new()
        {
            Metadata = new() { Name = "system-cluster-critical" }, Value = 2_000_000_000,
            Description = "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
        },
    ];

    /// <summary>What is wrong with a class that claims to be one of the system's; null when nothing is.</summary>
    internal static string? Problem(PriorityClass obj)
    {
        if (Classes.FirstOrDefault(c => c.Metadata.Name == obj.Metadata.Name) is not { } known) return $"{obj.Metadata.Name} is not a known system priority class";
        if (obj.Value != known.Value) return $"value of {known.Metadata.Name} PriorityClass must be {known.Value}";
        return obj.GlobalDefault != known.GlobalDefault ? $"globalDefault of {known.Metadata.Name} PriorityClass must be {(known.GlobalDefault ? "true" : "false")}" : null;
    }
}
