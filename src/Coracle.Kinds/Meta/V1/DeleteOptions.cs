using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>How an object is to be deleted.</summary>
[ApiType]
public sealed partial class DeleteOptions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>Seconds for the object to end in order; 0 deletes at once. The kind's own unless given.</summary>
    [Field(1)]
    public long? GracePeriodSeconds { get; set; }

    /// <summary>What must hold, or the deletion is refused as a conflict.</summary>
    [Field(2)]
    public Preconditions? Preconditions { get; set; }

    /// <summary>Old form of propagationPolicy: true for Orphan.</summary>
    [Field(3)]
    public bool? OrphanDependents { get; set; }

    /// <summary>What becomes of the objects that this one owns: Orphan, Background or Foreground (they go first).</summary>
    [Field(4)]
    public string? PropagationPolicy { get; set; }

    /// <summary>"All" does everything but store the outcome.</summary>
    [Field(5), ListType("atomic")]
    public List<string>? DryRun { get; set; }

    /// <summary>Deletes an object that can no longer be read, finalizers and all.</summary>
    [Field(6)]
    public bool? IgnoreStoreReadErrorWithClusterBreakingPotential { get; set; }
}

/// <summary>What must hold for an object to be changed.</summary>
[ApiType]
public sealed partial class Preconditions
{
    /// <summary>Its UID.</summary>
    [Field(1)]
    public string? Uid { get; set; }

    /// <summary>Its version.</summary>
    [Field(2)]
    public string? ResourceVersion { get; set; }
}

/// <summary>What becomes of the objects that a deleted one owns.</summary>
public static class DeletionPropagation
{
    public const string Orphan = "Orphan";
    public const string Background = "Background";
    public const string Foreground = "Foreground";
}
