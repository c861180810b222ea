using System.Globalization;
using Coracle.Commands;

namespace Coracle.Tests.Running;

internal static class Signals
{
    public static void Kill(int pid) => Assert.Equal(0, Posix.Kill(pid, Posix.SigKill));

    /// <summary>The process among whose arguments these are, one after the other.</summary>
    public static int Find(params string[] arguments) => Directory.EnumerateDirectories("/proc").Select(d => Path.GetFileName(d)!).Where(n => int.TryParse(n, out _))
        .Where(n => Arguments(n).Contains('\0' + string.Join('\0', arguments) + '\0', StringComparison.Ordinal)).Select(n => int.Parse(n, CultureInfo.InvariantCulture)).First();

    public static string Arguments(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
