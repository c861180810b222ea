using Coracle.Node.Containerd;

namespace Coracle.Kubectl.Tests;

/// <summary>This machine as a containerd node, with an image that has what the transcripts call in their pods.</summary>
public sealed class ContainerCluster() : Cluster("containerd")
{
    private static readonly string[] NeededPrograms = ["containerd", "runc", "nft", "ip", "conntrack", "busybox"];

    private static readonly string[] Applets =
        ["sh", "httpd", "wget", "echo", "cat", "ls", "sleep", "test", "true", "false", "touch", "rm", "mkdir", "tar", "stty", "tty", "env", "hostname", "kill", "head", "chmod"];

    protected override void Require()
    {
        Assert.SkipUnless(File.ReadLines("/proc/self/status").Any(line => line.StartsWith("Uid:\t0\t", StringComparison.Ordinal)), "containers need root");
        var missing = NeededPrograms.Where(program => Find(program) is null).ToList();
        Assert.SkipWhen(missing.Count > 0, $"this machine has no {string.Join(", ", missing)}");
    }

    protected override async Task Prepare()
    {
        var archive = Path.Combine(Folder, "image.tar");
        await using (var file = File.Create(archive))
            await OciImageWriter.Write(file, new OciImage
            {
                Name = "docker.io/coracle/tests:1",
                Architecture = "amd64",
                Layers = [[ImageFile.Directory("bin"), ImageFile.FromDisk("bin/busybox", Find("busybox")!, 0b111_101_101), .. Applets.Select(a => ImageFile.Link($"bin/{a}", "/bin/busybox")),
                    ImageFile.Directory("tmp", 0b111_111_111), ImageFile.Directory("etc"), ImageFile.Directory("root")]],
                Environment = ["PATH=/bin"],
                Command = ["sh"],
            }, CancellationToken.None);
        await Command(["load", .. OnThisInstance, archive]);
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin", "/bin", "/usr/bin"])
        .Where(directory => directory.Length > 0).Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
}
