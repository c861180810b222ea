namespace Coracle.Node.Containerd;

/// <summary>An image to be written: its files and what the image's configuration says of running it.</summary>
public sealed record OciImage
{
    /// <summary>With its registry and tag, such as <c>registry.example/shop/cart:1.2</c>; a short name is completed as Docker does.</summary>
    public required string Name { get; init; }

    /// <summary>From the lowest layer to the highest.</summary>
    public required IReadOnlyList<IEnumerable<ImageFile>> Layers { get; init; }

    /// <summary>amd64, arm64...</summary>
    public required string Architecture { get; init; }

    public IReadOnlyList<string> Entrypoint { get; init; } = [];
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Each NAME=VALUE.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    public string WorkingDirectory { get; init; } = "";

    /// <summary>A name or number, and perhaps a group after a colon; empty is root.</summary>
    public string User { get; init; } = "";

    /// <summary>Such as 8080/tcp.</summary>
    public IReadOnlyList<string> ExposedPorts { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Also the time of all files: the same input makes the same image.</summary>
    public DateTimeOffset Created { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>Whether layers are compressed with gzip.</summary>
    public bool Compress { get; init; }
}

/// <summary>An entry of a layer.</summary>
public sealed record ImageFile
{
    private ImageFile(string path) => Path = path;

    /// <summary>Without a slash at its start.</summary>
    public string Path { get; }

    public int Mode { get; private init; }
    public int UserId { get; init; }
    public int GroupId { get; init; }

    /// <summary>A symbolic link's; else null.</summary>
    public string? LinkTarget { get; private init; }

    /// <summary>Opens a file's content; null for directories and links.</summary>
    public Func<Stream>? Open { get; private init; }

    public static ImageFile Of(string path, byte[] content, int mode = 0b110_100_100) =>
        new(path.TrimStart('/')) { Mode = mode, Open = () => new MemoryStream(content, writable: false) };

    public static ImageFile FromDisk(string path, string source, int mode) =>
        new(path.TrimStart('/')) { Mode = mode, Open = () => File.OpenRead(source) };

    public static ImageFile Directory(string path, int mode = 0b111_101_101) => new(path.Trim('/')) { Mode = mode };

    public static ImageFile Link(string path, string target) => new(path.TrimStart('/')) { Mode = 0b111_111_111, LinkTarget = target };

    /// <summary>All that is below a directory, as root's, in the order of names; modes and links are kept.</summary>
    /// <param name="under">Where in the image it goes; empty is the root.</param>
    public static IEnumerable<ImageFile> Below(string directory, string under = "")
    {
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var path = under.Length == 0 ? entry.Name : $"{under.Trim('/')}/{entry.Name}";
            if (entry.LinkTarget is { } target)
            {
                yield return Link(path, target);
            }
            else if (entry is DirectoryInfo)
            {
                yield return Directory(path, (int)entry.UnixFileMode);
                foreach (var inner in Below(entry.FullName, path))
                    yield return inner;
            }
            else
            {
                yield return FromDisk(path, entry.FullName, (int)entry.UnixFileMode);
            }
        }
    }
}
