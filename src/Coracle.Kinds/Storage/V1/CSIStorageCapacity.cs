using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>How much room there is for volumes of a storage class in a part of the cluster.</summary>
[Kind("storage.k8s.io/v1", "CSIStorageCapacity", "csistoragecapacities", UnconditionalUpdate = false, Rules = typeof(CSIStorageCapacityRules))]
public sealed partial class CSIStorageCapacity
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The nodes that reach the room; none when absent, all when empty. Cannot be changed.</summary>
    [Field(2)]
    public LabelSelector? NodeTopology { get; set; }

    /// <summary>The storage class. Cannot be changed.</summary>
    [Field(3), Required]
    public string StorageClassName { get; set; } = "";

    /// <summary>How much room there is.</summary>
    [Field(4)]
    public Quantity? Capacity { get; set; }

    /// <summary>The largest volume that can be made.</summary>
    [Field(5)]
    public Quantity? MaximumVolumeSize { get; set; }
}
