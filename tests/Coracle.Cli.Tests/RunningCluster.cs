using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Coracle.Cli.Tests;

[assembly: AssemblyFixture(typeof(RunningCluster))]
[assembly: AssemblyFixture(typeof(ContainerCluster))]

namespace Coracle.Cli.Tests;

/// <summary>What a command printed and how it ended.</summary>
internal sealed record Ended(string Output, string Error, int Code);

/// <summary>The built program as a process of its own, with two simulated nodes, for all tests that ask for it.</summary>
public class RunningCluster : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly string _directory = Directory.CreateTempSubdirectory("coracle-cli-").FullName;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly List<string> _told = [];
    private Process? _process;

    public RunningCluster() : this("sim:2") { }

    private protected RunningCluster(string nodes) => _nodes = nodes;

    private readonly string _nodes;

    internal string Data => Path.Combine(_directory, "data");
    private string Kubeconfig => Path.Combine(Data, "kubeconfig");

    /// <summary>A folder for files of tests.</summary>
    internal string Files => _directory;

    /// <summary>The newest kubectl of this machine; null where there is none.</summary>
    internal static string? Kubectl { get; } = new[] { "/usr/lib/google-cloud-sdk/bin/kubectl.1.33" }
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(p => Path.Combine(p, "kubectl"))).FirstOrDefault(File.Exists);

    internal async Task Started()
    {
        await _starting.WaitAsync();
        try
        {
            if (_process is not null) return;
            await Start();
            await Prepare();
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>What the cluster needs before the first test.</summary>
    private protected virtual Task Prepare() => Task.CompletedTask;

    private async Task Start()
    {
        var ready = new TaskCompletionSource();
        var process = Process.Start(Program(["up", "--nodes", _nodes, "--data-dir", Data, "--api-port", FreePort().ToString(CultureInfo.InvariantCulture)]))!;
        process.OutputDataReceived += (_, line) => Hear(line.Data, ready);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, ready);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        if (await Task.WhenAny(ready.Task, process.WaitForExitAsync(), Task.Delay(Limit)) == ready.Task) return;
        lock (_told) throw new InvalidOperationException($"the cluster does not start:\n{string.Join('\n', _told)}");
    }

    // The path of the kubeconfig comes last, once all is ready.
    private void Hear(string? line, TaskCompletionSource ready)
    {
        if (line is null) return;
        lock (_told) _told.Add(line);
        if (line == Kubeconfig) ready.TrySetResult();
    }

    internal Task<Ended> Coracle(params IReadOnlyList<string> arguments) => Run(Program(arguments), "");
    internal Task<Ended> Coracle(IReadOnlyList<string> arguments, string input) => Run(Program(arguments), input);

    internal Task<Ended> RunKubectl(IReadOnlyList<string> arguments, string input)
    {
        Assert.SkipWhen(Kubectl is null, "there is no kubectl here");
        return Run(Start(Kubectl!, arguments), input);
    }

    internal Process Begin(params IReadOnlyList<string> arguments) => Process.Start(Program(arguments))!;

    private ProcessStartInfo Program(IReadOnlyList<string> arguments) => Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "coracle.dll"), .. arguments]);

    private ProcessStartInfo Start(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _directory };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["KUBECONFIG"] = Kubeconfig;
        return start;
    }

    private static async Task<Ended> Run(ProcessStartInfo start, string input)
    {
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Limit);
        return new(await output, await error, process.ExitCode);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_process is not null)
        {
            await Coracle("down", "--delete-data", "--data-dir", Data);
            if (!_process.HasExited) _process.Kill();
            _process.Dispose();
        }
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
        _starting.Dispose();
    }
}
