using System.Globalization;
using Coracle.Node.Containerd;

namespace Coracle.Node.Cgroups;

public enum CgroupVersion
{
    /// <summary>A tree for each controller.</summary>
    V1,

    /// <summary>One tree.</summary>
    V2,
}

/// <summary>
/// The cgroups of this machine. Paths are as the CRI wants them in cgroup_parent: from the root of the trees, with a slash at the
/// start. On a machine that has both versions mounted (hybrid), version 1 counts, as it does for runc.
/// </summary>
public sealed class CgroupHierarchy
{
    private const string UnifiedMount = "/sys/fs/cgroup";
    private const string AnyController = "";

    private static readonly string[] Known =
    [
        "cpu", "cpuacct", "cpuset", "memory", "pids", "hugetlb", "blkio", "devices", "freezer", "net_cls", "net_prio", "perf_event", "rdma", "misc",
    ];

    private readonly Dictionary<string, string> _mounts;
    private readonly string[] _trees;

    /// <param name="mounts">Where each controller's tree is; with version 2, one for any controller.</param>
    /// <param name="trees">All trees. There are some without a controller of ours (systemd's; version 2's on a hybrid machine), where runtimes make cgroups, too.</param>
    private CgroupHierarchy(CgroupVersion version, Dictionary<string, string> mounts, string[] trees) => (Version, _mounts, _trees) = (version, mounts, trees);

    /// <summary>Version 2 at another place.</summary>
    internal static CgroupHierarchy Unified(string mount) => new(CgroupVersion.V2, new() { [AnyController] = mount }, [mount]);

    public CgroupVersion Version { get; }

    /// <summary>The controllers there are: cpu, cpuacct (version 1 only), cpuset, memory, pids, hugetlb, io or blkio...</summary>
    public IReadOnlyCollection<string> Controllers => Version == CgroupVersion.V1 ? _mounts.Keys : ReadWords(Path.Combine(_trees[0], "cgroup.controllers"));

    public static CgroupHierarchy Detect() => Detect(MountTable.Read());

    internal static CgroupHierarchy Detect(IEnumerable<MountPoint> table)
    {
        var mounts = new Dictionary<string, string>();
        var trees = new List<string>();
        foreach (var mount in table.Where(mount => mount.FileSystem is "cgroup" or "cgroup2"))
        {
            if (mount is { FileSystem: "cgroup2", Target: UnifiedMount })
                return Unified(UnifiedMount);
            if (!trees.Contains(mount.Target))
                trees.Add(mount.Target);
            // A tree's controllers are among the options of the mount.
            foreach (var option in mount.FileSystem == "cgroup" ? mount.SuperOptions.Split(',') : [])
            {
                if (Known.Contains(option))
                    mounts.TryAdd(option, mount.Target);
            }
        }
        return new CgroupHierarchy(CgroupVersion.V1, mounts, [.. trees]);
    }

    /// <summary>The directory of a cgroup in a controller's tree (in the one tree of version 2). Null when there is no such controller.</summary>
    public string? Directory(string controller, string cgroup)
    {
        var mount = _mounts.GetValueOrDefault(Version == CgroupVersion.V2 ? AnyController : controller);
        return mount is null ? null : Path.Combine(mount, cgroup.TrimStart('/'));
    }

    /// <summary>Its directories in all trees.</summary>
    internal IEnumerable<string> Directories(string cgroup) => _trees.Select(tree => Path.Combine(tree, cgroup.TrimStart('/')));

    public bool Exists(string cgroup) => Directories(cgroup).Any(System.IO.Directory.Exists);

    /// <summary>Makes a cgroup and those above it, for all controllers, so that processes can be put there. Idempotent.</summary>
    public void Create(string cgroup)
    {
        var path = "";
        foreach (var name in cgroup.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Version == CgroupVersion.V2)
                DelegateControllers(path);
            path = $"{path}/{name}";
            foreach (var mount in _mounts.Values.Distinct())
                System.IO.Directory.CreateDirectory(Path.Combine(mount, path.TrimStart('/')));
            if (Version == CgroupVersion.V1)
                InheritCpuSet(path);
        }
    }

    /// <summary>Version 1 refuses processes in a new cpuset until it has been told of processors and memory nodes.</summary>
    private void InheritCpuSet(string cgroup)
    {
        if (Directory("cpuset", cgroup) is not { } directory)
            return;
        foreach (var file in new[] { "cpuset.cpus", "cpuset.mems" })
        {
            var own = Path.Combine(directory, file);
            var parents = Path.Combine(Path.GetDirectoryName(directory)!, file);
            if (File.Exists(own) && File.Exists(parents) && File.ReadAllText(own).Trim().Length == 0)
                File.WriteAllText(own, File.ReadAllText(parents).Trim());
        }
    }

    /// <summary>Version 2 has a controller in a cgroup only when the one above passes it on.</summary>
    private void DelegateControllers(string cgroup)
    {
        var directory = Path.Combine(_trees[0], cgroup.TrimStart('/'));
        var passedOn = ReadWords(Path.Combine(directory, "cgroup.subtree_control"));
        foreach (var controller in ReadWords(Path.Combine(directory, "cgroup.controllers")).Except(passedOn))
        {
            try
            {
                File.WriteAllText(Path.Combine(directory, "cgroup.subtree_control"), $"+{controller}");
            }
            catch (IOException) when (cgroup.Length == 0)
            {
                // In a container the root of the tree is a cgroup with processes in it, and such a one passes nothing on.
                Evacuate(directory);
                File.WriteAllText(Path.Combine(directory, "cgroup.subtree_control"), $"+{controller}");
            }
        }
    }

    private static void Evacuate(string directory)
    {
        var inner = System.IO.Directory.CreateDirectory(Path.Combine(directory, "coracle-init")).FullName;
        foreach (var process in ReadLines(Path.Combine(directory, "cgroup.procs")))
            TryWrite(Path.Combine(inner, "cgroup.procs"), process);
    }

    /// <summary>The cgroups just below one.</summary>
    public IEnumerable<string> Children(string cgroup) => Directories(cgroup).Where(System.IO.Directory.Exists)
        .SelectMany(System.IO.Directory.EnumerateDirectories).Select(path => Path.GetFileName(path)!).Distinct();

    /// <summary>All processes in a cgroup and below.</summary>
    public IReadOnlySet<int> Processes(string cgroup)
    {
        var pids = new HashSet<int>();
        foreach (var directory in Directories(cgroup).Where(System.IO.Directory.Exists))
        {
            foreach (var file in WithInner(directory))
            {
                foreach (var line in ReadLines(Path.Combine(file, "cgroup.procs")))
                {
                    if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0)
                        pids.Add(pid);
                }
            }
        }
        return pids;
    }

    /// <summary>
    /// Kills what runs in a cgroup and below, and removes it from all trees. Idempotent. IOException when processes there do not die.
    /// </summary>
    public async Task Remove(string cgroup, TimeProvider time, CancellationToken cancel)
    {
        if (cgroup.Trim('/').Length == 0)
            throw new ArgumentException("the root is not ours to remove", nameof(cgroup));
        for (var attempt = 0; Exists(cgroup); attempt++)
        {
            foreach (var pid in Processes(cgroup))
                Posix.Kill(pid, Posix.SIGKILL);
            var busy = Directories(cgroup).Where(System.IO.Directory.Exists).ToArray().Count(directory => !TryRemove(directory));
            if (busy == 0)
                return;
            if (attempt == 500)
                throw new IOException($"cgroup {cgroup} is still in use by {string.Join(' ', Processes(cgroup))}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancel); // who was killed goes a little later
        }
    }

    /// <summary>Removes a cgroup where nobody uses it.</summary>
    public void RemoveIfEmpty(string cgroup)
    {
        foreach (var directory in Directories(cgroup).Where(System.IO.Directory.Exists))
        {
            if (!System.IO.Directory.EnumerateDirectories(directory).Any())
                TryRemove(directory);
        }
    }

    private static bool TryRemove(string directory)
    {
        try
        {
            // Innermost first. Their files are the kernel's: only the directories are removed.
            foreach (var inner in Enumerable.Reverse(WithInner(directory)))
                System.IO.Directory.Delete(inner);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>A directory and those in it, each before what it holds.</summary>
    private static string[] WithInner(string directory)
    {
        try
        {
            return [directory, .. System.IO.Directory.EnumerateDirectories(directory, "*", SearchOption.AllDirectories).OrderBy(path => path.Length)];
        }
        catch (DirectoryNotFoundException)
        {
            return [directory]; // one of them went while we looked
        }
    }

    // ---- files of a cgroup

    internal static void TryWrite(string file, string text)
    {
        try
        {
            File.WriteAllText(file, text);
        }
        catch (IOException)
        {
            // The process is gone.
        }
    }

    internal static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string[] ReadWords(string file) => [.. ReadLines(file).SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}
