using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

[ApiType]
public sealed partial class DeleteOptions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field(1)]
    public long? GracePeriodSeconds { get; set; }

    [Field(2)]
    public Preconditions? Preconditions { get; set; }

    [Field(3)]
    public bool? OrphanDependents { get; set; }

    [Field(4)]
    public string? PropagationPolicy { get; set; }

    [Field(5), ListType("atomic")]
    public List<string>? DryRun { get; set; }

    [Field(6)]
    public bool? IgnoreStoreReadErrorWithClusterBreakingPotential { get; set; }
}

[ApiType]
public sealed partial class Preconditions
{
    [Field(1)]
    public string? Uid { get; set; }

    [Field(2)]
    public string? ResourceVersion { get; set; }
}

public static class DeletionPropagation
{
    public const string Orphan = "Orphan";
    public const string Background = "Background";
    public const string Foreground = "Foreground";
}
