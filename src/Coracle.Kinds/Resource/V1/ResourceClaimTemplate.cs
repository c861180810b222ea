using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Resource.V1;

/// <summary>Claims that are made for pods, one each.</summary>
[Kind("resource.k8s.io/v1", "ResourceClaimTemplate", "resourceclaimtemplates", ReturnDeleted = true, Rules = typeof(ResourceClaimTemplateRules))]
public sealed partial class ResourceClaimTemplate
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What the claims look like. Cannot be changed.</summary>
    [Field(2), Required]
    public ResourceClaimTemplateSpec Spec { get; set; } = new();
}

/// <summary>What claims look like.</summary>
[ApiType]
public sealed partial class ResourceClaimTemplateSpec
{
    /// <summary>Labels and annotations of the claims; nothing else.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What the claims ask for.</summary>
    [Field(2), Required]
    public ResourceClaimSpec Spec { get; set; } = new();
}
