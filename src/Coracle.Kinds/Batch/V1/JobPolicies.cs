using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

/// <summary>What failures of certain kinds mean for a job.</summary>
[ApiType]
public sealed partial class PodFailurePolicy
{
    /// <summary>The first rule that matches decides; without a match the failure counts towards the backoff limit.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<PodFailurePolicyRule>? Rules { get; set; }
}

/// <summary>What failures of one kind mean. One of onExitCodes and onPodConditions is set.</summary>
[ApiType]
public sealed partial class PodFailurePolicyRule
{
    /// <summary>What to do: FailJob, FailIndex, Ignore (do not count it) or Count.</summary>
    [Field(1), Required]
    public string Action { get; set; } = "";

    /// <summary>Failures by exit code.</summary>
    [Field(2)]
    public PodFailurePolicyOnExitCodesRequirement? OnExitCodes { get; set; }

    /// <summary>Failures by conditions of the pod; one of them suffices.</summary>
    [Field(3), ListType("atomic")]
    public List<PodFailurePolicyOnPodConditionsPattern>? OnPodConditions { get; set; }
}

/// <summary>Failures by exit code.</summary>
[ApiType]
public sealed partial class PodFailurePolicyOnExitCodesRequirement
{
    /// <summary>The container that is meant; any when absent.</summary>
    [Field(1)]
    public string? ContainerName { get; set; }

    /// <summary>In, or NotIn for all codes but these and 0.</summary>
    [Field(2), Required]
    public string Operator { get; set; } = "";

    /// <summary>The exit codes, in ascending order.</summary>
    [Field(3), Required, ListType("set")]
    public List<int>? Values { get; set; }
}

/// <summary>A condition of a failed pod.</summary>
[ApiType]
public sealed partial class PodFailurePolicyOnPodConditionsPattern
{
    /// <summary>The condition's type.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>The condition's status. True unless given.</summary>
    [Field(2, Always = true), Default("True")]
    public string Status { get; set; } = "";
}

/// <summary>When a job counts as done before all its pods have succeeded.</summary>
[ApiType]
public sealed partial class SuccessPolicy
{
    /// <summary>One rule that holds suffices.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<SuccessPolicyRule>? Rules { get; set; }
}

/// <summary>When a job counts as done. With both fields, so many of these indexes must succeed.</summary>
[ApiType]
public sealed partial class SuccessPolicyRule
{
    /// <summary>Indexes that must succeed, as numbers and ranges: "0,2-4".</summary>
    [Field(1)]
    public string? SucceededIndexes { get; set; }

    /// <summary>How many indexes must succeed.</summary>
    [Field(2)]
    public int? SucceededCount { get; set; }
}

/// <summary>What a failure means for a job.</summary>
public static class PodFailurePolicyAction
{
    public const string FailJob = "FailJob";
    public const string FailIndex = "FailIndex";
    public const string Ignore = "Ignore";
    public const string Count = "Count";
}

/// <summary>How exit codes are compared.</summary>
public static class PodFailurePolicyOnExitCodesOperator
{
    public const string In = "In";
    public const string NotIn = "NotIn";
}
