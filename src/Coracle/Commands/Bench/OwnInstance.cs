using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Coracle.Bench;
using Coracle.Sdk;

namespace Coracle.Commands.Bench;

/// <summary>An instance that lives for a measurement: a process of its own in a temporary directory.</summary>
internal sealed class OwnInstance : IAsyncDisposable
{
    private static readonly string[] OnApi = ["idle", "create", "get", "list", "watch"];

    // Each on an instance of its own: what one leaves behind is not in the way of the next.
    private static readonly string[] OnEmpty = ["schedule", "affinity", "namespace"];
    private static readonly string[] OnNodes = ["nodes", "rest", "services", "deployment", "jobs"];
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _directory;

    private OwnInstance(Process process, string directory) => (_process, _directory) = (process, directory);

    private string Kubeconfig => Path.Combine(_directory, "data", "kubeconfig");

    /// <summary>Runs that need nothing but an API server on one without nodes; pods on one with simulated nodes.</summary>
    public static async Task<List<Measurement>> Measure(BenchOptions options, IReadOnlyList<string> runs, CancellationToken cancel)
    {
        if (runs.Count == 0) runs = ["start", .. BenchSession.Known];
        var measured = new List<Measurement>();
        if (runs.Contains("start") || runs.Any(OnApi.Contains)) measured.AddRange(await On("none", options, [.. runs.Where(OnApi.Contains)], runs.Contains("start"), cancel));
        if (runs.Contains("pods")) measured.AddRange(await On("sim:100", options, ["pods"], withStart: false, cancel));
        foreach (var run in runs.Where(OnEmpty.Contains)) measured.AddRange(await On("none", options, [run], withStart: false, cancel));
        if (runs.Any(OnNodes.Contains)) measured.AddRange(await On($"sim:{options.Scale.Nodes.ToString(CultureInfo.InvariantCulture)}", options, ["nodes", .. runs.Where(r => r != "nodes" && OnNodes.Contains(r))], withStart: false, cancel));
        return measured;
    }

    private static async Task<List<Measurement>> On(string nodes, BenchOptions options, IReadOnlyList<string> runs, bool withStart, CancellationToken cancel)
    {
        options.Progress($"starting an instance with --nodes {nodes}");
        var measured = new List<Measurement>();
        var started = Stopwatch.GetTimestamp();
        await using var instance = Start(nodes);
        await instance.Ready(cancel);
        if (withStart) measured.Add(new Measurement { Run = "start", Elapsed = Stopwatch.GetElapsedTime(started) });
        // Thousands of nodes are waited for as a run.
        if (!runs.Contains("nodes") && await Readiness.WaitAsync(Path.Combine(instance._directory, "data"), nodes, ReadyMax, static _ => { }, cancel, () => instance._process.HasExited) is { } problem) throw new BenchException(problem);
        measured.AddRange(await BenchSession.RunAsync(options with { Cluster = ClusterConfig.FromFile(instance.Kubeconfig), Runs = runs, Pids = [instance._process.Id], Since = Stopwatch.GetElapsedTime(started), IsThrownAway = true }, cancel));
        return measured;
    }

    private static OwnInstance Start(string nodes)
    {
        var directory = Directory.CreateTempSubdirectory("coracle-bench-").FullName;
        var (program, arguments) = SelfLaunch.Command("up", "--data-dir", Path.Combine(directory, "data"), "--nodes", nodes, "--api-port", FreePort().ToString(CultureInfo.InvariantCulture));
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        // Read, so that the pipes never fill.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, e) => { if (e.Data is { } line) Console.Error.WriteLine(line); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process, directory);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Asked often: what is measured is when it is ready, not when that was noticed.
    private async Task Ready(CancellationToken cancel)
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(5, cancel))
        {
            if (_process.HasExited) throw new BenchException("the instance ended before it was ready");
            if (Stopwatch.GetElapsedTime(started) > ReadyMax) throw new BenchException("the instance is not ready after 60 s");
            if (!File.Exists(Kubeconfig)) continue;
            try
            {
                await using var connection = Connection.Open(Kubeconfig);
                while (!(await connection.Client.SendAsync(new ApiCall { Method = "GET", Path = "/readyz" }, cancel)).Ok) await Task.Delay(5, cancel);
                return;
            }
            catch (Exception e) when (e is TransportException or IOException or ClusterConfigException)
            {
                // It does not listen yet.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Posix.Kill(_process.Id, Posix.SigTerm);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
