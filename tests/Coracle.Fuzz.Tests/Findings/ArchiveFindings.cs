using System.Formats.Tar;
using Coracle.Node.Containerd;

namespace Coracle.Fuzz.Tests.Findings;

public sealed class ArchiveFindings
{
    [Theory]
    [InlineData("""{"manifests":[{"mediaType":"m","digest":"\ud800","size":1}]}""")]
    [InlineData("""{"manifests":[{"mediaType":"m","digest":"sha256:aa","size":"1"}]}""")]
    [InlineData("""{"manifests":["x"]}""")]
    [InlineData("""{"manifests":[{"digest":"sha256:aa"}]}""")]
    public async Task An_archive_whose_index_is_not_as_it_should_be_is_told_as_bad_data(string index) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Read(("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""), ("index.json", index)));

    [Theory]
    [InlineData("""["x"]""", """{}""")]
    [InlineData("""[{"Config":"c","Layers":[1]}]""", """{"rootfs":{"diff_ids":[1]}}""")]
    [InlineData("""[{"Config":"c","Layers":["\udc00"]}]""", """[]""")]
    public async Task What_an_older_Docker_saved_is_told_as_bad_data_too(string manifest, string config) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Read(("manifest.json", manifest), ("c", config)));

    private static async Task Read(params (string Name, string Content)[] files)
    {
        var path = Path.GetTempFileName();
        try
        {
            await using (var file = File.Create(path))
            await using (var tar = new TarWriter(file))
                foreach (var (name, content) in files)
                    await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Utf8.GetBytes(content)) });
            await using var archive = await ImageArchive.Open(path, default);
            await archive.Images("amd64", "x", default);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
