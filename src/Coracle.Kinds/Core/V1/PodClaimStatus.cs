using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class PodResourceClaimStatus
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2)]
    public string? ResourceClaimName { get; set; }
}

[ApiType]
public sealed partial class PodExtendedResourceClaimStatus
{
    [Field(1), Required, ListType("atomic")]
    public List<ContainerExtendedResourceRequest>? RequestMappings { get; set; }

    [Field(2), Required]
    public string ResourceClaimName { get; set; } = "";
}

[ApiType]
public sealed partial class ContainerExtendedResourceRequest
{
    [Field(1), Required]
    public string ContainerName { get; set; } = "";

    [Field(2), Required]
    public string ResourceName { get; set; } = "";

    [Field(3), Required]
    public string RequestName { get; set; } = "";
}

[ApiType]
public sealed partial class NodeAllocatableResourceClaimStatus
{
    [Field(1), Required]
    public string ResourceClaimName { get; set; } = "";

    [Field(2), ListType("set")]
    public List<string>? Containers { get; set; }

    [Field(3), Required]
    public Dictionary<string, Quantity>? Resources { get; set; }
}
