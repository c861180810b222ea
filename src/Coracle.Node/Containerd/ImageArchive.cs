using System.Buffers;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Coracle.Node.Containerd;

/// <summary>
/// Reads a tar of images: an OCI image layout (<c>index.json</c>), as buildah, podman, skopeo and Docker 25 write, or what older
/// Dockers save (<c>manifest.json</c>). The tar may be compressed with gzip. InvalidDataException when it is neither.
/// </summary>
internal sealed class ImageArchive : IAsyncDisposable
{
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    private const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";
    private const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    private const int document_bytes_max = 8 * 1024 * 1024;
    private const int depth_max = 4;

    private readonly FileStream _file;
    private readonly Dictionary<string, (long Offset, long Length)> _entries = [];
    private readonly Dictionary<string, string> _links = [];
    private readonly Dictionary<string, byte[]> _made = [];
    private readonly Dictionary<string, string> _blobPaths = [];

    private ImageArchive(FileStream file) => _file = file;

    /// <summary>One image: its names (perhaps none), what it points to, and the manifests of this platform that it leads to.</summary>
    public sealed record ArchivedImage(IReadOnlyList<string> Names, Blob Target, IReadOnlyList<Blob> Indexes, IReadOnlyList<ArchivedManifest> Manifests);

    public sealed record ArchivedManifest(Blob Manifest, Blob Config, IReadOnlyList<Blob> Layers, IReadOnlyList<string> DiffIds);

    public static string BlobPath(string digest) => $"blobs/{digest.Replace(':', '/')}";

    public static async Task<ImageArchive> Open(string path, CancellationToken cancel)
    {
        var archive = new ImageArchive(await OpenTar(path, cancel));
        try
        {
            await archive.ReadEntries(cancel);
            return archive;
        }
        catch
        {
            await archive.DisposeAsync();
            throw;
        }
    }

    /// <summary>Blobs are read in any order, so a compressed tar is unpacked first.</summary>
    private static async Task<FileStream> OpenTar(string path, CancellationToken cancel)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, FileOptions.Asynchronous);
        var magic = new byte[2];
        var isGzip = await file.ReadAtLeastAsync(magic, 2, throwOnEndOfStream: false, cancel) == 2 && magic is [0x1f, 0x8b];
        file.Position = 0;
        if (!isGzip)
            return file;
        await using var compressed = new GZipStream(file, CompressionMode.Decompress);
        var plain = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 64 * 1024,
            FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        await compressed.CopyToAsync(plain, cancel);
        plain.Position = 0;
        return plain;
    }

    private async Task ReadEntries(CancellationToken cancel)
    {
        await using var tar = new TarReader(_file, leaveOpen: true);
        while (await NextEntry(tar, cancel) is { } entry)
        {
            var name = Clean(entry.Name);
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile)
                _entries[name] = (entry.Length > 0 ? entry.DataOffset : 0, entry.Length);
            else if (entry.EntryType is TarEntryType.SymbolicLink)
                _links[name] = Clean(Path.Combine(Path.GetDirectoryName(name) ?? "", entry.LinkName));
            else if (entry.EntryType is TarEntryType.HardLink)
                _links[name] = Clean(entry.LinkName);
        }
    }

    private static async ValueTask<TarEntry?> NextEntry(TarReader tar, CancellationToken cancel)
    {
        try
        {
            return await tar.GetNextEntryAsync(copyData: false, cancel);
        }
        catch (Exception e) when (e is OverflowException or FormatException or ArgumentException)
        {
            // The reader takes the numbers in headers for well-formed.
            throw new InvalidDataException("the archive is damaged: " + e.Message, e);
        }
    }

    /// <summary>As a path from the root of the archive.</summary>
    private static string Clean(string path) =>
        path.Contains('\0') ? throw new InvalidDataException("the archive has an entry whose name is no path") : path.Length == 0 ? "" : Path.GetFullPath(path, "/").TrimStart('/');

    // ---- what is in it

    /// <param name="architecture">As OCI has it; manifests of other platforms are passed over.</param>
    /// <param name="defaultRepository">Names an image that has nothing but a tag.</param>
    public async Task<IReadOnlyList<ArchivedImage>> Images(string architecture, string defaultRepository, CancellationToken cancel)
    {
        var images = Has("index.json") ? await OciImages(architecture, defaultRepository, cancel) : [];
        // Both are there in what Docker 25 writes; either may be the one with the names.
        if (Has("manifest.json") && !images.Any(image => image.Names.Count > 0))
            images = await DockerImages(architecture, cancel);
        return images.Count > 0 ? images : throw new InvalidDataException($"the archive holds no image for {architecture}");
    }

    private async Task<List<ArchivedImage>> OciImages(string architecture, string defaultRepository, CancellationToken cancel)
    {
        var images = new List<ArchivedImage>();
        using var index = await Json("index.json", cancel);
        foreach (var entry in Items(index.RootElement, "manifests"))
        {
            var target = ReadBlob(entry);
            var indexes = new List<Blob>();
            var manifests = new List<ArchivedManifest>();
            if (Matches(entry, architecture))
                await Descend(target, architecture, indexes, manifests, depth_max, cancel);
            if (manifests.Count > 0)
                images.Add(new ArchivedImage([.. Names(entry, defaultRepository)], target, indexes, manifests));
        }
        return images;
    }

    /// <summary>Collects an index' manifests of our platform, as far as they are in the archive.</summary>
    private async Task Descend(Blob blob, string architecture, List<Blob> indexes, List<ArchivedManifest> manifests, int depth, CancellationToken cancel)
    {
        if (!Has(BlobPath(blob.Digest)) || depth == 0)
            return;
        using var document = await Json(BlobPath(blob.Digest), cancel);
        if (blob.MediaType is OciIndex or DockerIndex)
        {
            indexes.Add(blob);
            foreach (var entry in Items(document.RootElement, "manifests").Where(entry => Matches(entry, architecture)))
                await Descend(ReadBlob(entry), architecture, indexes, manifests, depth - 1, cancel);
            return;
        }
        if (blob.MediaType is not (OciManifest or DockerManifest) || Member(document.RootElement, "config") is not { } config)
            return;
        var configBlob = ReadBlob(config);
        using var configDocument = await Json(BlobPath(configBlob.Digest), cancel);
        if (!IsFor(configDocument.RootElement, architecture))
            return;
        manifests.Add(new ArchivedManifest(blob, configBlob, [.. Items(document.RootElement, "layers").Select(ReadBlob)], DiffIds(configDocument.RootElement)));
    }

    private static bool IsFor(JsonElement config, string architecture) => Text(config, "architecture") is not { } made || made == architecture;

    private static bool Matches(JsonElement descriptor, string architecture) =>
        Member(descriptor, "platform") is not { } platform
        || (Text(platform, "os") is null or "linux" && Text(platform, "architecture") is { } made && made == architecture);

    private static IEnumerable<string> Names(JsonElement descriptor, string defaultRepository)
    {
        if (Member(descriptor, "annotations") is not { } annotations)
            yield break;
        if (Text(annotations, "io.containerd.image.name") is { Length: > 0 } full)
            yield return ImageName.Normalize(full);
        else if (Text(annotations, "org.opencontainers.image.ref.name") is { Length: > 0 } name)
            yield return ImageName.Normalize(name.Contains('/', StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal) ? name : $"{defaultRepository}:{name}");
    }

    /// <summary>What older Dockers save has no manifest in today's sense: it is made here.</summary>
    private async Task<List<ArchivedImage>> DockerImages(string architecture, CancellationToken cancel)
    {
        var images = new List<ArchivedImage>();
        using var list = await Json("manifest.json", cancel);
        foreach (var entry in Items(list.RootElement))
        {
            var config = await BlobOf(Text(entry, "Config") ?? "", "application/vnd.docker.container.image.v1+json", cancel);
            using var configDocument = await Json(_blobPaths[config.Digest], cancel);
            if (!IsFor(configDocument.RootElement, architecture))
                continue;
            var layers = new List<Blob>();
            foreach (var path in Items(entry, "Layers"))
                layers.Add(await BlobOf(Text(path) ?? "", "application/vnd.docker.image.rootfs.diff.tar", cancel));
            var manifest = MakeManifest(config, layers);
            images.Add(new ArchivedImage(
                [.. Items(entry, "RepoTags").Select(tag => ImageName.Normalize(Text(tag) ?? ""))], manifest, [],
                [new ArchivedManifest(manifest, config, layers, DiffIds(configDocument.RootElement))]));
        }
        return images;
    }

    private Blob MakeManifest(Blob config, List<Blob> layers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", DockerManifest);
            json.WritePropertyName("config");
            config.WriteTo(json);
            json.WriteStartArray("layers");
            foreach (var layer in layers)
                layer.WriteTo(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        var bytes = buffer.WrittenSpan.ToArray();
        var blob = new Blob(DockerManifest, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}", bytes.Length);
        _made[blob.Digest] = bytes;
        return blob;
    }

    /// <summary>A file of the archive that is to be a blob: its digest is taken by reading it.</summary>
    private async Task<Blob> BlobOf(string path, string mediaType, CancellationToken cancel)
    {
        await using var content = OpenFile(Clean(path));
        var magic = new byte[2];
        var isGzip = await content.ReadAtLeastAsync(magic, 2, throwOnEndOfStream: false, cancel) == 2 && magic is [0x1f, 0x8b];
        content.Position = 0;
        var digest = $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancel))}";
        _blobPaths[digest] = Clean(path);
        return new Blob(isGzip ? mediaType + ".gzip" : mediaType, digest, content.Length);
    }

    private static string[] DiffIds(JsonElement config) =>
        Member(config, "rootfs") is { } rootfs ? [.. Items(rootfs, "diff_ids").Select(id => Text(id) ?? "")] : [];

    // ---- reading

    public bool Has(string path) => _entries.ContainsKey(Follow(path));

    /// <summary>A blob's content. InvalidDataException when the archive lacks it.</summary>
    public Stream OpenBlob(Blob blob) => _made.TryGetValue(blob.Digest, out var made)
        ? new MemoryStream(made, writable: false) : OpenFile(_blobPaths.GetValueOrDefault(blob.Digest, BlobPath(blob.Digest)));

    private Window OpenFile(string path) => _entries.TryGetValue(Follow(path), out var entry)
        ? new Window(_file, entry.Offset, entry.Length) : throw new InvalidDataException($"the archive lacks {path}");

    private string Follow(string path)
    {
        for (var i = 0; i < 8 && _links.TryGetValue(path, out var target); i++)
            path = target;
        return path;
    }

    private async Task<JsonDocument> Json(string path, CancellationToken cancel)
    {
        await using var content = OpenFile(path);
        if (content.Length > document_bytes_max)
            throw new InvalidDataException($"{path} has {content.Length} bytes");
        try
        {
            return await JsonDocument.ParseAsync(content, default, cancel);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is not JSON", e);
        }
    }

    private static Blob ReadBlob(JsonElement descriptor) => new(
        Text(descriptor, "mediaType") ?? OciManifest,
        Text(descriptor, "digest") ?? throw new InvalidDataException("a descriptor without a digest"),
        Member(descriptor, "size") is { ValueKind: JsonValueKind.Number } size && size.TryGetInt64(out var bytes) ? bytes : throw new InvalidDataException("a descriptor without a size"));

    private static JsonElement? Member(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) ? value : null;

    private static IEnumerable<JsonElement> Items(JsonElement of, string name) => Member(of, name) is { } list ? Items(list) : [];

    private static IEnumerable<JsonElement> Items(JsonElement list) => list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static string? Text(JsonElement of, string name) => Member(of, name) is { } value ? Text(value) : null;

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException("a text of the archive is not Unicode", e);
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    /// <summary>A part of the file, which only one reads at a time.</summary>
    private sealed class Window(FileStream file, long offset, long length) : Stream
    {
        public override long Position { get; set; }
        public override long Length => length;
        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var wanted = (int)Math.Min(buffer.Length, length - Position);
            if (wanted <= 0)
                return 0;
            var got = await RandomAccess.ReadAsync(file.SafeFileHandle, buffer[..wanted], offset + Position, cancellationToken);
            Position += got;
            return got;
        }

        public override int Read(byte[] buffer, int offsetInBuffer, int count)
        {
            var wanted = (int)Math.Min(count, length - Position);
            if (wanted <= 0)
                return 0;
            var got = RandomAccess.Read(file.SafeFileHandle, buffer.AsSpan(offsetInBuffer, wanted), offset + Position);
            Position += got;
            return got;
        }

        public override long Seek(long to, SeekOrigin origin) => Position = origin switch
        {
            SeekOrigin.Begin => to,
            SeekOrigin.Current => Position + to,
            _ => length + to,
        };

        public override void Flush() { }
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offsetInBuffer, int count) => throw new NotSupportedException();
    }
}
