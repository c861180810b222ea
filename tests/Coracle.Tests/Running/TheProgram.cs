using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Coracle.Tests.Running;

/// <summary>How a run of the program ended, and what it said.</summary>
internal sealed record Outcome(int Code, string Output, string Errors)
{
    public override string ToString() => $"exit {Code}\n{Output}{Errors}";
}

/// <summary>The program under test: the one that was built with these tests, or that of the environment variable CORACLE_PROGRAM.</summary>
internal static class TheProgram
{
    private static readonly ConcurrentDictionary<Process, StringBuilder> Outputs = new();

    public static string Path { get; } = Environment.GetEnvironmentVariable("CORACLE_PROGRAM") is { Length: > 0 } given ? given : System.IO.Path.Combine(Root(), "src/Coracle/bin/Debug/net10.0/coracle");

    public static string Root()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "Coracle.slnx"))) return directory.FullName;
        throw new InvalidOperationException("these tests run in a checkout");
    }

    public static Process Start(params string[] arguments) => Start(new ProcessStartInfo(Path, arguments));

    public static Process Kubectl(string kubeconfig, params string[] arguments) => Start(new ProcessStartInfo("kubectl", ["--kubeconfig", kubeconfig, .. arguments]));

    private static Process Start(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        var process = Process.Start(start)!;
        var output = Outputs[process] = new StringBuilder();
        DataReceivedEventHandler note = (_, line) =>
        {
            lock (output) output.AppendLine(line.Data);
        };
        process.OutputDataReceived += note;
        process.ErrorDataReceived += note;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    public static string OutputOf(Process process)
    {
        var output = Outputs[process];
        lock (output) return output.ToString();
    }

    public static Task<Outcome> Run(CancellationToken cancel, params string[] arguments) => Run(new ProcessStartInfo(Path, arguments), cancel);

    public static async Task<Outcome> Run(ProcessStartInfo start, CancellationToken cancel)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return new Outcome(process.ExitCode, await output, await errors);
    }
}
