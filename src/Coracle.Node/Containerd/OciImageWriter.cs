using System.Buffers;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Coracle.Node.Containerd;

/// <summary>
/// Writes an image as a tar that containerd, podman and Docker load: an OCI image layout (oci-layout, index.json,
/// blobs/sha256/...) with Docker's manifest.json beside. The same input gives the same bytes.
/// </summary>
public static class OciImageWriter
{
    public static async Task Write(Stream to, OciImage image, CancellationToken cancel)
    {
        var name = ImageName.Normalize(image.Name);
        await using var tar = new TarWriter(to, TarEntryFormat.Ustar, leaveOpen: true);
        var layers = new List<Layer>();
        foreach (var files in image.Layers)
        {
            await using var content = Temporary();
            var layer = await WriteLayer(content, files, image, cancel);
            content.Position = 0;
            if (!layers.Any(l => l.Blob.Digest == layer.Blob.Digest))
                await WriteBlob(tar, layer.Blob.Digest, content, image.Created, cancel);
            layers.Add(layer);
        }
        var config = await WriteJson(tar, "application/vnd.oci.image.config.v1+json", image, json => WriteConfig(json, image, layers), cancel);
        var manifest = await WriteJson(tar, ImageArchive.OciManifest, image, json => WriteManifest(json, config, layers), cancel);
        await WriteFile(tar, "index.json", Json(json => WriteIndex(json, manifest, name)), image.Created, cancel);
        await WriteFile(tar, "manifest.json", Json(json => WriteDockerManifest(json, name, config, layers)), image.Created, cancel);
        await WriteFile(tar, "oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray(), image.Created, cancel);
    }

    private sealed record Layer(Blob Blob, string DiffId);

    private static FileStream Temporary() => new(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);

    /// <summary>A layer has two digests: of its tar (the diff id), and of the blob, which differ when it is compressed.</summary>
    private static async Task<Layer> WriteLayer(Stream to, IEnumerable<ImageFile> files, OciImage image, CancellationToken cancel)
    {
        using var tarHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var blobHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var blob = new HashingStream(to, blobHash);
        await using (var compressed = image.Compress ? new GZipStream(blob, CompressionLevel.Optimal, leaveOpen: true) : (Stream)blob)
        await using (var tar = new TarWriter(new HashingStream(compressed, tarHash), TarEntryFormat.Gnu, leaveOpen: true))
        {
            foreach (var file in files)
                await WriteEntry(tar, file, image.Created, cancel);
        }
        var mediaType = "application/vnd.oci.image.layer.v1.tar" + (image.Compress ? "+gzip" : "");
        return new Layer(new Blob(mediaType, Digest(blobHash), to.Length), Digest(tarHash));
    }

    private static string Digest(IncrementalHash hash) => $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";

    private static async Task WriteEntry(TarWriter tar, ImageFile file, DateTimeOffset time, CancellationToken cancel)
    {
        var type = file.LinkTarget is not null ? TarEntryType.SymbolicLink : file.Open is null ? TarEntryType.Directory : TarEntryType.RegularFile;
        var entry = new GnuTarEntry(type, type == TarEntryType.Directory ? file.Path + "/" : file.Path)
        {
            Mode = (UnixFileMode)file.Mode,
            Uid = file.UserId,
            Gid = file.GroupId,
            ModificationTime = time,
        };
        if (file.LinkTarget is not null)
            entry.LinkName = file.LinkTarget;
        await using var content = file.Open?.Invoke();
        if (content is not null)
            entry.DataStream = content;
        await tar.WriteEntryAsync(entry, cancel);
    }

    private static Task WriteBlob(TarWriter tar, string digest, Stream content, DateTimeOffset time, CancellationToken cancel) =>
        tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, ImageArchive.BlobPath(digest))
        {
            Mode = (UnixFileMode)0b110_100_100,
            ModificationTime = time,
            DataStream = content,
        }, cancel);

    private static async Task<Blob> WriteJson(TarWriter tar, string mediaType, OciImage image, Action<Utf8JsonWriter> write, CancellationToken cancel)
    {
        var bytes = Json(write);
        var blob = new Blob(mediaType, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}", bytes.Length);
        await WriteBlob(tar, blob.Digest, new MemoryStream(bytes), image.Created, cancel);
        return blob;
    }

    private static Task WriteFile(TarWriter tar, string path, byte[] content, DateTimeOffset time, CancellationToken cancel) =>
        tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, path)
        {
            Mode = (UnixFileMode)0b110_100_100,
            ModificationTime = time,
            DataStream = new MemoryStream(content),
        }, cancel);

    // ---- the JSON documents

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            write(json);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteConfig(Utf8JsonWriter json, OciImage image, List<Layer> layers)
    {
        json.WriteStartObject();
        json.WriteString("created", image.Created.UtcDateTime);
        json.WriteString("architecture", image.Architecture);
        json.WriteString("os", "linux");
        json.WriteStartObject("config");
        Texts(json, "Entrypoint", image.Entrypoint);
        Texts(json, "Cmd", image.Command);
        Texts(json, "Env", image.Environment);
        if (image.WorkingDirectory.Length > 0)
            json.WriteString("WorkingDir", image.WorkingDirectory);
        if (image.User.Length > 0)
            json.WriteString("User", image.User);
        WriteMaps(json, image);
        json.WriteEndObject();
        json.WriteStartObject("rootfs");
        json.WriteString("type", "layers");
        Texts(json, "diff_ids", [.. layers.Select(l => l.DiffId)], evenEmpty: true);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMaps(Utf8JsonWriter json, OciImage image)
    {
        if (image.ExposedPorts.Count > 0)
        {
            json.WriteStartObject("ExposedPorts");
            foreach (var port in image.ExposedPorts)
            {
                json.WriteStartObject(port);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        if (image.Labels.Count > 0)
        {
            json.WriteStartObject("Labels");
            foreach (var (key, value) in image.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
                json.WriteString(key, value);
            json.WriteEndObject();
        }
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> values, bool evenEmpty = false)
    {
        if (values.Count == 0 && !evenEmpty)
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteManifest(Utf8JsonWriter json, Blob config, List<Layer> layers)
    {
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", 2);
        json.WriteString("mediaType", ImageArchive.OciManifest);
        json.WritePropertyName("config");
        config.WriteTo(json);
        json.WriteStartArray("layers");
        foreach (var layer in layers)
            layer.Blob.WriteTo(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteIndex(Utf8JsonWriter json, Blob manifest, string name)
    {
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", 2);
        json.WriteString("mediaType", ImageArchive.OciIndex);
        json.WriteStartArray("manifests");
        manifest.WriteTo(json, [KeyValuePair.Create("io.containerd.image.name", name), KeyValuePair.Create("org.opencontainers.image.ref.name", ImageName.TagOf(name))]);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteDockerManifest(Utf8JsonWriter json, string name, Blob config, List<Layer> layers)
    {
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteString("Config", ImageArchive.BlobPath(config.Digest));
        Texts(json, "RepoTags", [name]);
        Texts(json, "Layers", [.. layers.Select(l => ImageArchive.BlobPath(l.Blob.Digest))], evenEmpty: true);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>Passes writes on and takes their hash.</summary>
    private sealed class HashingStream(Stream to, IncrementalHash hash) : Stream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            hash.AppendData(buffer);
            to.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            hash.AppendData(buffer.Span);
            return to.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() => to.Flush();
        public override Task FlushAsync(CancellationToken cancellationToken) => to.FlushAsync(cancellationToken);
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
