using System.Diagnostics;
using Coracle.Tests.Running;

namespace Coracle.Tests;

/// <summary>`coracle up` on a machine that lacks what containers need.</summary>
[Trait("Category", "root")]
public sealed class RequirementsTests
{
    private const string Offer = "Without them a cluster runs on simulated nodes: coracle up --nodes sim:3";

    private static void RequireRoot()
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can become nobody");
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "no setpriv on this machine");
    }

    /// <summary>As nobody, who has a directory of his own.</summary>
    private static ProcessStartInfo AsNobody(string home, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", TheProgram.Path, .. arguments]);
        (start.Environment["HOME"], start.Environment["XDG_DATA_HOME"]) = (home, home);
        return start;
    }

    private static string HomeOfNobody()
    {
        var home = Directory.CreateTempSubdirectory("coracle-nobody-").FullName;
        Process.Start("/bin/chown", ["65534:65534", home])!.WaitForExit();
        return home;
    }

    [Fact]
    public async Task Without_root_it_says_so_and_offers_simulated_nodes()
    {
        RequireRoot();
        var home = HomeOfNobody();
        foreach (var command in (string[][])[["up"], ["up", "--detach"], ["demo", "--samples", Path.Combine(TheProgram.Root(), "samples")]])
        {
            var outcome = await TheProgram.Run(AsNobody(home, command), TestInstance.Limit());
            Assert.Equal(1, outcome.Code);
            Assert.Contains("coracle: this machine cannot run containers yet. Missing:\n  - root: containers, networks and cgroups need it\n", outcome.Errors, StringComparison.Ordinal);
            Assert.EndsWith(Offer + "\n", outcome.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain(" at Coracle.", outcome.ToString(), StringComparison.Ordinal);
        }
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task Without_containerd_it_names_the_package()
    {
        RequireRoot();
        var directory = Directory.CreateTempSubdirectory("coracle-test-").FullName;
        var start = new ProcessStartInfo(TheProgram.Path, ["up", "--data-dir", directory]);
        start.Environment["PATH"] = "/nowhere";
        var outcome = await TheProgram.Run(start, TestInstance.Limit());
        Assert.Equal(1, outcome.Code);
        Assert.Contains("  - containerd (Debian package containerd)\n", outcome.Errors, StringComparison.Ordinal);
        Assert.EndsWith(Offer + "\n", outcome.Errors, StringComparison.Ordinal);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Nobody_can_run_what_is_offered()
    {
        RequireRoot();
        var home = HomeOfNobody();
        var cancel = TestInstance.Limit();
        var port = TestInstance.FreePort();
        try
        {
            var up = await TheProgram.Run(AsNobody(home, "up", "--nodes", "sim:3", "--api-port", $"{port}", "--detach"), cancel);
            Assert.True(up.Code == 0, up.ToString());
            var status = await TheProgram.Run(AsNobody(home, "status"), cancel);
            Assert.Matches("nodes: +3", status.Output);
        }
        finally
        {
            var down = await TheProgram.Run(AsNobody(home, "down", "--delete-data"), cancel);
            Assert.True(down.Code == 0, down.ToString());
            Directory.Delete(home, recursive: true);
        }
    }
}
