using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A scope for names: two objects of one kind may share a name when their namespaces differ. Deleting it deletes all in it.</summary>
[Kind("v1", "Namespace", "namespaces", ShortNames = ["ns"], Namespaced = false, Status = true, Verbs = ["create", "delete", "get", "list",
    "patch", "update", "watch"], Selectable = ["status.phase"], Rules = typeof(NamespaceRules))]
public sealed partial class Namespace
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is wanted of the namespace.</summary>
    [Field(2)]
    public NamespaceSpec Spec { get; set; } = new();

    /// <summary>Where the namespace is in its life.</summary>
    [Field(3)]
    public NamespaceStatus Status { get; set; } = new();
}

/// <summary>What is wanted of a namespace.</summary>
[ApiType]
public sealed partial class NamespaceSpec
{
    /// <summary>Who must empty the namespace of their content before it can go: "kubernetes", at least. Changed by the finalize sub-resource.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? Finalizers { get; set; }
}

/// <summary>Where a namespace is in its life.</summary>
[ApiType]
public sealed partial class NamespaceStatus
{
    /// <summary>Active, or Terminating from the moment of deletion on.</summary>
    [Field(1), Default("Active")]
    public string Phase { get; set; } = "";

    /// <summary>What holds up a namespace's deletion.</summary>
    [Field(2), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<NamespaceCondition>? Conditions { get; set; }
}

/// <summary>One aspect of a namespace's deletion.</summary>
[ApiType]
public sealed partial class NamespaceCondition
{
    /// <summary>The aspect: what could not be discovered, parsed or deleted, or what remains.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>True, False or Unknown.</summary>
    [Field(2), Required]
    public string Status { get; set; } = "";

    /// <summary>When the status last changed from one value to another.</summary>
    [Field(4, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    /// <summary>One word in CamelCase that says why, for programs.</summary>
    [Field(5)]
    public string Reason { get; set; } = "";

    /// <summary>What is going on, in words for people.</summary>
    [Field(6)]
    public string Message { get; set; } = "";
}

/// <summary>The phases of a namespace.</summary>
public static class NamespacePhase
{
    public const string Active = "Active";
    public const string Terminating = "Terminating";
}

/// <summary>What can hold up the deletion of a namespace.</summary>
public static class NamespaceConditionType
{
    public const string NamespaceDeletionDiscoveryFailure = "NamespaceDeletionDiscoveryFailure";
    public const string NamespaceDeletionContentFailure = "NamespaceDeletionContentFailure";
    public const string NamespaceDeletionGroupVersionParsingFailure = "NamespaceDeletionGroupVersionParsingFailure";
    public const string NamespaceContentRemaining = "NamespaceContentRemaining";
    public const string NamespaceFinalizersRemaining = "NamespaceFinalizersRemaining";
}
