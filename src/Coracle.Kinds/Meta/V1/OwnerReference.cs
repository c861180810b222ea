using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>Names an object that owns the one that carries this. The owner lives in the same namespace, or outside of namespaces.</summary>
[ApiType(Atomic = true)]
public sealed partial class OwnerReference
{
    /// <summary>Group and version of the owner.</summary>
    [Field(5), Required]
    public string ApiVersion { get; set; } = "";

    /// <summary>Kind of the owner.</summary>
    [Field(1), Required]
    public string Kind { get; set; } = "";

    /// <summary>Name of the owner.</summary>
    [Field(3), Required]
    public string Name { get; set; } = "";

    /// <summary>UID of the owner: an object of the same name with another UID is another object.</summary>
    [Field(4), Required]
    public string Uid { get; set; } = "";

    /// <summary>This owner manages the object. At most one owner may.</summary>
    [Field(6)]
    public bool? Controller { get; set; }

    /// <summary>With foreground deletion the owner stays until this object is gone.</summary>
    [Field(7)]
    public bool? BlockOwnerDeletion { get; set; }
}
