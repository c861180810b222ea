using Coracle.Commands;

namespace Coracle.Cli.Tests;

/// <summary>A cluster whose pods run, with an image to run in them.</summary>
public sealed class ContainerCluster() : RunningCluster("containerd")
{
    /// <summary>Skips the test where there is nothing to run containers with.</summary>
    internal static void Needed()
    {
        var missing = Requirements.Missing();
        Assert.SkipUnless(missing.Count == 0, string.Join("; ", missing));
        Assert.SkipUnless(File.Exists("/bin/busybox") || File.Exists("/usr/bin/busybox"), "no busybox on this machine");
    }

    private protected override async Task Prepare()
    {
        var archive = Path.Combine(Files, "image.tar");
        await SampleImage.WriteAsync(archive, CancellationToken.None);
        Assert.Equal(0, (await Coracle("load", archive, "--data-dir", Data)).Code);
    }
}
