using Coracle.Bench.Http;
using Coracle.Bench.Runs;
using Coracle.Sdk;

namespace Coracle.Bench;

/// <summary>Measures one API server and removes what it made there, also when it is interrupted.</summary>
public static class BenchSession
{
    public static IReadOnlyList<string> Known { get; } = ["idle", "create", "get", "list", "watch", "pods"];

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
            await target.Namespaces.RemoveAllAsync(patience.Token);
        }
    }

    private static async Task<IReadOnlyList<Measurement>> Measure(Target target, CancellationToken cancel)
    {
        var options = target.Options;
        var done = new List<Measurement>();
        foreach (var run in options.Runs)
        {
            foreach (var measure in Steps(run, target, cancel))
            {
                var measured = await measure();
                if (measured.Count == 0 && measured.Errors > 0) throw new BenchException($"{measured.Name}: every request failed: {measured.FirstError}");
                options.Progress($"{measured.Name}: {measured.PerSecond:0} {measured.Unit}/s");
                done.Add(measured);
            }
        }
        return done;
    }

    private static IEnumerable<Func<Task<Measurement>>> Steps(string run, Target target, CancellationToken cancel) => run switch
    {
        "idle" => [() => IdleRun.Measure(target, cancel)],
        "create" => target.Options.Writers.Select(n => (Func<Task<Measurement>>)(() => CreateRun.Measure(target, n, cancel))),
        "get" => target.Options.Readers.Select(n => (Func<Task<Measurement>>)(() => GetRun.Measure(target, n, cancel))),
        "list" => target.Options.Listers.Select(n => (Func<Task<Measurement>>)(() => ListRun.Measure(target, n, cancel))),
        "watch" => [() => WatchRun.Measure(target, cancel)],
        "pods" => [() => PodsRun.Measure(target, cancel)],
        _ => throw new BenchException($"there is no run '{run}': {string.Join(", ", Known)}"),
    };
}
