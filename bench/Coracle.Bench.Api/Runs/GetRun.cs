namespace Coracle.Bench.Runs;

/// <summary>Single pods are read, at random.</summary>
internal static class GetRun
{
    public static async Task<Measurement> Measure(Target target, int readers, CancellationToken cancel)
    {
        await CreateRun.Filled(target, cancel);
        var requests = new byte[Math.Min(target.Options.Objects, 2000)][];
        for (var i = 0; i < requests.Length; i++) requests[i] = target.Requests.Get(target.PodPath((long)i * target.Options.Objects / requests.Length));
        var about = new Measurement { Run = "get", Workers = readers, WorkersAre = "readers", Unit = "objects" };
        return await Load.MeasureAsync(target, about, long.MaxValue, (worker, _) => worker.Send(requests[worker.Random.Next(requests.Length)], cancel), cancel);
    }
}
