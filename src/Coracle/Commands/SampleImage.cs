using Coracle.Node.Containerd;

namespace Coracle.Commands;

/// <summary>The image of the sample: Debian's static busybox and a link for each of its programs. No registry is asked.</summary>
internal static class SampleImage
{
    public const string Name = "docker.io/coracle/sample-web:1";
    private static readonly string[] Programs = ["sh", "httpd", "wget", "echo", "cat", "ls", "sleep", "test", "wc", "nslookup", "ps", "env", "true", "false", "hostname", "date", "touch", "kill"];

    public static async Task WriteAsync(string path, CancellationToken cancel)
    {
        var busybox = new[] { "/bin/busybox", "/usr/bin/busybox" }.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("busybox is missing (Debian package busybox-static)");
        var image = new OciImage
        {
            Name = Name,
            Architecture = "amd64",
            Layers = [[ImageFile.Directory("bin"), ImageFile.FromDisk("bin/busybox", busybox, 0b111_101_101), .. Programs.Select(p => ImageFile.Link($"bin/{p}", "/bin/busybox")),
                ImageFile.Directory("tmp", 0b111_111_111), ImageFile.Directory("etc")]],
            Environment = ["PATH=/bin"],
            Command = ["sh"],
        };
        await using var file = File.Create(path);
        await OciImageWriter.Write(file, image, cancel);
    }
}
