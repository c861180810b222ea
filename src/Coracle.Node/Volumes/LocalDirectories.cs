using Coracle.Node.Agent;

namespace Coracle.Node.Volumes;

/// <summary>Directories of this node in which volumes outlive pods. A simulated node has their names alone.</summary>
internal static class LocalDirectories
{
    private const string Simulated = "/var/lib/coracle";

    private static string Root(NodeOptions options) => Path.Combine(options.DataDirectory.Length > 0 ? options.DataDirectory : Simulated, "volumes");

    public static string PathOf(NodeOptions options, string volume) => Path.Combine(Root(options), Safe(volume));

    public static void Make(NodeOptions options, string volume)
    {
        if (options.DataDirectory.Length == 0) return;
        var path = PathOf(options, volume);
        Directory.CreateDirectory(path);
        // Which user the pods have is not known here. Who is not root does not get as far as here.
        File.SetUnixFileMode(path, (UnixFileMode)0x1ff);
    }

    public static void Remove(NodeOptions options, string volume)
    {
        if (options.DataDirectory.Length > 0 && Directory.Exists(PathOf(options, volume))) Directory.Delete(PathOf(options, volume), recursive: true);
    }

    // Names of volumes are names of subdomains; what is none must not lead out of the directory.
    private static string Safe(string volume) => volume.Length > 0 && volume[0] != '.' && !volume.Contains('/', StringComparison.Ordinal) ? volume : throw new ArgumentException($"\"{volume}\" is no name of a volume", nameof(volume));
}
