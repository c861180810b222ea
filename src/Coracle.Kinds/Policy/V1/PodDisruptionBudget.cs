using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Policy.V1;

/// <summary>How many of some pods must stay when pods are asked to leave.</summary>
[Kind("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", ShortNames = ["pdb"], Status = true, Generation = true, UnconditionalUpdate = false,
    Rules = typeof(PodDisruptionBudgetRules))]
public sealed partial class PodDisruptionBudget
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What must stay.</summary>
    [Field(2)]
    public PodDisruptionBudgetSpec Spec { get; set; } = new();

    /// <summary>What may go now.</summary>
    [Field(3)]
    public PodDisruptionBudgetStatus Status { get; set; } = new();
}

/// <summary>What must stay.</summary>
[ApiType]
public sealed partial class PodDisruptionBudgetSpec
{
    /// <summary>How many of the pods must stay healthy, as a number or a share. Not with maxUnavailable.</summary>
    [Field(1)]
    public IntOrString? MinAvailable { get; set; }

    /// <summary>Labels of the pods that are meant. All pods of the namespace when it is empty, none when it is absent.</summary>
    [Field(2), Patch("replace")]
    public LabelSelector? Selector { get; set; }

    /// <summary>How many of the pods may be missing, as a number or a share. Not with minAvailable.</summary>
    [Field(3)]
    public IntOrString? MaxUnavailable { get; set; }

    /// <summary>When running pods that are not healthy may go: while enough others are healthy (IfHealthyBudget), or always (AlwaysAllow).</summary>
    [Field(4)]
    public string? UnhealthyPodEvictionPolicy { get; set; }
}

/// <summary>What may go now.</summary>
[ApiType]
public sealed partial class PodDisruptionBudgetStatus
{
    /// <summary>The generation of the budget that this status reflects.</summary>
    [Field(1)]
    public long ObservedGeneration { get; set; }

    /// <summary>Pods that were allowed to go and whose deletion has not been seen yet, and when that was.</summary>
    [Field(2)]
    public Dictionary<string, DateTimeOffset>? DisruptedPods { get; set; }

    /// <summary>How many pods may go.</summary>
    [Field(3, Always = true)]
    public int DisruptionsAllowed { get; set; }

    /// <summary>Pods that are healthy.</summary>
    [Field(4, Always = true)]
    public int CurrentHealthy { get; set; }

    /// <summary>Pods that must stay healthy.</summary>
    [Field(5, Always = true)]
    public int DesiredHealthy { get; set; }

    /// <summary>Pods that are meant to be there.</summary>
    [Field(6, Always = true)]
    public int ExpectedPods { get; set; }

    /// <summary>Whether pods may go: DisruptionAllowed.</summary>
    [Field(7), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<Condition>? Conditions { get; set; }
}

/// <summary>When running pods that are not healthy may go.</summary>
public static class UnhealthyPodEvictionPolicy
{
    public const string IfHealthyBudget = "IfHealthyBudget";
    public const string AlwaysAllow = "AlwaysAllow";
}
