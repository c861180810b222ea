using System.Globalization;

namespace Coracle.Bench.Runs;

/// <summary>Pods are created, each with a request of its own.</summary>
internal static class CreateRun
{
    private const int FillWriters = 32;

    public static async Task<Measurement> Measure(Target target, int writers, CancellationToken cancel)
    {
        var ns = await target.Namespaces.AddAsync("create-" + writers.ToString(CultureInfo.InvariantCulture), cancel);
        var measured = await Create(target, ns, writers, 0, target.Options.Objects, cancel);
        // A run that got through all of them leaves what lists are to be made of.
        if (target.Filled.Length == 0 && measured.Count == target.Options.Objects) target.Filled = ns;
        else await target.Namespaces.RemoveAsync(ns, cancel);
        return measured;
    }

    /// <summary>The namespace with all objects, made unless a run has left it.</summary>
    public static async Task<string> Filled(Target target, CancellationToken cancel)
    {
        if (target.Filled.Length > 0) return target.Filled;
        var ns = await target.Namespaces.AddAsync("objects", cancel);
        for (long made = 0; made < target.Options.Objects;)
        {
            var filled = await Create(target, ns, FillWriters, made, target.Options.Objects - made, cancel);
            if (filled.Errors > 0) throw new BenchException($"creating pods: {filled.FirstError}");
            made += filled.Count;
        }
        return target.Filled = ns;
    }

    private static Task<Measurement> Create(Target target, string ns, int writers, long from, long count, CancellationToken cancel)
    {
        var request = new PodRequest(target.Requests, Target.Pods(ns), target.Options.ObjectBytes);
        var buffers = Enumerable.Range(0, writers).Select(_ => request.NewBuffer()).ToArray();
        var about = new Measurement { Run = "create", Workers = writers, WorkersAre = "writers", Unit = "objects" };
        return Load.MeasureAsync(target, about, count, (worker, i) => worker.Send(request.Fill(buffers[worker.Index], from + i), cancel), cancel);
    }
}
