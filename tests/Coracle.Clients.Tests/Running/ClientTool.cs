using System.Diagnostics;

namespace Coracle.Clients.Tests;

/// <summary>A client as it comes to its users: the interpreter that runs scripts written for it, and how to find out whether it is on this machine.</summary>
/// <param name="Folder">Where its scripts are, below Scripts; files whose name begins with an underscore are no scripts but what they share.</param>
/// <param name="Program">What runs a script.</param>
/// <param name="Check">Arguments with which the program succeeds where the client is installed.</param>
/// <param name="Needs">What to install where it is not.</param>
internal sealed record ClientTool(string Folder, string Program, string[] Check, string Needs)
{
    // Debian's interpreters, whatever else is first on the path: the packages are theirs.
    public static readonly ClientTool Python = new("python", "/usr/bin/python3", ["-c", "import kubernetes"], "Debian package python3-kubernetes");
    public static readonly ClientTool Ruby = new("ruby", "/usr/bin/ruby", ["-e", "require 'kubeclient'"], "Debian package ruby-kubeclient");
    public static readonly ClientTool Node = new("node", "node", ["_installed.mjs"], "Node.js 20 with npm, and @kubernetes/client-node from its registry");
    public static readonly ClientTool Kpt = new("kpt", "bash", ["-c", "kpt version && kubectl version --client"], "kpt with kubectl (packages google-cloud-cli-kpt and kubectl of the Cloud SDK)") { CanBeInstalled = false };

    private static readonly SemaphoreSlim Asking = new(1, 1);
    private static readonly Dictionary<string, string?> Answers = new(StringComparer.Ordinal);

    /// <summary>Whether ./test can install it from where every machine may: then continuous integration must have it.</summary>
    public bool CanBeInstalled { get; init; } = true;

    public string Directory => Path.Combine(AppContext.BaseDirectory, "Scripts", Folder);

    public IEnumerable<string> Scripts => System.IO.Directory.EnumerateFiles(Directory).Select(file => Path.GetFileName(file)!)
        .Where(name => name[0] != '_' && Path.GetExtension(name) is (".py" or ".rb" or ".mjs" or ".sh")).Order(StringComparer.Ordinal);

    /// <summary>Skips the test where the client is not on this machine.</summary>
    public async Task Require(CancellationToken cancel)
    {
        string? missing;
        await Asking.WaitAsync(cancel);
        try
        {
            if (!Answers.TryGetValue(Folder, out missing)) Answers[Folder] = missing = await Missing(cancel);
        }
        finally
        {
            Asking.Release();
        }
        if (missing is not null && CanBeInstalled && Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        Assert.SkipWhen(missing is not null, missing ?? "");
    }

    private async Task<string?> Missing(CancellationToken cancel)
    {
        // The exact versions of the lock file, into the folder of the scripts, once.
        if (Folder == "node" && !File.Exists(Path.Combine(Directory, "node_modules", ".package-lock.json")))
            await Succeeds("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"], cancel);
        return await Succeeds(Program, Check, cancel) ? null : $"{Needs} is not on this machine";
    }

    private async Task<bool> Succeeds(string program, string[] arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Directory, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var printed = Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
            await process.WaitForExitAsync(cancel);
            await printed;
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // there is no such program
        }
    }
}
