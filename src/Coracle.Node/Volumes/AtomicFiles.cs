namespace Coracle.Node.Volumes;

/// <summary>A file of a volume that is made of API objects.</summary>
internal sealed record VolumeFile(byte[] Content, UnixFileMode Mode);

/// <summary>
/// Puts a set of files into a directory so that a reader sees either all old or all new ones: they live in a directory of their own, to which the link
/// "..data" points, and the visible names are links through it (upstream: pkg/volume/util/atomic_writer.go).
/// </summary>
internal static class AtomicFiles
{
    private const string DataLink = "..data";

    /// <param name="stamp">Makes the name of the new directory, "..2006_01_02_15_04_05.000000001".</param>
    public static void Write(string directory, IReadOnlyDictionary<string, VolumeFile> files, string stamp, int? group)
    {
        Directory.CreateDirectory(directory);
        var link = Path.Combine(directory, DataLink);
        var old = new FileInfo(link).LinkTarget;
        if (old is not null && IsSame(Path.Combine(directory, old), files)) return;
        var fresh = $"..{stamp}";
        var target = Path.Combine(directory, fresh);
        foreach (var (path, file) in files) WriteOne(Path.Combine(target, path), file, group);
        Directory.CreateDirectory(target);
        Swap(directory, link, fresh);
        LinkNames(directory, files.Keys);
        if (old is not null) Directory.Delete(Path.Combine(directory, old), recursive: true);
    }

    private static void WriteOne(string path, VolumeFile file, int? group)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, file.Content);
        File.SetUnixFileMode(path, file.Mode);
        if (group is { } id) Ownership.SetGroup(path, id);
    }

    private static void Swap(string directory, string link, string fresh)
    {
        var temporary = Path.Combine(directory, DataLink + "_tmp");
        File.Delete(temporary);
        File.CreateSymbolicLink(temporary, fresh);
        // Not File.Move: it looks through the link, and finds a directory.
        Ownership.Rename(temporary, link);
    }

    private static void LinkNames(string directory, IEnumerable<string> paths)
    {
        var wanted = paths.Select(p => p.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in wanted)
        {
            var visible = Path.Combine(directory, name);
            if (new FileInfo(visible).LinkTarget is null) File.CreateSymbolicLink(visible, Path.Combine(DataLink, name));
        }
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
            if (!entry.Name.StartsWith("..", StringComparison.Ordinal) && !wanted.Contains(entry.Name)) entry.Delete();
    }

    private static bool IsSame(string directory, IReadOnlyDictionary<string, VolumeFile> files)
    {
        if (!Directory.Exists(directory)) return false;
        if (Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Count() != files.Count) return false;
        foreach (var (path, file) in files)
        {
            var full = Path.Combine(directory, path);
            if (!File.Exists(full) || File.GetUnixFileMode(full) != file.Mode || !File.ReadAllBytes(full).AsSpan().SequenceEqual(file.Content)) return false;
        }
        return true;
    }
}

/// <summary>Owners of files.</summary>
internal static partial class Ownership
{
    public static void SetGroup(string path, int group)
    {
        if (LChown(path, -1, group) != 0) throw new IOException($"cannot give {path} to group {group}: error {System.Runtime.InteropServices.Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Renames, replacing what is there, in one step.</summary>
    public static void Rename(string from, string to)
    {
        if (RenamePath(from, to) != 0) throw new IOException($"cannot rename {from}: error {System.Runtime.InteropServices.Marshal.GetLastPInvokeError()}");
    }

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = System.Runtime.InteropServices.StringMarshalling.Utf8)]
    private static partial int RenamePath(string from, string to);

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = System.Runtime.InteropServices.StringMarshalling.Utf8)]
    private static partial int LChown(string path, int owner, int group);
}
