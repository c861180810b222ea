using System.Globalization;
using Coracle.Kinds.Core.V1;

namespace Coracle.Tests.Running;

/// <summary>What the kernel has of containers: asked of nobody who could be mistaken.</summary>
internal static class Containers
{
    /// <summary>The processes of each container (by its id) that the kernel holds in the cgroups of a data directory's instance.</summary>
    /// <param name="exceptPod">The uid of a pod that is of no interest.</param>
    public static Dictionary<string, List<int>> Of(string cgroupRoot, string exceptPod = "no pod")
    {
        var found = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) continue;
            if (IdOf(pid, cgroupRoot, exceptPod) is not { } id) continue;
            if (!found.TryGetValue(id, out var pids)) found[id] = pids = [];
            pids.Add(pid);
        }
        foreach (var pids in found.Values) pids.Sort();
        return found;
    }

    private static string? IdOf(int pid, string cgroupRoot, string exceptPod)
    {
        try
        {
            foreach (var line in File.ReadLines($"/proc/{pid}/cgroup"))
            {
                var path = line.Split(':', 3)[2];
                if (path.StartsWith(cgroupRoot + "/", StringComparison.Ordinal)) return path.Contains(exceptPod, StringComparison.Ordinal) ? null : path[(path.LastIndexOf('/') + 1)..];
            }
        }
        catch (IOException)
        {
            // It has ended meanwhile.
        }
        return null;
    }

    public static string IdOf(ContainerStatus status) => status.ContainerID[(status.ContainerID.LastIndexOf('/') + 1)..];
}
