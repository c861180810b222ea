using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

// Volumes, and where containers mount them. Of the volumes of other systems (disks of clouds and the like) only the count is checked.
internal sealed partial class PodSpecValidation
{
    private const string ModeRange = "must be a number between 0 and 0777 (octal), both inclusive";
    private const int ModeMax = 0x1FF;

    private void Volumes(FieldPath path)
    {
        for (var i = 0; i < (spec.Volumes?.Count ?? 0); i++)
        {
            var volume = spec.Volumes![i];
            var before = errors.Count;
            Source(volume, path[i]);
            var sound = errors.Count == before;
            if (volume.Name.Length == 0) errors.Required(path[i] / "name");
            else errors.Label(path[i] / "name", volume.Name);
            if (volumes.ContainsKey(volume.Name)) errors.Duplicate(path[i] / "name", volume.Name);
            if (sound) volumes[volume.Name] = volume;
        }
    }

    private void Source(Volume volume, FieldPath path)
    {
        var kinds = new Sources(errors, path);
        if (kinds.Next(volume.EmptyDir is not null, "emptyDir") && volume.EmptyDir!.SizeLimit?.Sign < 0)
            errors.Forbidden(path / "emptyDir" / "sizeLimit", "SizeLimit field must be a valid resource quantity");
        if (kinds.Next(volume.HostPath is not null, "hostPath")) HostPath(errors, volume.HostPath!, path / "hostPath");
        if (kinds.Next(volume.GitRepo is not null, "gitRepo")) GitRepo(volume.GitRepo!, path / "gitRepo");
        if (kinds.Next(volume.Secret is not null, "secret")) Secret(volume.Secret!, path / "secret");
        if (kinds.Next(volume.Nfs is not null, "nfs")) Nfs(errors, volume.Nfs!, path / "nfs");
        if (kinds.Next(volume.PersistentVolumeClaim is not null, "persistentVolumeClaim"))
            errors.RequiredText(path / "persistentVolumeClaim" / "claimName", volume.PersistentVolumeClaim!.ClaimName);
        if (kinds.Next(volume.DownwardAPI is not null, "downwardAPI")) Downward(volume.DownwardAPI!, path / "downwardAPI");
        if (kinds.Next(volume.ConfigMap is not null, "configMap")) ConfigMap(volume.ConfigMap!, path / "configMap");
        if (kinds.Next(volume.Projected is not null, "projected")) Projected(volume.Projected!, path / "projected");
        if (kinds.Next(volume.Csi is not null, "csi")) errors.RequiredText(path / "csi" / "driver", volume.Csi!.Driver);
        if (kinds.Next(volume.Ephemeral is not null, "ephemeral") && volume.Ephemeral!.VolumeClaimTemplate is null)
            errors.Required(path / "ephemeral" / "volumeClaimTemplate");
        if (kinds.Next(volume.Image is not null, "image")) Image(volume.Image!, path / "image");
        Foreign(volume, ref kinds);
        kinds.End();
    }

    private static void Foreign(Volume v, ref Sources kinds)
    {
        kinds.Next(v.GcePersistentDisk is not null, "gcePersistentDisk");
        kinds.Next(v.AwsElasticBlockStore is not null, "awsElasticBlockStore");
        kinds.Next(v.Iscsi is not null, "iscsi");
        kinds.Next(v.Glusterfs is not null, "glusterfs");
        kinds.Next(v.Flocker is not null, "flocker");
        kinds.Next(v.Rbd is not null, "rbd");
        kinds.Next(v.Cinder is not null, "cinder");
        kinds.Next(v.Cephfs is not null, "cephfs");
        kinds.Next(v.Quobyte is not null, "quobyte");
        kinds.Next(v.Fc is not null, "fc");
        kinds.Next(v.FlexVolume is not null, "flexVolume");
        kinds.Next(v.AzureFile is not null, "azureFile");
        kinds.Next(v.VsphereVolume is not null, "vsphereVolume");
        kinds.Next(v.PhotonPersistentDisk is not null, "photonPersistentDisk");
        kinds.Next(v.PortworxVolume is not null, "portworxVolume");
        kinds.Next(v.AzureDisk is not null, "azureDisk");
        kinds.Next(v.Storageos is not null, "storageos");
        kinds.Next(v.ScaleIO is not null, "scaleIO");
    }

    internal static void HostPath(FieldErrors errors, HostPathVolumeSource host, FieldPath path)
    {
        if (host.Path.Length == 0)
        {
            errors.Required(path / "path");
            return;
        }
        errors.NoBacksteps(path / "path", host.Path);
        errors.OneOf(path / "type", host.Type, "", HostPathType.BlockDevice, HostPathType.CharDevice, HostPathType.Directory,
            HostPathType.DirectoryOrCreate, HostPathType.File, HostPathType.FileOrCreate, HostPathType.Socket);
    }

    private void GitRepo(GitRepoVolumeSource git, FieldPath path)
    {
        errors.RequiredText(path / "repository", git.Repository);
        errors.LocalPath(path / "directory", git.Directory);
    }

    internal static void Nfs(FieldErrors errors, NFSVolumeSource nfs, FieldPath path)
    {
        errors.RequiredText(path / "server", nfs.Server);
        errors.RequiredText(path / "path", nfs.Path);
        if (!nfs.Path.StartsWith('/')) errors.Invalid(path / "path", nfs.Path, "must be an absolute path");
    }

    private void Secret(SecretVolumeSource secret, FieldPath path)
    {
        errors.RequiredText(path / "secretName", secret.SecretName);
        Mode(secret.DefaultMode, path / "defaultMode");
        Items(secret.Items, path / "items");
    }

    private void ConfigMap(ConfigMapVolumeSource map, FieldPath path)
    {
        errors.RequiredText(path / "name", map.Name);
        Mode(map.DefaultMode, path / "defaultMode");
        Items(map.Items, path / "items");
    }

    private void Items(List<KeyToPath>? items, FieldPath path)
    {
        for (var i = 0; i < (items?.Count ?? 0); i++)
        {
            errors.RequiredText(path[i] / "key", items![i].Key);
            errors.RequiredText(path[i] / "path", items[i].Path);
            NotReserved(items[i].Path, path[i] / "path");
            Mode(items[i].Mode, path[i] / "mode");
        }
    }

    private void Downward(DownwardAPIVolumeSource downward, FieldPath path)
    {
        Mode(downward.DefaultMode, path / "defaultMode");
        Files(downward.Items, path);
    }

    // Upstream names these files by the volume, not by their place in the list.
    private void Files(List<DownwardAPIVolumeFile>? files, FieldPath path)
    {
        foreach (var file in files ?? [])
        {
            errors.RequiredText(path / "path", file.Path);
            NotReserved(file.Path, path / "path");
            if (file.FieldRef is { } field)
            {
                FieldRef(field, VolumeFields, path / "fieldRef");
                if (file.ResourceFieldRef is not null) errors.Invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
            else if (file.ResourceFieldRef is { } resource) ResourceRef(resource, inVolume: true, path / "resourceFieldRef");
            else errors.Required(path, "one of fieldRef and resourceFieldRef is required");
            Mode(file.Mode, path / "mode");
        }
    }

    private void Projected(ProjectedVolumeSource projected, FieldPath path)
    {
        Mode(projected.DefaultMode, path / "defaultMode");
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < (projected.Sources?.Count ?? 0); i++) Projection(projected.Sources![i], taken, (path / "sources")[i]);
    }

    private void Projection(VolumeProjection source, HashSet<string> taken, FieldPath path)
    {
        var given = 0;
        void Next(bool set, string name, Action validate)
        {
            if (!set) return;
            if (given++ > 0) errors.Forbidden(path / name, "may not specify more than 1 volume type per source");
            else validate();
        }
        Next(source.Secret is not null, "secret", () =>
        {
            errors.RequiredText(path / "secret" / "name", source.Secret!.Name);
            Items(source.Secret.Items, path / "secret" / "items");
            foreach (var item in source.Secret.Items ?? []) Taken(item.Path, taken, source.Secret.Name, path);
        });
        Next(source.ConfigMap is not null, "configMap", () =>
        {
            errors.RequiredText(path / "configMap" / "name", source.ConfigMap!.Name);
            Items(source.ConfigMap.Items, path / "configMap" / "items");
            foreach (var item in source.ConfigMap.Items ?? []) Taken(item.Path, taken, source.ConfigMap.Name, path);
        });
        Next(source.DownwardAPI is not null, "downwardAPI", () =>
        {
            Files(source.DownwardAPI!.Items, path / "downwardAPI");
            foreach (var item in source.DownwardAPI.Items ?? [])
                if (item.Path.Length > 0 && !taken.Add(item.Path)) errors.Invalid(path / "downwardAPI", item.Path, "conflicting duplicate paths");
        });
        Next(source.ServiceAccountToken is not null, "serviceAccountToken", () => Token(source.ServiceAccountToken!, taken, path / "serviceAccountToken"));
        Next(source.ClusterTrustBundle is not null, "clusterTrustBundle", () => errors.RequiredText(path / "clusterTrustBundle" / "path", source.ClusterTrustBundle!.Path));
        Next(source.PodCertificate is not null, "podCertificate", () => errors.RequiredText(path / "podCertificate" / "signerName", source.PodCertificate!.SignerName));
    }

    private void Taken(string file, HashSet<string> taken, string owner, FieldPath path)
    {
        if (file.Length > 0 && !taken.Add(file)) errors.Invalid(path, owner, "conflicting duplicate paths");
    }

    private void Token(ServiceAccountTokenProjection token, HashSet<string> taken, FieldPath path)
    {
        const long shortest = 600;
        if (isPod && spec.ServiceAccountName.Length == 0) errors.Forbidden(path, "must not be specified when serviceAccountName is not set");
        if (token.ExpirationSeconds < shortest) errors.Invalid(path / "expirationSeconds", token.ExpirationSeconds, "may not specify a duration less than 10 minutes");
        if (token.ExpirationSeconds > 1L << 32) errors.Invalid(path / "expirationSeconds", token.ExpirationSeconds, "may not specify a duration larger than 2^32 seconds");
        if (token.Path.Length == 0) errors.Required(path / "path");
        else NotReserved(token.Path, path / "path");
        if (token.Path.Length > 0 && !taken.Add(token.Path)) errors.Invalid(path, token.Path, "conflicting duplicate paths");
    }

    private void Image(ImageVolumeSource image, FieldPath path)
    {
        if (isPod) errors.RequiredText(path / "reference", image.Reference);
        if (image.PullPolicy.Length > 0) errors.OneOf(path / "pullPolicy", image.PullPolicy, PullPolicy.Always, PullPolicy.IfNotPresent, PullPolicy.Never);
    }

    private void Mode(int? mode, FieldPath path)
    {
        if (mode is < 0 or > ModeMax) errors.Invalid(path, mode, ModeRange);
    }

    // Names that start with two dots are the node's own, for exchanging all files at once.
    private void NotReserved(string file, FieldPath path)
    {
        errors.LocalPath(path, file);
        if (file.StartsWith("..", StringComparison.Ordinal) && file != ".." && !file.StartsWith("../", StringComparison.Ordinal))
            errors.Invalid(path, file, "must not start with '..'");
    }

    private void Mounts(Container container, FieldPath path)
    {
        var mounts = container.VolumeMounts ?? [];
        var devices = container.VolumeDevices ?? [];
        var places = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < mounts.Count; i++)
        {
            var mount = mounts[i];
            errors.RequiredText(path[i] / "name", mount.Name);
            if (!volumes.ContainsKey(mount.Name)) errors.NotFound(path[i] / "name", mount.Name);
            errors.RequiredText(path[i] / "mountPath", mount.MountPath);
            if (!places.Add(mount.MountPath)) errors.Invalid(path[i] / "mountPath", mount.MountPath, "must be unique");
            if (devices.Exists(d => d.Name == mount.Name)) errors.Invalid(path[i] / "name", mount.Name, "must not already exist in volumeDevices");
            if (devices.Exists(d => d.DevicePath == mount.MountPath))
                errors.Invalid(path[i] / "mountPath", mount.MountPath, "must not already exist as a path in volumeDevices");
            SubPath(mount, path, path[i]);
            Propagation(mount, container, path);
        }
    }

    // Some of these errors name the list and not the place in it, as upstream's do.
    private void SubPath(VolumeMount mount, FieldPath list, FieldPath path)
    {
        if (mount.SubPath.Length > 0) errors.LocalPath(list / "subPath", mount.SubPath);
        if (mount.SubPathExpr.Length == 0) return;
        if (mount.SubPath.Length > 0) errors.Invalid(path / "subPathExpr", mount.SubPathExpr, "subPathExpr and subPath are mutually exclusive");
        errors.LocalPath(list / "subPathExpr", mount.SubPathExpr);
    }

    private void Propagation(VolumeMount mount, Container container, FieldPath list)
    {
        if (mount.MountPropagation == MountPropagationMode.Bidirectional && container.SecurityContext?.Privileged != true)
            errors.Forbidden(list / "mountPropagation", "Bidirectional mount propagation is available only to privileged containers");
        var recursive = list / "recursiveReadOnly";
        if (mount.RecursiveReadOnly is null or RecursiveReadOnlyMode.Disabled) return;
        if (mount.RecursiveReadOnly is not (RecursiveReadOnlyMode.Enabled or RecursiveReadOnlyMode.IfPossible))
        {
            errors.NotSupported(recursive, mount.RecursiveReadOnly, [RecursiveReadOnlyMode.Disabled, RecursiveReadOnlyMode.Enabled, RecursiveReadOnlyMode.IfPossible]);
            return;
        }
        if (!mount.ReadOnly) errors.Forbidden(recursive, "may only be specified when readOnly is true");
        if (mount.MountPropagation is not (null or MountPropagationMode.None)) errors.Forbidden(recursive, "may only be specified when mountPropagation is None or not specified");
    }

    private void Devices(Container container, FieldPath path)
    {
        var devices = container.VolumeDevices ?? [];
        var (names, places) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < devices.Count; i++)
        {
            var device = devices[i];
            errors.RequiredText(path[i] / "name", device.Name);
            if (device.Name.Length > 0 && !names.Add(device.Name)) errors.Invalid(path[i] / "name", device.Name, "must be unique");
            if (!volumes.TryGetValue(device.Name, out var volume)) errors.NotFound(path[i] / "name", device.Name);
            else if (volume is { PersistentVolumeClaim: null, Ephemeral: null })
                errors.Invalid(path[i] / "name", device.Name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            errors.RequiredText(path[i] / "devicePath", device.DevicePath);
            if (device.DevicePath.Split('/').Contains("..")) errors.Invalid(path[i] / "devicePath", device.DevicePath, "can not contain backsteps ('..')");
            else if (!places.Add(device.DevicePath)) errors.Invalid(path[i] / "devicePath", device.DevicePath, "must be unique");
        }
    }

    /// <summary>Of the sources of a volume exactly one may be given.</summary>
    private ref struct Sources(FieldErrors errors, FieldPath path)
    {
        private bool any;

        public bool Next(bool given, string name)
        {
            if (!given) return false;
            if (any) errors.Forbidden(path / name, "may not specify more than 1 volume type");
            var first = !any;
            any = true;
            return first;
        }

        public readonly void End()
        {
            if (!any) errors.Required(path, "must specify a volume type");
        }
    }
}
