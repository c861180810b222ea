using System.Security.Cryptography;
using System.Text;

namespace Coracle.Node.Containerd;

/// <summary>
/// Where an instance keeps its things, all by its data directory alone, so that two instances on one machine never meet.
/// Outside of the data directory there are only: the sockets of shims in /run/containerd/s (their names hold a hash of our socket's
/// path), results of CNI in /var/lib/cni (under our network's name), the bridge and the cgroups below <see cref="CgroupRoot"/>; and
/// <see cref="StateDirectory"/> when the data directory's path is too long to hold sockets.
/// </summary>
public sealed class ContainerdLayout
{
    /// <summary>A unix socket's path has at most 107 bytes, and containerd makes one more next to ours, named .ttrpc.</summary>
    private const int socket_path_bytes_max = 107 - 6;

    public ContainerdLayout(string dataDirectory)
    {
        DataDirectory = RealPath(dataDirectory);
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DataDirectory)))[..10];
        Directory = Path.Combine(DataDirectory, "containerd");
        var state = Path.Combine(Directory, "state");
        StateDirectory = Encoding.UTF8.GetByteCount(state) + "/containerd.sock".Length <= socket_path_bytes_max
            ? state : $"/run/coracle/{Id}";
    }

    public string DataDirectory { get; }

    /// <summary>Ten hexadecimal digits that tell this data directory from others.</summary>
    public string Id { get; }

    public string Directory { get; }

    /// <summary>Images and the metadata of containers: outlives a stop.</summary>
    public string RootDirectory => Path.Combine(Directory, "root");

    /// <summary>What exists while pods run: gone after a stop.</summary>
    public string StateDirectory { get; }

    public string SocketPath => Path.Combine(StateDirectory, "containerd.sock");
    public string ConfigPath => Path.Combine(Directory, "config.toml");
    public string LogPath => Path.Combine(Directory, "containerd.log");
    public string CniConfDirectory => Path.Combine(Directory, "cni");
    public string CniStateDirectory => Path.Combine(Directory, "ipam");

    /// <summary>Registry configuration as containerd reads it: a directory per host, each with a hosts.toml.</summary>
    public string RegistryDirectory => Path.Combine(Directory, "certs.d");

    /// <summary>The name of the CNI network, and the bridge's (at most 15 bytes).</summary>
    public string NetworkName => $"coracle-{Id}";
    public string BridgeName => $"cor{Id}";

    /// <summary>Under it belongs every cgroup_parent of a sandbox: <c>/coracle-ID/kubepods/...</c></summary>
    public string CgroupRoot => $"/coracle-{Id}";

    /// <summary>Where containerd and runc keep a directory for each task, named after its container.</summary>
    internal IEnumerable<string> TaskDirectories =>
    [
        Path.Combine(StateDirectory, "io.containerd.runtime.v2.task", "k8s.io"),
        Path.Combine(RootDirectory, "io.containerd.runtime.v2.task", "k8s.io"),
        Path.Combine(StateDirectory, "runc", "k8s.io"),
        Path.Combine(StateDirectory, "io.containerd.grpc.v1.cri", "sandboxes"),
        Path.Combine(StateDirectory, "io.containerd.grpc.v1.cri", "containers"),
    ];

    /// <summary>The kernel lists mounts and processes by real paths, so the links in ours are followed once, here.</summary>
    private static string RealPath(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            real = System.IO.Directory.Exists(next) ? System.IO.Directory.ResolveLinkTarget(next, returnFinalTarget: true)?.FullName ?? next : next;
        }
        return real;
    }
}
