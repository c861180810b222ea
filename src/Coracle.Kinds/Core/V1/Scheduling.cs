using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A taint that a pod puts up with.</summary>
[ApiType]
public sealed partial class Toleration
{
    /// <summary>The taint's key; every one when empty, with operator Exists.</summary>
    [Field(1)]
    public string Key { get; set; } = "";

    /// <summary>How the values are compared: Equal, Exists (any value), Lt or Gt. Equal unless given.</summary>
    [Field(2)]
    public string Operator { get; set; } = "";

    /// <summary>The taint's value.</summary>
    [Field(3)]
    public string Value { get; set; } = "";

    /// <summary>The taint's effect; every one when empty.</summary>
    [Field(4)]
    public string Effect { get; set; } = "";

    /// <summary>For how many seconds a taint of effect NoExecute is borne; for ever unless given.</summary>
    [Field(5)]
    public long? TolerationSeconds { get; set; }
}

/// <summary>How evenly pods are to spread over zones, nodes and the like.</summary>
[ApiType]
public sealed partial class TopologySpreadConstraint
{
    /// <summary>By how many pods the fullest domain may exceed the emptiest.</summary>
    [Field(1), Required]
    public int MaxSkew { get; set; }

    /// <summary>Nodes with the same value of this label form a domain.</summary>
    [Field(2), Required]
    public string TopologyKey { get; set; } = "";

    /// <summary>What to do with a pod that would break the rule: DoNotSchedule, or ScheduleAnyway where it hurts least.</summary>
    [Field(3), Required, OneOf("DoNotSchedule", "ScheduleAnyway")]
    public string WhenUnsatisfiable { get; set; } = "";

    /// <summary>Labels of the pods that are counted.</summary>
    [Field(4)]
    public LabelSelector? LabelSelector { get; set; }

    /// <summary>While fewer domains than this are there, the emptiest counts as having none.</summary>
    [Field(5)]
    public int? MinDomains { get; set; }

    /// <summary>Whether only nodes count to which the pod's selector and affinity allow it: Honor (unless given) or Ignore.</summary>
    [Field(6)]
    public string? NodeAffinityPolicy { get; set; }

    /// <summary>Whether only nodes count whose taints the pod tolerates: Honor or Ignore (unless given).</summary>
    [Field(7)]
    public string? NodeTaintsPolicy { get; set; }

    /// <summary>Keys whose values on the incoming pod the counted pods must share.</summary>
    [Field(8), ListType("atomic")]
    public List<string>? MatchLabelKeys { get; set; }
}

/// <summary>How a toleration and a taint are compared.</summary>
public static class TolerationOperator
{
    public const string Exists = "Exists";
    public const string Equal = "Equal";
    public const string Lt = "Lt";
    public const string Gt = "Gt";
}

/// <summary>What to do with a pod that would make the spread too uneven.</summary>
public static class UnsatisfiableConstraintAction
{
    public const string DoNotSchedule = "DoNotSchedule";
    public const string ScheduleAnyway = "ScheduleAnyway";
}

/// <summary>Whether nodes to which the pod cannot go count in the spread.</summary>
public static class NodeInclusionPolicy
{
    public const string Ignore = "Ignore";
    public const string Honor = "Honor";
}
