using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Networking.V1;

/// <summary>What carries ingresses out.</summary>
[Kind("networking.k8s.io/v1", "IngressClass", "ingressclasses", Namespaced = false, Generation = true, Rules = typeof(IngressClassRules))]
public sealed partial class IngressClass
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Which controller, with which parameters.</summary>
    [Field(2)]
    public IngressClassSpec Spec { get; set; } = new();
}

/// <summary>Which controller, with which parameters.</summary>
[ApiType]
public sealed partial class IngressClassSpec
{
    /// <summary>The controller, as domain/path. Cannot be changed.</summary>
    [Field(1)]
    public string Controller { get; set; } = "";

    /// <summary>An object with more settings.</summary>
    [Field(2)]
    public IngressClassParametersReference? Parameters { get; set; }
}

/// <summary>Names the object with a class's settings.</summary>
[ApiType]
public sealed partial class IngressClassParametersReference
{
    /// <summary>Its group; absent for the core group.</summary>
    [Field(1)]
    public string? ApiGroup { get; set; }

    /// <summary>Its kind.</summary>
    [Field(2), Required]
    public string Kind { get; set; } = "";

    /// <summary>Its name.</summary>
    [Field(3), Required]
    public string Name { get; set; } = "";

    /// <summary>Cluster, or Namespace for an object in a namespace.</summary>
    [Field(4, Always = true), Default("Cluster")]
    public string? Scope { get; set; }

    /// <summary>Its namespace, when it is in one.</summary>
    [Field(5)]
    public string? Namespace { get; set; }
}
