using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Coracle.Node.Cgroups;

namespace Coracle.Node.Containerd;

/// <summary>
/// Takes away what an instance, or what is left of it after a kill -9, has on this machine besides its images. All is found by the
/// instance's own paths and names, or by the containers that are listed below them; nothing else is touched. Idempotent; needs no containerd.
/// </summary>
internal static class ContainerdLeftovers
{
    private const string ShimSockets = "/run/containerd/s";
    private const string CniResults = "/var/lib/cni/results";

    /// <summary>
    /// 1. containerd and its shims, and then whatever still runs in our containers: first who could start something new.
    /// 2. Mounts, among them the network namespaces.
    /// 3. The network: CNI's notes, the bridge and the rules of host ports.
    /// 4. Cgroups, sockets and the state directory, which are free by now.
    /// </summary>
    public static async Task Sweep(ContainerdLayout layout, TimeProvider time, CancellationToken cancel)
    {
        var tasks = TaskIds(layout);
        var cgroups = CgroupHierarchy.Detect();

        if (ContainerdProcess.Find(layout) is { } containerd)
            await ContainerdProcess.Terminate(containerd, time);
        await KillAll(() => Shims(layout), time, cancel);
        await KillAll(() => Contained(layout, tasks), time, cancel);

        foreach (var directory in new[] { layout.StateDirectory, layout.RootDirectory })
        {
            foreach (var mount in MountTable.Below(directory).ToArray())
                Posix.Unmount(mount.Target);
        }

        RemoveCniResults(layout, tasks);
        Delete(layout.CniStateDirectory);
        await RemoveBridge(layout, cancel);
        await HostPortRules.Remove(layout.NetworkName, cancel);

        await cgroups.Remove(layout.CgroupRoot, time, cancel);
        foreach (var task in tasks)
            await cgroups.Remove($"/k8s.io/{task}", time, cancel); // where those go that were given no parent
        cgroups.RemoveIfEmpty("/k8s.io");
        RemoveShimSockets(layout, tasks);
        Delete(layout.StateDirectory);
        foreach (var directory in layout.TaskDirectories)
            Delete(directory);
        RemoveIfEmpty(ShimSockets, "/run/containerd", CniResults, "/var/lib/cni/cache", "/var/lib/cni", "/run/coracle");
    }

    /// <summary>The containers and sandboxes that the instance's directories know of.</summary>
    private static HashSet<string> TaskIds(ContainerdLayout layout) =>
        [.. layout.TaskDirectories.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories).Select(path => Path.GetFileName(path)!).Where(id => id.Length == 64)];

    // ---- processes

    private static IEnumerable<int> Shims(ContainerdLayout layout) => ProcessTable.Pids().Where(pid =>
        ProcessTable.Arguments(pid) is [var binary, ..] arguments
        && Path.GetFileName(binary).StartsWith("containerd-shim", StringComparison.Ordinal)
        && ValueAfter(arguments, "-address") == layout.SocketPath);

    private static string? ValueAfter(string[] arguments, string flag)
    {
        var at = Array.IndexOf(arguments, flag);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }

    private static IEnumerable<int> Contained(ContainerdLayout layout, HashSet<string> tasks) => ProcessTable.Pids().Where(pid =>
        ProcessTable.Cgroups(pid).Split('\n').Any(line => IsContained(line, layout, tasks)));

    /// <param name="line"><c>4:memory:/coracle-0123456789/kubepods/pod.../ID</c></param>
    private static bool IsContained(string line, ContainerdLayout layout, HashSet<string> tasks)
    {
        var path = line.Split(':', 3) is [_, _, var last] ? last : "";
        return path == layout.CgroupRoot || path.StartsWith(layout.CgroupRoot + "/", StringComparison.Ordinal)
            || tasks.Contains(path[(path.LastIndexOf('/') + 1)..]);
    }

    /// <summary>Kills what there is until there is nothing: who is killed may have started another just before.</summary>
    private static async Task KillAll(Func<IEnumerable<int>> find, TimeProvider time, CancellationToken cancel)
    {
        for (var round = 0; round < 1000; round++)
        {
            var found = find().Select(ProcessTable.Identify).OfType<ProcessIdentity>().ToArray();
            if (found.Length == 0)
                return;
            foreach (var process in found)
                process.Signal(Posix.SIGKILL);
            foreach (var process in found)
                await process.WaitForExit(TimeSpan.FromSeconds(5), time, cancel);
        }
    }

    // ---- the network

    private static void RemoveCniResults(ContainerdLayout layout, HashSet<string> tasks)
    {
        if (!Directory.Exists(CniResults))
            return;
        foreach (var file in Directory.EnumerateFiles(CniResults))
        {
            var name = Path.GetFileName(file); // NETWORK-CONTAINER-INTERFACE
            if (name.StartsWith(layout.NetworkName + "-", StringComparison.Ordinal) || name.Split('-').Any(tasks.Contains))
                File.Delete(file);
        }
    }

    private static async Task RemoveBridge(ContainerdLayout layout, CancellationToken cancel)
    {
        if (!Directory.Exists($"/sys/class/net/{layout.BridgeName}") || ContainerdProcess.Locate("ip") is not { } ip)
            return;
        using var process = Process.Start(new ProcessStartInfo(ip)
        {
            ArgumentList = { "link", "delete", layout.BridgeName },
            RedirectStandardError = true,
        })!;
        await process.WaitForExitAsync(cancel);
    }

    // ---- files

    /// <summary>A shim's socket is named after the SHA-256 of containerd's socket, the namespace and the shim's first container.</summary>
    private static void RemoveShimSockets(ContainerdLayout layout, HashSet<string> tasks)
    {
        foreach (var task in tasks)
        {
            foreach (var suffix in new[] { "", "/debug" })
                File.Delete($"{ShimSockets}/{Hash($"{layout.SocketPath}/k8s.io/{task}{suffix}")}");
        }

        static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)));
    }

    private static void Delete(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }

    private static void RemoveIfEmpty(params ReadOnlySpan<string> directories)
    {
        foreach (var directory in directories)
        {
            if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
            {
                try
                {
                    Directory.Delete(directory);
                }
                catch (IOException)
                {
                    // Someone else has begun to use it.
                }
            }
        }
    }
}
