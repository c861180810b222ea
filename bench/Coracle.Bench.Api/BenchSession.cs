using Coracle.Bench.Http;
using Coracle.Bench.Runs;
using Coracle.Bench.Runs.Scale;
using Coracle.Sdk;

namespace Coracle.Bench;

/// <summary>Measures one API server and removes what it made there, also when it is interrupted.</summary>
public static class BenchSession
{
    public static IReadOnlyList<string> Known { get; } = ["idle", "create", "get", "list", "watch", "pods"];

    /// <summary>What a cluster of thousands of nodes is measured with.</summary>
    public static IReadOnlyList<string> ScaleRuns { get; } = ["nodes", "rest", "schedule", "affinity", "services", "deployment", "jobs", "namespace"];

    /// <summary>Throws <see cref="BenchException"/> when a run cannot be done at all.</summary>
    public static async Task<IReadOnlyList<Measurement>> RunAsync(BenchOptions options, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.All);
        await using var transport = new HttpTransport(options.Cluster, new() { CallTimeout = TimeSpan.FromMinutes(2) });
        var target = new Target(options, await Endpoint.ResolveAsync(options.Cluster, cancel), transport);
        try
        {
            return await Measure(target, limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new BenchException($"not finished after {options.All.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is IOException or TransportException or System.Net.Sockets.SocketException)
        {
            throw new BenchException($"{options.Cluster.Server}: {e.Message}", e);
        }
        finally
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            if (!options.IsThrownAway) await target.Namespaces.RemoveAllAsync(patience.Token);
        }
    }

    private static async Task<IReadOnlyList<Measurement>> Measure(Target target, CancellationToken cancel)
    {
        var options = target.Options;
        var done = new List<Measurement>();
        foreach (var run in options.Runs)
        {
            foreach (var measure in ScaleRuns.Contains(run) ? [() => Bounded(run, target, cancel)] : Steps(run, target, cancel))
            {
                var measured = await measure();
                if (!ScaleRuns.Contains(run) && measured.Count == 0 && measured.Errors > 0) throw new BenchException($"{measured.Name}: every request failed: {measured.FirstError}");
                options.Progress($"{measured.Name}: {(measured.Unit.Length > 0 ? $"{measured.PerSecond:0} {measured.Unit}/s" : "")}");
                done.Add(measured);
            }
        }
        return done;
    }

    // What one run of scale does not reach in its time must not keep the others from being measured.
    private static async Task<Measurement> Bounded(string run, Target target, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(target.Options.Scale.Longest);
        try
        {
            return await Steps(run, target, limit.Token).Single()();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            var message = $"not finished after {target.Options.Scale.Longest.TotalSeconds:0} s";
            target.Options.Progress($"{run}: {message}");
            return new Measurement { Run = run, Errors = 1, FirstError = message, ServerCpuSeconds = target.Process.CpuSeconds(), ServerResidentMb = target.Process.ResidentMb() };
        }
    }

    private static IEnumerable<Func<Task<Measurement>>> Steps(string run, Target target, CancellationToken cancel) => run switch
    {
        "idle" or "rest" => [() => IdleRun.Measure(target, run, cancel)],
        "create" => target.Options.Writers.Select(n => (Func<Task<Measurement>>)(() => CreateRun.Measure(target, n, cancel))),
        "get" => target.Options.Readers.Select(n => (Func<Task<Measurement>>)(() => GetRun.Measure(target, n, cancel))),
        "list" => target.Options.Listers.Select(n => (Func<Task<Measurement>>)(() => ListRun.Measure(target, n, cancel))),
        "watch" => [() => WatchRun.Measure(target, cancel)],
        "pods" => [() => PodsRun.Measure(target, run, target.Options.Pods, cancel)],
        "nodes" => [() => NodesRun.Measure(target, cancel)],
        "schedule" or "affinity" => [() => ScheduleRun.Measure(target, withAffinity: run == "affinity", cancel)],
        "services" => [() => ServicesRun.Measure(target, cancel)],
        "deployment" => [() => PodsRun.Measure(target, run, target.Options.Scale.Replicas, cancel)],
        "jobs" => [() => JobsRun.Measure(target, cancel)],
        "namespace" => [() => NamespaceRun.Measure(target, cancel)],
        _ => throw new BenchException($"there is no run '{run}': {string.Join(", ", Known.Concat(ScaleRuns))}"),
    };
}
