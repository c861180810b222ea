using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Schema;

namespace Coracle.Controllers.Tests.Volumes;

/// <summary>Claims, volumes and classes that tests begin with.</summary>
internal static class Storage
{
    public static PersistentVolumeClaim Claim(string name, string size = "1Gi", Action<PersistentVolumeClaim>? with = null)
    {
        var claim = new PersistentVolumeClaim
        {
            Metadata = new() { Namespace = "default", Name = name },
            Spec = new() { AccessModes = ["ReadWriteOnce"], StorageClassName = "", VolumeMode = "Filesystem", Resources = new() { Requests = new() { ["storage"] = Quantity.Parse(size) } } },
        };
        with?.Invoke(claim);
        return claim;
    }

    public static PersistentVolume Volume(string name, string size = "1Gi", Action<PersistentVolume>? with = null)
    {
        var volume = new PersistentVolume
        {
            Metadata = new() { Name = name },
            Spec = new()
            {
                AccessModes = ["ReadWriteOnce"], Capacity = new() { ["storage"] = Quantity.Parse(size) }, VolumeMode = "Filesystem", PersistentVolumeReclaimPolicy = "Retain",
                HostPath = new() { Path = "/data/" + name },
            },
            Status = new() { Phase = "Available" },
        };
        with?.Invoke(volume);
        return volume;
    }

    public static StorageClass Class(string name, string provisioner = "example.com/maker", string mode = "Immediate", bool isDefault = false) => new()
    {
        Metadata = new() { Name = name, Annotations = isDefault ? new() { ["storageclass.kubernetes.io/is-default-class"] = "true" } : null },
        Provisioner = provisioner, VolumeBindingMode = mode, ReclaimPolicy = "Delete",
    };
}
