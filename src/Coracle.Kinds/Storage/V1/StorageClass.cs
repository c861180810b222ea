using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Storage.V1;

/// <summary>A kind of storage from which volumes are made on demand.</summary>
[Kind("storage.k8s.io/v1", "StorageClass", "storageclasses", ShortNames = ["sc"], Namespaced = false, ReturnDeleted = true,
    Rules = typeof(StorageClassRules))]
public sealed partial class StorageClass
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>Who makes the volumes. Cannot be changed.</summary>
    [Field(2), Required]
    public string Provisioner { get; set; } = "";

    /// <summary>Settings for the provisioner. Cannot be changed.</summary>
    [Field(3)]
    public Dictionary<string, string>? Parameters { get; set; }

    /// <summary>What happens to a volume when its claim is deleted: Delete or Retain. Delete unless given; cannot be changed.</summary>
    [Field(4), Default("Delete")]
    public string? ReclaimPolicy { get; set; }

    /// <summary>Options with which the volumes are mounted. They are not checked.</summary>
    [Field(5), ListType("atomic")]
    public List<string>? MountOptions { get; set; }

    /// <summary>Claims may ask for more room later.</summary>
    [Field(6)]
    public bool? AllowVolumeExpansion { get; set; }

    /// <summary>When a claim gets its volume: Immediate, or WaitForFirstConsumer to know the node of the first pod. Cannot be changed.</summary>
    [Field(7), Default("Immediate")]
    public string? VolumeBindingMode { get; set; }

    /// <summary>Where volumes may be made. Empty for anywhere.</summary>
    [Field(8), ListType("atomic")]
    public List<TopologySelectorTerm>? AllowedTopologies { get; set; }
}

/// <summary>When claims get their volumes.</summary>
public static class VolumeBindingMode
{
    public const string Immediate = "Immediate";
    public const string WaitForFirstConsumer = "WaitForFirstConsumer";
}
