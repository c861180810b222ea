using System.Diagnostics;
using Coracle.Node.Containerd;
using Coracle.Tests.Running;

namespace Coracle.Tests;

[Trait("Category", "containerd")]
[Trait("Category", "root")]
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_works_and_works_again_at_once_and_down_leaves_nothing_behind()
    {
        TestInstance.RequireContainers();
        var cancel = TestInstance.Limit(8);
        var directory = Directory.CreateTempSubdirectory("coracle-test-").FullName;
        string[] demo = ["demo", "--data-dir", directory, "--api-port", $"{TestInstance.FreePort()}", "--samples", Path.Combine(TheProgram.Root(), "samples")];
        try
        {
            for (var time = 0; time < 2; time++)
            {
                var outcome = await TheProgram.Run(cancel, demo);
                Assert.True(outcome.Code == 0, outcome.ToString());
                Assert.Equal(3, outcome.Output.Split("Served by a container on Coracle").Length - 1);
            }
            Assert.NotEmpty(Leavings(directory, cancel));
        }
        finally
        {
            var down = await TheProgram.Run(CancellationToken.None, "down", "--data-dir", directory, "--delete-data");
            Assert.True(down.Code == 0, down.ToString());
        }
        Assert.Empty(Leavings(directory, cancel));
        Assert.False(Directory.Exists(directory));
    }

    /// <summary>All that the machine has of an instance: by its directory, and by the identifier that stands for it where a path cannot.</summary>
    private static List<string> Leavings(string directory, CancellationToken cancel)
    {
        var id = new ContainerdLayout(directory).Id;
        bool Ours(string text) => text.Contains(directory, StringComparison.Ordinal) || text.Contains(id, StringComparison.Ordinal);
        var found = new List<string>();
        found.AddRange(Directory.EnumerateDirectories("/proc").Select(d => Path.GetFileName(d)!).Where(n => char.IsDigit(n[0])).Select(Signals.Arguments).Where(Ours).Select(a => $"process {a.Replace('\0', ' ')}"));
        found.AddRange(File.ReadLines("/proc/self/mounts").Where(Ours).Select(m => $"mount {m}"));
        found.AddRange(Directory.EnumerateDirectories("/sys/class/net").Where(Ours).Select(l => $"link {l}"));
        found.AddRange(Directory.EnumerateDirectories("/sys/fs/cgroup", "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }).Where(Ours).Select(c => $"cgroup {c}"));
        found.AddRange(Output("nft", ["list", "ruleset"]).Split('\n').Where(Ours).Select(r => $"rule {r.Trim()}"));
        foreach (var place in (string[])["/run/coracle", "/var/lib/cni", "/run/containerd", "/run/netns", "/var/run/netns"])
            if (Directory.Exists(place)) found.AddRange(Directory.EnumerateFileSystemEntries(place, "*", SearchOption.AllDirectories).Where(Ours).Select(f => $"file {f}"));
        cancel.ThrowIfCancellationRequested();
        return found;
    }

    private static string Output(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }
}
