using System.Diagnostics;
using System.Text;
using Coracle.Kubectl.Tests;

namespace Coracle.Clients.Tests;

/// <summary>Runs a script against a cluster, in a namespace of its own. A script checks for itself, ends with 0 when all was as it should be, and else says what was not.</summary>
internal static class ClientScript
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The scripts of a client, a test each.</summary>
    public static IEnumerable<TheoryDataRow<string>> Of(ClientTool client, bool containers = false) =>
        client.Scripts.Where(name => name.StartsWith("containers", StringComparison.Ordinal) == containers).Select(name => new TheoryDataRow<string>(name));

    public static async Task Run(Cluster cluster, ClientTool client, string script, CancellationToken cancel)
    {
        await client.Require(cancel);
        await cluster.Started();
        var @namespace = $"{client.Folder}-{Path.GetFileNameWithoutExtension(script)}";
        var work = Directory.CreateTempSubdirectory("coracle-client-");
        try
        {
            var start = new ProcessStartInfo(client.Program, [Path.Combine(client.Directory, script)])
            {
                WorkingDirectory = work.FullName, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            start.Environment["KUBECONFIG"] = cluster.Kubeconfig;
            start.Environment["NAMESPACE"] = @namespace;
            start.Environment["HOME"] = work.FullName; // nothing of the user's, and nothing kept
            start.Environment["NO_PROXY"] = "127.0.0.1";
            start.Environment["PYTHONUNBUFFERED"] = "1";
            start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
            start.Environment["LC_ALL"] = "C.UTF-8";
            start.Environment["TZ"] = "UTC";
            await Finish(start, cancel);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static async Task Finish(ProcessStartInfo start, CancellationToken cancel)
    {
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var printed = new StringBuilder();
        process.OutputDataReceived += (_, line) => Hear(printed, line.Data);
        process.ErrorDataReceived += (_, line) => Hear(printed, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"still running after {Limit.TotalSeconds:0} s\n{Text(printed)}");
        }
        if (process.ExitCode != 0) Assert.Fail($"exit code {process.ExitCode}\n{Text(printed)}");
    }

    private static void Hear(StringBuilder printed, string? line)
    {
        if (line is null) return;
        lock (printed) printed.Append(line).Append('\n');
    }

    private static string Text(StringBuilder printed)
    {
        lock (printed) return printed.ToString();
    }
}
