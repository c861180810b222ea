using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>How much single pods, containers and claims of a namespace may use, and what they get when they do not say.</summary>
[Kind("v1", "LimitRange", "limitranges", ShortNames = ["limits"], Rules = typeof(LimitRangeRules))]
public sealed partial class LimitRange
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The limits.</summary>
    [Field(2)]
    public LimitRangeSpec Spec { get; set; } = new();
}

/// <summary>The limits of a namespace.</summary>
[ApiType]
public sealed partial class LimitRangeSpec
{
    /// <summary>One for each type of object.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<LimitRangeItem>? Limits { get; set; }
}

/// <summary>The limits of one type of object.</summary>
[ApiType]
public sealed partial class LimitRangeItem
{
    /// <summary>Pod, Container or PersistentVolumeClaim.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>The most, by resource.</summary>
    [Field(2)]
    public Dictionary<string, Quantity>? Max { get; set; }

    /// <summary>The least, by resource.</summary>
    [Field(3)]
    public Dictionary<string, Quantity>? Min { get; set; }

    /// <summary>The limit of containers that give none, by resource.</summary>
    [Field(4)]
    public Dictionary<string, Quantity>? Default { get; set; }

    /// <summary>The request of containers that give none, by resource.</summary>
    [Field(5)]
    public Dictionary<string, Quantity>? DefaultRequest { get; set; }

    /// <summary>How many times its request the limit may be, at most, by resource.</summary>
    [Field(6)]
    public Dictionary<string, Quantity>? MaxLimitRequestRatio { get; set; }
}

/// <summary>What limits are of.</summary>
public static class LimitType
{
    public const string Pod = "Pod";
    public const string Container = "Container";
    public const string PersistentVolumeClaim = "PersistentVolumeClaim";
}
