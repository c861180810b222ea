using System.Globalization;
using Coracle.Kinds.Core.V1;

namespace Coracle.Tests.Running;

/// <summary>What the kernel has of containers: asked of nobody who could be mistaken.</summary>
internal static class Containers
{
    /// <summary>The processes of each container and sandbox (by its id) below a cgroup, oldest first.</summary>
    /// <param name="exceptPod">The uid of a pod that is of no interest.</param>
    public static Dictionary<string, List<int>> Of(string cgroupRoot, string exceptPod = "no pod") => Find(path => path.StartsWith(cgroupRoot + "/", StringComparison.Ordinal) && !path.Contains(exceptPod, StringComparison.Ordinal));

    public static Dictionary<string, List<int>> OfPod(string cgroupRoot, string pod) => Find(path => path.StartsWith(cgroupRoot + "/", StringComparison.Ordinal) && path.Contains(pod, StringComparison.Ordinal));

    private static Dictionary<string, List<int>> Find(Func<string, bool> wanted)
    {
        var found = new Dictionary<string, List<(long Since, int Pid)>>(StringComparer.Ordinal);
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) continue;
            if (CgroupOf(pid, wanted) is not { } path || Instance.InstanceRecord.StartTimeOf(pid) is not { } since) continue;
            var id = path[(path.LastIndexOf('/') + 1)..];
            if (!found.TryGetValue(id, out var pids)) found[id] = pids = [];
            pids.Add((since, pid));
        }
        // By time, not by number: numbers begin anew once they have run out.
        return found.ToDictionary(f => f.Key, f => f.Value.Order().Select(p => p.Pid).ToList());
    }

    private static string? CgroupOf(int pid, Func<string, bool> wanted)
    {
        try
        {
            return File.ReadLines($"/proc/{pid}/cgroup").Select(line => line.Split(':', 3)[2]).FirstOrDefault(wanted);
        }
        catch (IOException)
        {
            return null; // it has ended meanwhile
        }
    }

    /// <summary>What the kernel holds a container to, such as ("memory", "memory.limit_in_bytes", "memory.max").</summary>
    public static string Limit(int pid, string controller, string version1, string version2)
    {
        foreach (var line in File.ReadLines($"/proc/{pid}/cgroup"))
        {
            var parts = line.Split(':', 3);
            if (parts[1].Split(',').Contains(controller)) return File.ReadAllText($"/sys/fs/cgroup/{controller}{parts[2]}/{version1}").Trim();
            if (parts[1].Length == 0 && File.Exists($"/sys/fs/cgroup{parts[2]}/{version2}")) return File.ReadAllText($"/sys/fs/cgroup{parts[2]}/{version2}").Trim();
        }
        return "none";
    }

    public static string IdOf(ContainerStatus status) => status.ContainerID[(status.ContainerID.LastIndexOf('/') + 1)..];
}
