namespace Coracle.Bench.Runs;

/// <summary>All pods are listed at once, uncompressed. Counted in objects; a time is that of a whole list.</summary>
internal static class ListRun
{
    public static async Task<Measurement> Measure(Target target, int readers, CancellationToken cancel)
    {
        var request = target.Requests.Get(Target.Pods(await CreateRun.Filled(target, cancel)));
        var about = new Measurement { Run = "list", Workers = readers, WorkersAre = "readers", Unit = "objects" };
        var lists = await Load.MeasureAsync(target, about, long.MaxValue, (worker, _) => worker.Send(request, cancel), cancel);
        return lists with { Count = lists.Count * target.Options.Objects };
    }
}
