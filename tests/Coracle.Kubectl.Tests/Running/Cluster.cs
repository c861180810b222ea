using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Coracle.Kubectl.Tests;

/// <summary>
/// A cluster as its users have it: the built program as a process of its own, on a fresh data directory and a free port. It starts when the first test asks for it and
/// ends with `coracle down --delete-data`.
/// </summary>
public abstract class Cluster(string nodes) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly string _directory = Directory.CreateTempSubdirectory("coracle-kubectl-").FullName;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly List<string> _output = [];
    private Process? _process;
    private bool _ready;

    /// <summary>A folder that goes with the cluster.</summary>
    protected string Folder => _directory;

    private string DataDirectory => Path.Combine(_directory, "data");
    public string Kubeconfig => Path.Combine(DataDirectory, "kubeconfig");

    /// <summary>What transcripts may call by name.</summary>
    internal Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Skips the test where this machine cannot have such a cluster.</summary>
    protected virtual void Require()
    {
    }

    /// <summary>Ends when the cluster is ready for use.</summary>
    public async Task Started()
    {
        Require();
        await _starting.WaitAsync();
        try
        {
            if (_process is null)
            {
                await Start();
                await Prepare();
                _ready = true;
            }
            if (!_ready) throw new InvalidOperationException("the cluster did not start: see the first test that asked for it");
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>What is needed on the cluster before the first test.</summary>
    protected virtual Task Prepare() => Task.CompletedTask;

    private async Task Start()
    {
        var port = FreePort().ToString(CultureInfo.InvariantCulture);
        Values["server"] = $"https://127.0.0.1:{port}";
        var process = Process.Start(Coracle(["up", "--nodes", nodes, "--data-dir", DataDirectory, "--api-port", port]))!;
        var ready = new TaskCompletionSource();
        process.OutputDataReceived += (_, line) => Hear(line.Data, ready);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, ready);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        var first = await Task.WhenAny(ready.Task, process.WaitForExitAsync(), Task.Delay(Limit));
        if (first == ready.Task) return;
        lock (_output) throw new InvalidOperationException($"the cluster does not start:\n{string.Join('\n', _output)}");
    }

    // The path of the kubeconfig is the last thing that `up` prints, once everything is ready.
    private void Hear(string? line, TaskCompletionSource ready)
    {
        if (line is null) return;
        lock (_output) _output.Add(line);
        if (line == Kubeconfig) ready.TrySetResult();
    }

    /// <summary>Runs a command of the program and returns when it has ended; throws when it failed.</summary>
    protected async Task Command(params IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(Coracle(arguments))!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"coracle {string.Join(' ', arguments)}: {await output}{await error}");
    }

    protected IReadOnlyList<string> OnThisInstance => ["--data-dir", DataDirectory];

    private static ProcessStartInfo Coracle(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    // tests/X/bin/Debug/net10.0/ -> src/Coracle/bin/Debug/net10.0/coracle.dll
    private static string Program
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
            var repository = here.Parent!.Parent!.Parent!.Parent!.Parent!;
            return Path.Combine(repository.FullName, "src", "Coracle", "bin", here.Parent.Name, here.Name, "coracle.dll");
        }
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
            await Command(["down", "--delete-data", .. OnThisInstance]);
            if (!_process.HasExited) _process.Kill();
            _process.Dispose();
        }
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
        _starting.Dispose();
    }
}

/// <summary>Three simulated nodes, shared by all tests that leave them as they are.</summary>
public sealed class SimulatedCluster() : Cluster("sim:3");
