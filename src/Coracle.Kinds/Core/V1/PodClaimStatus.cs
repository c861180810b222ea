using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>The claim that was made from one of a pod's templates of claims.</summary>
[ApiType]
public sealed partial class PodResourceClaimStatus
{
    /// <summary>The claim's name in the pod's spec.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>Name of the ResourceClaim; absent where none was needed.</summary>
    [Field(2)]
    public string? ResourceClaimName { get; set; }
}

/// <summary>The claim that was made to back a pod's extended resources.</summary>
[ApiType]
public sealed partial class PodExtendedResourceClaimStatus
{
    /// <summary>Which request in the claim backs which resource of which container.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<ContainerExtendedResourceRequest>? RequestMappings { get; set; }

    /// <summary>Name of the ResourceClaim.</summary>
    [Field(2), Required]
    public string ResourceClaimName { get; set; } = "";
}

/// <summary>Says which request in a claim backs an extended resource of a container.</summary>
[ApiType]
public sealed partial class ContainerExtendedResourceRequest
{
    /// <summary>The container.</summary>
    [Field(1), Required]
    public string ContainerName { get; set; } = "";

    /// <summary>The extended resource.</summary>
    [Field(2), Required]
    public string ResourceName { get; set; } = "";

    /// <summary>The request in the claim.</summary>
    [Field(3), Required]
    public string RequestName { get; set; } = "";
}

/// <summary>Resources of a node that a pod got through a claim.</summary>
[ApiType]
public sealed partial class NodeAllocatableResourceClaimStatus
{
    /// <summary>Name of the ResourceClaim.</summary>
    [Field(1), Required]
    public string ResourceClaimName { get; set; } = "";

    /// <summary>The pod's containers that use the claim.</summary>
    [Field(2), ListType("set")]
    public List<string>? Containers { get; set; }

    /// <summary>Amounts that the claim got, by resource.</summary>
    [Field(3), Required]
    public Dictionary<string, Quantity>? Resources { get; set; }
}
