using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>Attributes of volumes that can be changed while they are in use.</summary>
[Kind("storage.k8s.io/v1", "VolumeAttributesClass", "volumeattributesclasses", ShortNames = ["vac"], Namespaced = false, ReturnDeleted = true,
    Rules = typeof(VolumeAttributesClassRules))]
public sealed partial class VolumeAttributesClass
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The driver that knows the attributes. Cannot be changed.</summary>
    [Field(2), Required]
    public string DriverName { get; set; } = "";

    /// <summary>The attributes. Cannot be changed.</summary>
    [Field(3)]
    public Dictionary<string, string>? Parameters { get; set; }
}
