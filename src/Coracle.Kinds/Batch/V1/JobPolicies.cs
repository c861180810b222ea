using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

[ApiType]
public sealed partial class PodFailurePolicy
{
    [Field(1), Required, ListType("atomic")]
    public List<PodFailurePolicyRule>? Rules { get; set; }
}

[ApiType]
public sealed partial class PodFailurePolicyRule
{
    [Field(1), Required]
    public string Action { get; set; } = "";

    [Field(2)]
    public PodFailurePolicyOnExitCodesRequirement? OnExitCodes { get; set; }

    [Field(3), ListType("atomic")]
    public List<PodFailurePolicyOnPodConditionsPattern>? OnPodConditions { get; set; }
}

[ApiType]
public sealed partial class PodFailurePolicyOnExitCodesRequirement
{
    [Field(1)]
    public string? ContainerName { get; set; }

    [Field(2), Required]
    public string Operator { get; set; } = "";

    [Field(3), Required, ListType("set")]
    public List<int>? Values { get; set; }
}

[ApiType]
public sealed partial class PodFailurePolicyOnPodConditionsPattern
{
    [Field(1), Required]
    public string Type { get; set; } = "";

    [Field(2, Always = true), Default("True")]
    public string Status { get; set; } = "";
}

[ApiType]
public sealed partial class SuccessPolicy
{
    [Field(1), Required, ListType("atomic")]
    public List<SuccessPolicyRule>? Rules { get; set; }
}

[ApiType]
public sealed partial class SuccessPolicyRule
{
    [Field(1)]
    public string? SucceededIndexes { get; set; }

    [Field(2)]
    public int? SucceededCount { get; set; }
}

public static class PodFailurePolicyAction
{
    public const string FailJob = "FailJob";
    public const string FailIndex = "FailIndex";
    public const string Ignore = "Ignore";
    public const string Count = "Count";
}

public static class PodFailurePolicyOnExitCodesOperator
{
    public const string In = "In";
    public const string NotIn = "NotIn";
}
