using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>What a persistent volume is: one source, and what that source needs, in upstream's order (ValidatePersistentVolumeSpec).</summary>
internal sealed class PersistentVolumeSourceValidation(PersistentVolumeSpec spec, FieldErrors errors)
{
    private bool any;

    internal void Validate(FieldPath path)
    {
        if (Next(spec.HostPath, path, "hostPath")) PodSpecValidation.HostPath(errors, spec.HostPath!, path / "hostPath");
        if (Next(spec.GcePersistentDisk, path, "gcePersistentDisk")) Disk(spec.GcePersistentDisk!.PdName, "pdName", spec.GcePersistentDisk.Partition, path / "persistentDisk");
        if (Next(spec.AwsElasticBlockStore, path, "awsElasticBlockStore")) Disk(spec.AwsElasticBlockStore!.VolumeID, "volumeID", spec.AwsElasticBlockStore.Partition, path / "awsElasticBlockStore");
        if (Next(spec.Glusterfs, path, "glusterfs")) Texts(path / "glusterfs", ("endpoints", spec.Glusterfs!.Endpoints), ("path", spec.Glusterfs.Path));
        if (Next(spec.Flocker, path, "flocker")) Flocker(spec.Flocker!, path / "flocker");
        if (Next(spec.Nfs, path, "nfs")) PodSpecValidation.Nfs(errors, spec.Nfs!, path / "nfs");
        if (Next(spec.Rbd, path, "rbd"))
        {
            if (spec.Rbd!.Monitors is not { Count: > 0 }) errors.Required(path / "rbd" / "monitors");
            Texts(path / "rbd", ("image", spec.Rbd.Image));
        }
        if (Next(spec.Quobyte, path, "quobyte")) Texts(path / "quobyte", ("registry", spec.Quobyte!.Registry), ("volume", spec.Quobyte.Volume));
        if (Next(spec.Cephfs, path, "cephFS") && spec.Cephfs!.Monitors is not { Count: > 0 }) errors.Required(path / "cephfs" / "monitors");
        if (Next(spec.Iscsi, path, "iscsi")) Iscsi(spec.Iscsi!, path / "iscsi");
        if (Next(spec.Cinder, path, "cinder"))
        {
            Texts(path / "cinder", ("volumeID", spec.Cinder!.VolumeID));
            if (spec.Cinder.SecretRef is { } secret) Texts(path / "cinder" / "secretRef", ("name", secret.Name), ("namespace", secret.Namespace));
        }
        if (Next(spec.Fc, path, "fc")) FibreChannel(spec.Fc!, path / "fc");
        Rest(path);
        if (!any) errors.Required(path, "must specify a volume type");
    }

    private void Rest(FieldPath path)
    {
        if (spec.FlexVolume is { } flex)
        {
            any = true;
            Texts(path / "flexVolume", ("driver", flex.Driver));
        }
        if (Next(spec.AzureFile, path, "azureFile"))
        {
            Texts(path / "azureFile", ("secretName", spec.AzureFile!.SecretName), ("shareName", spec.AzureFile.ShareName));
            if (spec.AzureFile.SecretNamespace is { Length: 0 }) errors.Required(path / "azureFile" / "secretNamespace");
        }
        if (Next(spec.VsphereVolume, path, "vsphereVolume")) Texts(path / "vsphereVolume", ("volumePath", spec.VsphereVolume!.VolumePath));
        if (Next(spec.PhotonPersistentDisk, path, "photonPersistentDisk")) Texts(path / "photonPersistentDisk", ("pdID", spec.PhotonPersistentDisk!.PdID));
        if (Next(spec.PortworxVolume, path, "portworxVolume")) Texts(path / "portworxVolume", ("volumeID", spec.PortworxVolume!.VolumeID));
        if (Next(spec.AzureDisk, path, "azureDisk")) Texts(path / "azureDisk", ("diskName", spec.AzureDisk!.DiskName), ("diskURI", spec.AzureDisk.DiskURI));
        if (Next(spec.ScaleIO, path, "scaleIO"))
            Texts(path / "scaleIO", ("gateway", spec.ScaleIO!.Gateway), ("system", spec.ScaleIO.System), ("volumeName", spec.ScaleIO.VolumeName));
        if (Next(spec.Local, path, "local"))
        {
            Texts(path / "local", ("path", spec.Local!.Path));
            errors.NoBacksteps(path / "local" / "path", spec.Local.Path);
            if (spec.NodeAffinity is null) errors.Required(path / "nodeAffinity", "Local volume requires node affinity");
        }
        if (Next(spec.Storageos, path, "storageos")) Texts(path / "storageos", ("volumeName", spec.Storageos!.VolumeName));
        if (Next(spec.Csi, path, "csi")) Csi(spec.Csi!, path / "csi");
    }

    private bool Next(object? source, FieldPath path, string name)
    {
        if (source is null) return false;
        if (any) errors.Forbidden(path / name, "may not specify more than 1 volume type");
        var first = !any;
        any = true;
        return first;
    }

    private void Texts(FieldPath path, params ReadOnlySpan<(string Name, string Value)> texts)
    {
        foreach (var (name, value) in texts) errors.RequiredText(path / name, value);
    }

    private void Disk(string name, string field, int partition, FieldPath path)
    {
        errors.RequiredText(path / field, name);
        if (partition is < 0 or > 255) errors.Invalid(path / "partition", partition, NameRules.InRange(partition, 0, 255)[0]);
    }

    private void Flocker(FlockerVolumeSource flocker, FieldPath path)
    {
        if (flocker is { DatasetName.Length: 0, DatasetUUID.Length: 0 }) errors.Required(path, "one of datasetName and datasetUUID is required");
        else if (flocker is { DatasetName.Length: > 0, DatasetUUID.Length: > 0 })
            errors.Invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously");
        if (flocker.DatasetName.Contains('/', StringComparison.Ordinal)) errors.Invalid(path / "datasetName", flocker.DatasetName, "must not contain '/'");
    }

    private void Iscsi(ISCSIPersistentVolumeSource iscsi, FieldPath path)
    {
        errors.RequiredText(path / "targetPortal", iscsi.TargetPortal);
        if (iscsi.Iqn.Length == 0) errors.Required(path / "iqn");
        else if (!iscsi.Iqn.StartsWith("iqn", StringComparison.Ordinal) && !iscsi.Iqn.StartsWith("eui", StringComparison.Ordinal) && !iscsi.Iqn.StartsWith("naa", StringComparison.Ordinal))
            errors.Invalid(path / "iqn", iscsi.Iqn, "must be valid format starting with iqn, eui, or naa");
        if (iscsi.Lun is < 0 or > 255) errors.Invalid(path / "lun", iscsi.Lun, NameRules.InRange(iscsi.Lun, 0, 255)[0]);
        if ((iscsi.ChapAuthDiscovery || iscsi.ChapAuthSession) && iscsi.SecretRef is null) errors.Required(path / "secretRef");
        if (iscsi.SecretRef is { Name.Length: 0 }) errors.Required(path / "secretRef" / "name");
    }

    private void FibreChannel(FCVolumeSource fc, FieldPath path)
    {
        var (targets, ids) = (fc.TargetWWNs is { Count: > 0 }, fc.Wwids is { Count: > 0 });
        if (!targets && !ids) errors.Required(path / "targetWWNs", "must specify either targetWWNs or wwids, but not both");
        if (targets && ids) errors.Invalid(path / "targetWWNs", Checks.Shown(fc.TargetWWNs!), "targetWWNs and wwids can not be specified simultaneously");
        if (!targets) return;
        if (fc.Lun is not { } lun) errors.Required(path / "lun", "lun is required if targetWWNs is specified");
        else if (lun is < 0 or > 255) errors.Invalid(path / "lun", lun, NameRules.InRange(lun, 0, 255)[0]);
    }

    private void Csi(CSIPersistentVolumeSource csi, FieldPath path)
    {
        if (csi.Driver.Length == 0) errors.Required(path / "driver");
        if (csi.Driver.Length > 63) errors.TooLong(path / "driver", 63);
        if (csi.Driver.Length > 0) errors.Problems(path / "driver", csi.Driver, NameRules.Dns1123Subdomain(csi.Driver.ToLowerInvariant()));
        errors.RequiredText(path / "volumeHandle", csi.VolumeHandle);
        Secret(csi.ControllerPublishSecretRef, path / "controllerPublishSecretRef");
        Secret(csi.ControllerExpandSecretRef, path / "controllerExpandSecretRef");
        Secret(csi.NodePublishSecretRef, path / "nodePublishSecretRef");
        Secret(csi.NodeExpandSecretRef, path / "nodeExpandSecretRef");
    }

    private void Secret(SecretReference? secret, FieldPath path)
    {
        if (secret is null) return;
        if (secret.Name.Length == 0) errors.Required(path / "name");
        else errors.Subdomain(path / "name", secret.Name);
        if (secret.Namespace.Length == 0) errors.Required(path / "namespace");
        else errors.Label(path / "namespace", secret.Namespace);
    }
}
