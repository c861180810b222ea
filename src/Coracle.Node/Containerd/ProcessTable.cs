using System.Globalization;
using System.Text;

namespace Coracle.Node.Containerd;

/// <summary>A process, told from a later one with the same number by when it started.</summary>
/// <param name="StartTicks">Since boot, as /proc has it.</param>
internal readonly record struct ProcessIdentity(int Pid, ulong StartTicks)
{
    public bool IsAlive => ProcessTable.Identify(Pid) == this;

    /// <summary>Signals it unless it is gone already.</summary>
    public void Signal(int signal)
    {
        if (IsAlive)
            Posix.Kill(Pid, signal);
    }

    /// <returns>False when it still lives after <paramref name="limit"/>.</returns>
    public async Task<bool> WaitForExit(TimeSpan limit, TimeProvider time, CancellationToken cancel)
    {
        var begin = time.GetTimestamp();
        while (IsAlive)
        {
            if (time.GetElapsedTime(begin) >= limit)
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancel);
        }
        return true;
    }
}

/// <summary>What /proc says of the processes on this machine.</summary>
internal static class ProcessTable
{
    public static IEnumerable<int> Pids() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
        .Where(pid => pid > 0);

    /// <summary>Null when it is gone, or a zombie.</summary>
    public static ProcessIdentity? Identify(int pid)
    {
        var stat = Read(pid, "stat");
        var afterName = stat.LastIndexOf(')'); // the name before it may hold anything
        if (afterName < 0)
            return null;
        var fields = stat[(afterName + 2)..].Split(' ');
        return fields.Length > 19 && fields[0] is not ("Z" or "X") && ulong.TryParse(fields[19], CultureInfo.InvariantCulture, out var start)
            ? new ProcessIdentity(pid, start) : null;
    }

    public static string[] Arguments(int pid) => Read(pid, "cmdline").TrimEnd('\0').Split('\0');

    /// <summary>The lines of its /proc/PID/cgroup: <c>ID:CONTROLLERS:PATH</c>.</summary>
    public static string Cgroups(int pid) => Read(pid, "cgroup");

    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/{file}", Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // gone meanwhile
        }
    }
}
