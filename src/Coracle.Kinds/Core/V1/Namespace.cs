using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[Kind("v1", "Namespace", "namespaces", ShortNames = ["ns"], Namespaced = false, Status = true, Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"], Selectable = ["status.phase"], Rules = typeof(NamespaceRules))]
public sealed partial class Namespace
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public NamespaceSpec Spec { get; set; } = new();

    [Field(3)]
    public NamespaceStatus Status { get; set; } = new();
}

[ApiType]
public sealed partial class NamespaceSpec
{
    [Field(1), ListType("atomic")]
    public List<string>? Finalizers { get; set; }
}

[ApiType]
public sealed partial class NamespaceStatus
{
    [Field(1), Default("Active")]
    public string Phase { get; set; } = "";

    [Field(2), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<NamespaceCondition>? Conditions { get; set; }
}

[ApiType]
public sealed partial class NamespaceCondition
{
    [Field(1), Required]
    public string Type { get; set; } = "";

    [Field(2), Required]
    public string Status { get; set; } = "";

    [Field(4, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    [Field(5)]
    public string Reason { get; set; } = "";

    [Field(6)]
    public string Message { get; set; } = "";
}

public static class NamespacePhase
{
    public const string Active = "Active";
    public const string Terminating = "Terminating";
}

public static class NamespaceConditionType
{
    public const string NamespaceDeletionDiscoveryFailure = "NamespaceDeletionDiscoveryFailure";
    public const string NamespaceDeletionContentFailure = "NamespaceDeletionContentFailure";
    public const string NamespaceDeletionGroupVersionParsingFailure = "NamespaceDeletionGroupVersionParsingFailure";
    public const string NamespaceContentRemaining = "NamespaceContentRemaining";
    public const string NamespaceFinalizersRemaining = "NamespaceFinalizersRemaining";
}
