using System.Globalization;

namespace Coracle.Bench;

/// <summary>What the server's processes on this machine have used, as the kernel counts it.</summary>
public sealed class ServerProcess(IReadOnlyList<int> pids)
{
    // USER_HZ; 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    public bool IsKnown => pids.Count > 0;

    /// <summary>Seconds of CPU since they started; null where they are not known or gone.</summary>
    public double? CpuSeconds() => Sum(pid =>
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        // The second field is the program's name in brackets, and may hold spaces itself.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    });

    /// <summary>Resident memory in MB (10^6 bytes).</summary>
    public double? ResidentMb() => Sum(pid =>
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024 / 1e6;
    });

    private double? Sum(Func<string, double> read)
    {
        if (!IsKnown) return null;
        try
        {
            return pids.Sum(pid => read(pid.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The process that listens on a port of this machine's loopback; none where it is elsewhere or not ours to see.</summary>
    public static IReadOnlyList<int> Listening(Uri server)
    {
        if (!server.IsLoopback || !Directory.Exists("/proc/net")) return [];
        var inodes = ListeningSockets("/proc/net/tcp", server.Port).Concat(ListeningSockets("/proc/net/tcp6", server.Port)).Select(i => $"socket:[{i}]").ToHashSet(StringComparer.Ordinal);
        if (inodes.Count == 0) return [];
        return [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Where(pid => Holds(pid!, inodes))
            .Select(pid => int.Parse(pid!, CultureInfo.InvariantCulture)).Take(1)];
    }

    // "  0: 0100007F:192B 00000000:0000 0A ... inode": state 0A listens.
    internal static IEnumerable<string> ListeningSockets(string table, int port)
    {
        if (!File.Exists(table)) yield break;
        foreach (var line in File.ReadLines(table).Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 9 && fields[3] == "0A" && int.Parse(fields[1].AsSpan(fields[1].LastIndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) == port) yield return fields[9];
        }
    }

    private static bool Holds(string pid, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{pid}/fd").Any(f => new FileInfo(f).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
