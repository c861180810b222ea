using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Coracle.Kinds.Authentication.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent;
using Coracle.Node.Containerd;
using Coracle.Node.Pods;
using Coracle.Sdk;

namespace Coracle.Node.Volumes;

/// <summary>Something that a volume needs is not there (yet): the pod waits, and the event says for what.</summary>
internal sealed class VolumeException(string volume, string message) : Exception($"MountVolume.SetUp failed for volume \"{volume}\" : {message}");

/// <summary>
/// The volumes of pods as directories on the node: emptyDir, hostPath, and those made of API objects, which are written again when the objects
/// change. What a pod had is gone with the pod, but for what is behind a claim.
/// </summary>
internal sealed partial class PodVolumes(NodeOptions options)
{
    private readonly Dictionary<string, (string Token, DateTimeOffset Renew)> _tokens = new(StringComparer.Ordinal);
    private readonly HashSet<string> _mounted = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private long _stamps;

    public string PodDirectory(string uid) => Path.Combine(options.DataDirectory, "pods", uid);

    private string VolumeDirectory(Pod pod, string plugin, string volume) => Path.Combine(PodDirectory(pod.Metadata.Uid), "volumes", $"kubernetes.io~{plugin}", volume);

    /// <summary>Makes all volumes of a pod, or brings them up to date. Returns the directory (or file) of each by name.</summary>
    public async Task<Dictionary<string, string>> SetUp(Pod pod, PodStatus status, CancellationToken cancel)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var volume in pod.Spec.Volumes ?? [])
            paths[volume.Name] = await SetUp(pod, volume, status, cancel);
        return paths;
    }

    private async Task<string> SetUp(Pod pod, Volume volume, PodStatus status, CancellationToken cancel)
    {
        if (volume.EmptyDir is { } empty) return EmptyDir(pod, volume.Name, empty);
        if (volume.HostPath is { } host) return HostPath(volume.Name, host);
        if (volume.ConfigMap is { } map)
        {
            var files = await ConfigMapFiles(pod, volume.Name, map.Name, map.Items, map.Optional, map.DefaultMode ?? 0x1a4, cancel);
            return Write(pod, "configmap", volume.Name, files);
        }
        if (volume.Secret is { } secret)
        {
            var files = await SecretFiles(pod, volume.Name, secret.SecretName, secret.Items, secret.Optional, secret.DefaultMode ?? 0x1a4, cancel);
            return Write(pod, "secret", volume.Name, files, inMemory: true);
        }
        if (volume.DownwardAPI is { } downward) return Write(pod, "downward-api", volume.Name, DownwardFiles(pod, status, downward.Items, downward.DefaultMode ?? 0x1a4));
        if (volume.Projected is { } projected) return Write(pod, "projected", volume.Name, await ProjectedFiles(pod, status, volume.Name, projected, cancel), inMemory: true);
        if (volume.PersistentVolumeClaim is { } claim) return await Claimed(pod, volume, claim.ClaimName, cancel);
        if (volume.Ephemeral is not null) return await Claimed(pod, volume, $"{pod.Metadata.Name}-{volume.Name}", cancel);
        throw new VolumeException(volume.Name, "this kind of volume is not supported by this node");
    }

    private async Task<string> Claimed(Pod pod, Volume volume, string claimName, CancellationToken cancel)
    {
        var found = await ClaimedVolumes.FindAsync(options, pod, volume, claimName, cancel);
        if (found.Spec.HostPath is { } host) return HostPath(volume.Name, host);
        if (found.Spec.Local is not { } local) throw new VolumeException(volume.Name, $"the volume {found.Metadata.Name} is of a kind that is not supported by this node");
        if (!Path.Exists(local.Path)) throw new VolumeException(volume.Name, $"path \"{local.Path}\" does not exist");
        if (Directory.Exists(local.Path)) SetGroup(pod, local.Path);
        return local.Path;
    }

    private string EmptyDir(Pod pod, string name, EmptyDirVolumeSource source)
    {
        var directory = VolumeDirectory(pod, "empty-dir", name);
        if (Directory.Exists(directory)) return directory;
        Directory.CreateDirectory(directory);
        if (source.Medium == StorageMedium.Memory)
        {
            var size = source.SizeLimit is { IsZero: false } limit ? $"size={limit.Value.ToString(CultureInfo.InvariantCulture)}" : "";
            MountMemory(directory, size);
        }
        File.SetUnixFileMode(directory, (UnixFileMode)0x1ff);
        SetGroup(pod, directory);
        return directory;
    }

    private static string HostPath(string name, HostPathVolumeSource source)
    {
        var path = source.Path;
        var isDirectory = Directory.Exists(path);
        switch (source.Type)
        {
            case null or "": break;
            case HostPathType.DirectoryOrCreate when !isDirectory && !File.Exists(path): Directory.CreateDirectory(path); break;
            case HostPathType.FileOrCreate when !File.Exists(path): File.WriteAllBytes(path, []); break;
            case HostPathType.Directory or HostPathType.DirectoryOrCreate when !isDirectory: throw new VolumeException(name, $"hostPath type check failed: {path} is not a directory");
            case HostPathType.File when !File.Exists(path) || isDirectory: throw new VolumeException(name, $"hostPath type check failed: {path} is not a file");
            case HostPathType.Socket when !IsKind(path, 0xC000): throw new VolumeException(name, $"hostPath type check failed: {path} is not a socket file");
            case HostPathType.CharDevice when !IsKind(path, 0x2000): throw new VolumeException(name, $"hostPath type check failed: {path} is not a character device");
            case HostPathType.BlockDevice when !IsKind(path, 0x6000): throw new VolumeException(name, $"hostPath type check failed: {path} is not a block device");
        }
        return path;
    }

    private static bool IsKind(string path, int kind) => File.Exists(path) && kind switch
    {
        0x2000 or 0x6000 => (File.GetAttributes(path) & FileAttributes.Device) != 0,
        _ => (File.GetAttributes(path) & (FileAttributes.Directory | FileAttributes.Normal)) == 0 || !File.GetAttributes(path).HasFlag(FileAttributes.Directory),
    };

    private string Write(Pod pod, string plugin, string volume, Dictionary<string, VolumeFile> files, bool inMemory = false)
    {
        var directory = VolumeDirectory(pod, plugin, volume);
        if (inMemory) InMemory(directory);
        // Whoever is in the pod's group may read what is for the pod.
        if (pod.Spec.SecurityContext?.FsGroup is not null) files = files.ToDictionary(f => f.Key, f => f.Value with { Mode = f.Value.Mode | UnixFileMode.UserRead | UnixFileMode.GroupRead });
        var now = options.Clock.GetUtcNow();
        var stamp = string.Create(CultureInfo.InvariantCulture, $"{now:yyyy_MM_dd_HH_mm_ss}.{Interlocked.Increment(ref _stamps):000000000}");
        AtomicFiles.Write(directory, files, stamp, (int?)pod.Spec.SecurityContext?.FsGroup);
        SetGroup(pod, directory);
        return directory;
    }

    // After a restart of the machine the directory is there and its mount is not: what is secret stays off the disk.
    private void InMemory(string directory)
    {
        lock (_lock)
            if (!_mounted.Add(directory)) return;
        Directory.CreateDirectory(directory);
        if (MountTable.Holding(directory)?.Target != directory) MountMemory(directory, "");
    }

    private static void SetGroup(Pod pod, string directory)
    {
        if (pod.Spec.SecurityContext?.FsGroup is not { } group) return;
        Ownership.SetGroup(directory, (int)group);
        File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.SetGroup | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute);
    }

    private async Task<Dictionary<string, VolumeFile>> ConfigMapFiles(Pod pod, string volume, string name, List<KeyToPath>? items, bool? optional, int mode, CancellationToken cancel)
    {
        var map = await options.Client.TryGetAsync<ConfigMap>(new Key(pod.Metadata.Namespace, name), cancel);
        if (map is null && optional != true) throw new VolumeException(volume, $"configmap \"{name}\" not found");
        var data = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (key, value) in map?.Data ?? []) data[key] = Encoding.UTF8.GetBytes(value);
        foreach (var (key, value) in map?.BinaryData ?? []) data[key] = value;
        return Pick(volume, "configmap references non-existent config key", data, items, optional, mode);
    }

    private async Task<Dictionary<string, VolumeFile>> SecretFiles(Pod pod, string volume, string name, List<KeyToPath>? items, bool? optional, int mode, CancellationToken cancel)
    {
        var secret = await options.Client.TryGetAsync<Secret>(new Key(pod.Metadata.Namespace, name), cancel);
        if (secret is null && optional != true) throw new VolumeException(volume, $"secret \"{name}\" not found");
        return Pick(volume, "secret references non-existent secret key", secret?.Data ?? [], items, optional, mode);
    }

    private static Dictionary<string, VolumeFile> Pick(string volume, string problem, Dictionary<string, byte[]> data, List<KeyToPath>? items, bool? optional, int mode)
    {
        var files = new Dictionary<string, VolumeFile>(StringComparer.Ordinal);
        if (items is not { Count: > 0 })
        {
            foreach (var (key, value) in data) files[key] = new(value, (UnixFileMode)mode);
            return files;
        }
        foreach (var item in items)
        {
            if (data.TryGetValue(item.Key, out var value)) files[item.Path] = new(value, (UnixFileMode)(item.Mode ?? mode));
            else if (optional != true) throw new VolumeException(volume, $"{problem}: {item.Key}");
        }
        return files;
    }

    private Dictionary<string, VolumeFile> DownwardFiles(Pod pod, PodStatus status, List<DownwardAPIVolumeFile>? items, int mode)
    {
        var files = new Dictionary<string, VolumeFile>(StringComparer.Ordinal);
        foreach (var item in items ?? [])
        {
            var text = item.FieldRef is { } field ? DownwardFields.Field(pod, field.FieldPath, status, options.InternalAddress) ?? "" : "";
            if (item.ResourceFieldRef is { } resource && (pod.Spec.Containers ?? []).Concat(pod.Spec.InitContainers ?? []).FirstOrDefault(c => c.Name == resource.ContainerName) is { } container)
                text = DownwardFields.Resource(container, resource, options.Capacity);
            files[item.Path] = new(Encoding.UTF8.GetBytes(text), (UnixFileMode)(item.Mode ?? mode));
        }
        return files;
    }

    private async Task<Dictionary<string, VolumeFile>> ProjectedFiles(Pod pod, PodStatus status, string volume, ProjectedVolumeSource source, CancellationToken cancel)
    {
        var files = new Dictionary<string, VolumeFile>(StringComparer.Ordinal);
        var mode = source.DefaultMode ?? 0x1a4;
        foreach (var part in source.Sources ?? [])
        {
            var more = part switch
            {
                { ConfigMap: { } map } => await ConfigMapFiles(pod, volume, map.Name, map.Items, map.Optional, mode, cancel),
                { Secret: { } secret } => await SecretFiles(pod, volume, secret.Name, secret.Items, secret.Optional, mode, cancel),
                { DownwardAPI: { } downward } => DownwardFiles(pod, status, downward.Items, mode),
                { ServiceAccountToken: { } token } => new() { [token.Path] = new(Encoding.UTF8.GetBytes(await Token(pod, volume, token, cancel)), TokenMode(pod, mode)) },
                _ => throw new VolumeException(volume, "this kind of projection is not supported by this node"),
            };
            foreach (var (path, file) in more) files[path] = file;
        }
        return files;
    }

    // A token is for the pod's own user; a group or a user of its own gets to read it, others do not.
    private static UnixFileMode TokenMode(Pod pod, int mode) => (UnixFileMode)(pod.Spec.SecurityContext?.FsGroup is not null ? 0x180 | 0x20 : mode);

    // Renewed at four fifths of its life, so that a container that reads its token always finds a good one.
    private async Task<string> Token(Pod pod, string volume, ServiceAccountTokenProjection projection, CancellationToken cancel)
    {
        var key = $"{pod.Metadata.Uid}/{volume}/{projection.Path}";
        var now = options.Clock.GetUtcNow();
        lock (_lock)
            if (_tokens.TryGetValue(key, out var known) && known.Renew > now) return known.Token;
        var request = new TokenRequest
        {
            Spec = new()
            {
                Audiences = projection.Audience.Length > 0 ? [projection.Audience] : [],
                ExpirationSeconds = projection.ExpirationSeconds ?? 3600,
                BoundObjectRef = new() { ApiVersion = "v1", Kind = "Pod", Name = pod.Metadata.Name, Uid = pod.Metadata.Uid },
            },
        };
        var answer = await options.Client.For<ServiceAccount>().TryCreateSubresourceAsync(new Key(pod.Metadata.Namespace, pod.Spec.ServiceAccountName), "token", request, cancel);
        if (!answer.Ok) throw new VolumeException(volume, $"failed to fetch token: {answer.Failure.Message}");
        var life = (answer.Value.Status.ExpirationTimestamp ?? now.AddHours(1)) - now;
        lock (_lock) _tokens[key] = (answer.Value.Status.Token, now + life * 0.8);
        return answer.Value.Status.Token;
    }

    /// <summary>Removes all that the pod had on this node.</summary>
    public void TearDown(string uid)
    {
        lock (_lock)
        {
            _mounted.RemoveWhere(d => d.StartsWith(PodDirectory(uid) + "/", StringComparison.Ordinal));
            foreach (var key in _tokens.Keys.Where(k => k.StartsWith(uid, StringComparison.Ordinal)).ToList()) _tokens.Remove(key);
        }
        var directory = PodDirectory(uid);
        if (!Directory.Exists(directory)) return;
        var volumes = Path.Combine(directory, "volumes");
        if (Directory.Exists(volumes))
            foreach (var plugin in Directory.EnumerateDirectories(volumes))
                foreach (var volume in Directory.EnumerateDirectories(plugin)) Unmount(volume, 2);
        Directory.Delete(directory, recursive: true);
    }

    private static void MountMemory(string directory, string mountOptions)
    {
        if (Mount("tmpfs", directory, "tmpfs", 0, mountOptions) != 0)
            throw new IOException($"cannot mount a tmpfs at {directory}: error {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, ulong flags, string data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
