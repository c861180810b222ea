using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class Toleration
{
    [Field(1)]
    public string Key { get; set; } = "";

    [Field(2)]
    public string Operator { get; set; } = "";

    [Field(3)]
    public string Value { get; set; } = "";

    [Field(4)]
    public string Effect { get; set; } = "";

    [Field(5)]
    public long? TolerationSeconds { get; set; }
}

[ApiType]
public sealed partial class TopologySpreadConstraint
{
    [Field(1), Required]
    public int MaxSkew { get; set; }

    [Field(2), Required]
    public string TopologyKey { get; set; } = "";

    [Field(3), Required]
    public string WhenUnsatisfiable { get; set; } = "";

    [Field(4)]
    public LabelSelector? LabelSelector { get; set; }

    [Field(5)]
    public int? MinDomains { get; set; }

    [Field(6)]
    public string? NodeAffinityPolicy { get; set; }

    [Field(7)]
    public string? NodeTaintsPolicy { get; set; }

    [Field(8), ListType("atomic")]
    public List<string>? MatchLabelKeys { get; set; }
}

public static class TolerationOperator
{
    public const string Exists = "Exists";
    public const string Equal = "Equal";
    public const string Lt = "Lt";
    public const string Gt = "Gt";
}

public static class UnsatisfiableConstraintAction
{
    public const string DoNotSchedule = "DoNotSchedule";
    public const string ScheduleAnyway = "ScheduleAnyway";
}

public static class NodeInclusionPolicy
{
    public const string Ignore = "Ignore";
    public const string Honor = "Honor";
}
