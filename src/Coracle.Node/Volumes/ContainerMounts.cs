using System.Runtime.InteropServices;
using System.Text;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent;
using Coracle.Node.Cri.V1;
using Coracle.Node.Pods;
using Container = Coracle.Kinds.Core.V1.Container;

namespace Coracle.Node.Volumes;

/// <summary>What is mounted into a container: its volumes, and the hosts file and termination log that every container has.</summary>
internal static partial class ContainerMounts
{
    public static List<Mount> Make(
        NodeOptions options, PodVolumes volumes, Pod pod, Container container, IReadOnlyDictionary<string, string> paths, IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<string> addresses, uint attempt)
    {
        var mounts = new List<Mount>();
        foreach (var mount in container.VolumeMounts ?? [])
        {
            var path = paths.GetValueOrDefault(mount.Name) ?? throw new StartException("CreateContainerConfigError", $"volume \"{mount.Name}\" not found");
            var sub = mount.SubPathExpr.Length > 0 ? ContainerEnvironment.Expand(mount.SubPathExpr, environment.GetValueOrDefault) : mount.SubPath;
            mounts.Add(new Mount
            {
                ContainerPath = mount.MountPath, HostPath = sub.Length == 0 ? path : SubPath(container, mount, path, sub), Readonly = mount.ReadOnly,
                Propagation = mount.MountPropagation switch
                {
                    MountPropagationMode.Bidirectional => MountPropagation.PropagationBidirectional,
                    MountPropagationMode.HostToContainer => MountPropagation.PropagationHostToContainer,
                    _ => MountPropagation.PropagationPrivate,
                },
            });
        }
        if (!pod.Spec.HostNetwork && mounts.TrueForAll(m => m.ContainerPath != "/etc/hosts"))
            mounts.Add(new Mount { ContainerPath = "/etc/hosts", HostPath = HostsFile(options, volumes, pod, addresses) });
        if (container.TerminationMessagePath.Length > 0)
            mounts.Add(new Mount { ContainerPath = container.TerminationMessagePath, HostPath = TerminationLog(volumes, pod, container, attempt) });
        return mounts;
    }

    // A sub-path must stay below its volume, wherever links lead that a container may have put there: each step is looked at before the next is taken.
    private static string SubPath(Container container, VolumeMount mount, string volume, string sub)
    {
        var root = RealPath(volume);
        var current = root;
        foreach (var part in sub.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(current ?? "", part);
            if (!Path.Exists(next) && new FileInfo(next).LinkTarget is null) Directory.CreateDirectory(next);
            current = part == ".." ? null : RealPath(next);
            if (root is null || current is null || current != root && !current.StartsWith(root + "/", StringComparison.Ordinal))
                throw new StartException("CreateContainerConfigError", $"failed to prepare subPath for volumeMount \"{mount.Name}\" of container \"{container.Name}\"");
        }
        return current ?? volume;
    }

    /// <summary>Without any link; null when it leads nowhere.</summary>
    private static string? RealPath(string path)
    {
        var found = ResolvePath(path, 0);
        if (found == 0) return null;
        var text = Marshal.PtrToStringUTF8(found);
        Free(found);
        return text;
    }

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ResolvePath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint memory);

    private static string HostsFile(NodeOptions options, PodVolumes volumes, Pod pod, IReadOnlyList<string> addresses)
    {
        var path = Path.Combine(volumes.PodDirectory(pod.Metadata.Uid), "etc-hosts");
        var text = new StringBuilder("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n");
        var host = RuntimeConfigs.HostnameOf(pod);
        var full = pod.Spec.Subdomain.Length > 0 ? $"{host}.{pod.Spec.Subdomain}.{pod.Metadata.Namespace}.svc.{options.ClusterDomain}\t" : "";
        foreach (var address in addresses) text.Append(address).Append('\t').Append(full).Append(host).Append('\n');
        if (pod.Spec.HostAliases is { Count: > 0 } aliases)
        {
            text.Append("\n# Entries added by HostAliases.\n");
            foreach (var alias in aliases) text.Append(alias.Ip).Append('\t').Append(string.Join('\t', alias.Hostnames ?? [])).Append('\n');
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text.ToString());
        File.SetUnixFileMode(path, (UnixFileMode)0x1a4);
        return path;
    }

    public static string TerminationLogPath(PodVolumes volumes, string uid, string container, uint attempt) =>
        Path.Combine(volumes.PodDirectory(uid), "containers", container, attempt.ToString("x8", System.Globalization.CultureInfo.InvariantCulture));

    private static string TerminationLog(PodVolumes volumes, Pod pod, Container container, uint attempt)
    {
        var path = TerminationLogPath(volumes, pod.Metadata.Uid, container.Name, attempt);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!File.Exists(path)) File.WriteAllBytes(path, []);
        // The container's user is not known here, and it must be able to write.
        File.SetUnixFileMode(path, (UnixFileMode)0x1b6);
        return path;
    }
}
