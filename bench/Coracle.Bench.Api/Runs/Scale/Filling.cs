using System.Diagnostics;
using Coracle.Bench.Http;

namespace Coracle.Bench.Runs.Scale;

/// <summary>Creates many objects, several requests at a time.</summary>
internal static class Filling
{
    private const int Writers = 32;

    /// <param name="request">The whole request of the object of this number.</param>
    /// <param name="sent">Where the time is put at which each was sent.</param>
    public static async Task CreateAsync(Target target, int count, Func<int, byte[]> request, long[]? sent, CancellationToken cancel)
    {
        var workers = await Load.Open(target, Writers, cancel);
        try
        {
            var next = -1;
            async Task Work(Worker worker)
            {
                while (Interlocked.Increment(ref next) is var i && i < count)
                {
                    var bytes = request(i);
                    if (sent is not null) Volatile.Write(ref sent[i], Stopwatch.GetTimestamp());
                    await worker.Send(bytes, cancel);
                    if (worker.Errors > 0) throw new BenchException($"creating: {worker.FirstError}");
                }
            }
            await Task.WhenAll(workers.Select(w => Task.Run(() => Work(w), cancel)));
        }
        finally
        {
            foreach (var worker in workers) await worker.Connection.DisposeAsync();
        }
    }
}
