using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>How much of a node's resources something needs and may use.</summary>
[ApiType]
public sealed partial class ResourceRequirements
{
    /// <summary>The most it may use, by resource.</summary>
    [Field(1)]
    public Dictionary<string, Quantity>? Limits { get; set; }

    /// <summary>What it needs, by resource, and what the scheduler counts. Equals the limits where not given.</summary>
    [Field(2)]
    public Dictionary<string, Quantity>? Requests { get; set; }

    /// <summary>Claims of the pod's devices that the container uses.</summary>
    [Field(3), ListType("map", "name")]
    public List<ResourceClaim>? Claims { get; set; }
}

/// <summary>Refers to one of the pod's claims of devices.</summary>
[ApiType]
public sealed partial class ResourceClaim
{
    /// <summary>The claim's name in the pod's spec.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>A single request in the claim; all of it when empty.</summary>
    [Field(2)]
    public string Request { get; set; } = "";
}

/// <summary>Names of resources.</summary>
public static class ResourceName
{
    public const string Cpu = "cpu";
    public const string Memory = "memory";
    public const string EphemeralStorage = "ephemeral-storage";
    public const string Storage = "storage";
    public const string Pods = "pods";
}
