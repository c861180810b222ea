using System.Globalization;
using System.Text;

namespace Coracle.Node.Containerd;

/// <summary>A line of /proc/self/mountinfo.</summary>
internal sealed record MountPoint(string Target, string FileSystem, string Source, string SuperOptions);

internal static class MountTable
{
    public static IEnumerable<MountPoint> Read() => File.ReadLines("/proc/self/mountinfo").Select(Parse).OfType<MountPoint>();

    /// <summary>The mounts at or below a directory, the innermost first.</summary>
    public static IEnumerable<MountPoint> Below(string directory) =>
        Read().Where(mount => mount.Target == directory || mount.Target.StartsWith(directory + "/", StringComparison.Ordinal)).Reverse();

    /// <summary>The mount that holds a path.</summary>
    public static MountPoint? Holding(string path) => Read()
        .Where(mount => mount.Target == "/" || path == mount.Target || path.StartsWith(mount.Target + "/", StringComparison.Ordinal))
        .MaxBy(mount => mount.Target.Length);

    /// <summary><c>36 35 98:0 /root /target options... - ext4 /dev/sda rw</c>; blanks in names are written as \040.</summary>
    internal static MountPoint? Parse(string line)
    {
        var separator = line.IndexOf(" - ", StringComparison.Ordinal);
        if (separator < 0)
            return null;
        var before = line[..separator].Split(' ');
        var after = line[(separator + 3)..].Split(' ');
        return before.Length > 4 && after.Length > 2
            ? new MountPoint(Unescape(before[4]), after[0], Unescape(after[1]), after[2]) : null;
    }

    private static string Unescape(string name)
    {
        if (!name.Contains('\\', StringComparison.Ordinal))
            return name;
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '\\' && i + 3 < name.Length)
            {
                text.Append((char)Convert.ToInt32(name.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                text.Append(name[i]);
            }
        }
        return text.ToString();
    }
}
