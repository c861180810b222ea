using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Coracle.Node.Containerd;

namespace Coracle.Node.Tests.Containerd;

public sealed class ImageTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coracle-image-").FullName;
    private readonly CancellationToken _cancel = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string PathOf(string name) => Path.Combine(_directory, name);

    private static OciImage Small(bool compress = false) => new()
    {
        Name = "shop/cart:1.2",
        Architecture = "amd64",
        Entrypoint = ["/bin/cart"],
        Environment = ["A=b"],
        User = "1000",
        ExposedPorts = ["8080/tcp"],
        Labels = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" },
        Compress = compress,
        Layers = [[ImageFile.Directory("bin"), ImageFile.Of("bin/cart", "#!"u8.ToArray(), 0b111_101_101)], [ImageFile.Link("cart", "bin/cart")]],
    };

    private async Task<string> Write(OciImage image, string name = "image.tar")
    {
        await using var file = File.Create(PathOf(name));
        await OciImageWriter.Write(file, image, _cancel);
        return PathOf(name);
    }

    private static async Task<byte[]> ReadAll(Stream from)
    {
        await using (from)
        {
            var all = new MemoryStream();
            await from.CopyToAsync(all);
            return all.ToArray();
        }
    }

    private static string Sha256(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_written_is_read_with_every_digest_right(bool compress)
    {
        await using var archive = await ImageArchive.Open(await Write(Small(compress)), _cancel);
        var image = Assert.Single(await archive.Images("amd64", "x", _cancel));
        Assert.Equal(["docker.io/shop/cart:1.2"], image.Names);
        var manifest = Assert.Single(image.Manifests);
        Assert.Equal(image.Target, manifest.Manifest);
        Assert.Equal(2, manifest.Layers.Count);
        foreach (var blob in manifest.Layers.Append(manifest.Config).Append(manifest.Manifest))
        {
            var bytes = await ReadAll(archive.OpenBlob(blob));
            Assert.Equal((blob.Digest, blob.Size), (Sha256(bytes), bytes.Length));
        }
        foreach (var (layer, diffId) in manifest.Layers.Zip(manifest.DiffIds))
        {
            var content = archive.OpenBlob(layer);
            Assert.Equal(diffId, Sha256(await ReadAll(compress ? new GZipStream(content, CompressionMode.Decompress) : content)));
        }
        using var config = JsonDocument.Parse(await ReadAll(archive.OpenBlob(manifest.Config)));
        Assert.Equal("""{"Entrypoint":["/bin/cart"],"Env":["A=b"],"User":"1000","ExposedPorts":{"8080/tcp":{}},"Labels":{"a":"1","b":"2"}}""",
            config.RootElement.GetProperty("config").GetRawText());
    }

    [Fact]
    public async Task The_same_image_is_the_same_bytes() =>
        Assert.Equal(await File.ReadAllBytesAsync(await Write(Small(), "a")), await File.ReadAllBytesAsync(await Write(Small(), "b")));

    [Fact]
    public async Task A_layer_from_a_directory_keeps_modes_and_links()
    {
        var source = Directory.CreateDirectory(PathOf("source")).FullName;
        Directory.CreateDirectory(Path.Combine(source, "sub"));
        await File.WriteAllTextAsync(Path.Combine(source, "sub/run"), "x", _cancel);
        File.SetUnixFileMode(Path.Combine(source, "sub/run"), (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(Path.Combine(source, "link"), "sub/run");

        var files = ImageFile.Below(source, "app").ToArray();

        Assert.Equal(["app/link", "app/sub", "app/sub/run"], files.Select(file => file.Path));
        Assert.Equal("sub/run", files[0].LinkTarget);
        Assert.Null(files[1].Open);
        Assert.Equal(0b111_101_101, files[2].Mode);
    }

    [Fact]
    public async Task An_image_for_other_machines_is_no_image_for_this_one()
    {
        await using var archive = await ImageArchive.Open(await Write(Small() with { Architecture = "s390x" }), _cancel);
        Assert.Single(await archive.Images("s390x", "x", _cancel));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await archive.Images("amd64", "x", _cancel));
    }

    // ---- what others write

    private async Task<string> Tar(string name, Action<TarWriter> write, bool gzip = false)
    {
        await using var file = File.Create(PathOf(name));
        await using Stream to = gzip ? new GZipStream(file, CompressionLevel.Fastest) : file;
        await using var tar = new TarWriter(to, TarEntryFormat.Ustar);
        write(tar);
        return PathOf(name);
    }

    private static void Add(TarWriter tar, string path, byte[] content) =>
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) });

    private static byte[] LayerTar(string file)
    {
        var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
            Add(tar, file, "x"u8.ToArray());
        return bytes.ToArray();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_old_Dockers_save_is_read(bool gzip)
    {
        byte[] first = LayerTar("a"), second = LayerTar("b");
        var config = Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["{{{Sha256(first)}}}","{{{Sha256(second)}}}","{{{Sha256(first)}}}"]}}""");
        var path = await Tar("docker.tar", tar =>
        {
            Add(tar, "1/layer.tar", first);
            Add(tar, "2/layer.tar", second);
            tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, "3/layer.tar") { LinkName = "../1/layer.tar" });
            Add(tar, "c.json", config);
            Add(tar, "manifest.json", """[{"Config":"c.json","RepoTags":["nginx:1","nginx:latest"],"Layers":["1/layer.tar","2/layer.tar","3/layer.tar"]}]"""u8.ToArray());
        }, gzip);

        await using var archive = await ImageArchive.Open(path, _cancel);
        var image = Assert.Single(await archive.Images("amd64", "x", _cancel));

        Assert.Equal(["docker.io/library/nginx:1", "docker.io/library/nginx:latest"], image.Names);
        var manifest = Assert.Single(image.Manifests);
        Assert.Equal(manifest.DiffIds, manifest.Layers.Select(layer => layer.Digest));
        Assert.Equal(config, await ReadAll(archive.OpenBlob(manifest.Config)));
        Assert.Equal(manifest.Manifest.Digest, Sha256(await ReadAll(archive.OpenBlob(manifest.Manifest))));
    }

    [Fact]
    public async Task Of_an_index_for_many_machines_ours_is_taken()
    {
        var blobs = new Dictionary<string, byte[]>();
        string Put(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            blobs[Sha256(bytes)] = bytes;
            return $"\"digest\":\"{Sha256(bytes)}\",\"size\":{bytes.Length}";
        }

        string Manifest(string architecture)
        {
            var config = Put($$$"""{"architecture":"{{{architecture}}}","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}""");
            var manifest = Put($$"""{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json",{{config}}},"layers":[]}""");
            return $$$"""{"mediaType":"{{{ImageArchive.OciManifest}}}",{{{manifest}}},"platform":{"os":"linux","architecture":"{{{architecture}}}"}}""";
        }

        var missing = """{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:00","size":1,"platform":{"os":"linux","architecture":"amd64"}}""";
        var inner = Put($$"""{"schemaVersion":2,"manifests":[{{Manifest("arm64")}},{{missing}},{{Manifest("amd64")}}]}""");
        var path = await Tar("multi.tar", tar =>
        {
            Add(tar, "./index.json", Encoding.UTF8.GetBytes(
                $$$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{{ImageArchive.OciIndex}}}",{{{inner}}},"annotations":{"org.opencontainers.image.ref.name":"v1"}}]}"""));
            foreach (var (digest, bytes) in blobs)
                Add(tar, "./" + ImageArchive.BlobPath(digest), bytes);
        });

        await using var archive = await ImageArchive.Open(path, _cancel);
        var image = Assert.Single(await archive.Images("amd64", "multi", _cancel));

        Assert.Equal(["docker.io/library/multi:v1"], image.Names);
        Assert.Equal(image.Target, Assert.Single(image.Indexes));
        Assert.Contains("amd64", Encoding.UTF8.GetString(await ReadAll(archive.OpenBlob(Assert.Single(image.Manifests).Config))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index.json", "{")]
    [InlineData("index.json", """{"manifests":[{"digest":"sha256:0"}]}""")]
    [InlineData("manifest.json", """[{"Config":"none","Layers":[]}]""")]
    [InlineData("other", "")]
    public async Task What_is_no_image_is_said_to_be_none(string file, string content)
    {
        await using var archive = await ImageArchive.Open(await Tar("bad.tar", tar => Add(tar, file, Encoding.UTF8.GetBytes(content))), _cancel);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await archive.Images("amd64", "x", _cancel));
    }

    [Theory]
    [InlineData("nginx", "docker.io/library/nginx:latest")]
    [InlineData("nginx:1", "docker.io/library/nginx:1")]
    [InlineData("shop/cart", "docker.io/shop/cart:latest")]
    [InlineData("docker.io/nginx", "docker.io/library/nginx:latest")]
    [InlineData("localhost/a", "localhost/a:latest")]
    [InlineData("localhost:5000/a", "localhost:5000/a:latest")]
    [InlineData("quay.io/a/b:c", "quay.io/a/b:c")]
    [InlineData("a@sha256:00", "docker.io/library/a@sha256:00")]
    public void Names_are_completed_as_Docker_does(string name, string full) => Assert.Equal(full, ImageName.Normalize(name));

    // ---- the pause program

    [Theory]
    [InlineData(Posix.SIGTERM)]
    [InlineData(2)]
    public async Task The_pause_program_runs_and_ends_well_when_asked(int signal)
    {
        var path = PathOf("pause");
        await File.WriteAllBytesAsync(path, PauseProgram.Executable(PauseImage.Architecture), _cancel);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        using var process = Process.Start(path);
        // Signals that come before it has blocked them would kill it: it has when it sleeps, for it does so only in its wait.
        while (!(await File.ReadAllTextAsync($"/proc/{process.Id}/stat", _cancel)).Contains("(pause) S", StringComparison.Ordinal))
            await Task.Delay(5, _cancel);
        Assert.False(process.HasExited);

        Posix.Kill(process.Id, signal);

        await process.WaitForExitAsync(_cancel);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public void The_pause_program_is_smaller_than_what_a_compiler_makes_of_it()
    {
        Assert.Equal(120 + 90, PauseProgram.Executable("amd64").Length);
        Assert.Equal(120 + (30 * 4), PauseProgram.Executable("arm64").Length);
    }
}
