using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class ResourceRequirements
{
    [Field(1)]
    public Dictionary<string, Quantity>? Limits { get; set; }

    [Field(2)]
    public Dictionary<string, Quantity>? Requests { get; set; }

    [Field(3), ListType("map", "name")]
    public List<ResourceClaim>? Claims { get; set; }
}

[ApiType]
public sealed partial class ResourceClaim
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2)]
    public string Request { get; set; } = "";
}

public static class ResourceName
{
    public const string Cpu = "cpu";
    public const string Memory = "memory";
    public const string EphemeralStorage = "ephemeral-storage";
    public const string Storage = "storage";
    public const string Pods = "pods";
}
