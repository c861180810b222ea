using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Networking.V1;

/// <summary>An address of a service that is taken. Its name is the address.</summary>
[Kind("networking.k8s.io/v1", "IPAddress", "ipaddresses", ShortNames = ["ip"], Namespaced = false, Selectable = ["spec.parentRef.group",
    "spec.parentRef.resource", "spec.parentRef.name", "spec.parentRef.namespace"], Rules = typeof(IPAddressRules))]
public sealed partial class IPAddress
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Who has it.</summary>
    [Field(2), Required]
    public IPAddressSpec Spec { get; set; } = new();
}

/// <summary>Who has an address.</summary>
[ApiType]
public sealed partial class IPAddressSpec
{
    /// <summary>The object that has it: a service.</summary>
    [Field(1, OmitZero = true), Required]
    public ParentReference? ParentRef { get; set; }
}

/// <summary>Names the object that has an address.</summary>
[ApiType]
public sealed partial class ParentReference
{
    /// <summary>Its group; empty for the core group.</summary>
    [Field(1)]
    public string Group { get; set; } = "";

    /// <summary>Its resource, in plural.</summary>
    [Field(2, OmitZero = true), Required]
    public string Resource { get; set; } = "";

    /// <summary>Its namespace.</summary>
    [Field(3)]
    public string Namespace { get; set; } = "";

    /// <summary>Its name.</summary>
    [Field(4, OmitZero = true), Required]
    public string Name { get; set; } = "";
}
