using Coracle.ApiServer.Access;

namespace Coracle.ApiServer;

/// <summary>How long a request may take, and what its client is told when that is over (upstream: filters/request_deadline.go and timeout.go).</summary>
/// <param name="Limit">From the request's arrival on.</param>
/// <param name="Late">The answer when there is none by then.</param>
internal sealed record Deadline(TimeSpan Limit, ApiStatus Late)
{
    /// <summary>Writes are given up earlier than other requests.</summary>
    private static readonly TimeSpan WriteMax = TimeSpan.FromSeconds(34);

    private static readonly ApiStatus LateRequest = ApiStatus.Timeout("Timeout: request did not complete within the allotted timeout", 0);
    private static readonly ApiStatus LateWrite = ApiStatus.Timeout("Timeout: request did not complete within requested timeout - context deadline exceeded", 0);

    /// <summary>Null for requests that wait for nothing, or may wait as long as they like.</summary>
    public static Result<Deadline?> For(RequestInfo info, string query, TimeSpan max)
    {
        if (info.IsLongRunning) return (Deadline?)null;
        var asked = TimeSpan.Zero;
        if (QueryText.First(query, "timeout") is { Length: > 0 } text && GoDuration.Parse(text, out asked) is { } error)
            return ApiStatus.BadRequest($"invalid timeout specified in the request URL - {error}");
        if (!info.IsResourceRequest || info.Verb == "get") return (Deadline?)null;
        var limit = asked > TimeSpan.Zero && asked < max ? asked : max;
        var writes = info.Verb is "create" or "update" or "patch" or "delete";
        return writes && limit >= WriteMax ? new Deadline(WriteMax, LateWrite) : new Deadline(limit, LateRequest);
    }

    /// <summary>Answers in time: with what the work comes to, or with <see cref="Late"/>. The work is cancelled then, but not waited for.</summary>
    public async ValueTask<ApiResponse> Keep(TimeProvider clock, Func<CancellationToken, ValueTask<ApiResponse>> work, CancellationToken cancel)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var pending = work(stop.Token);
        if (pending.IsCompleted)
        {
            stop.Dispose();
            return await pending;
        }
        var task = pending.AsTask();
        await EndOf(task, clock);
        if (!task.IsCompleted)
        {
            stop.Cancel();
            _ = Forget(task, stop);
            var late = ApiResponse.Of(Late);
            late.TerminatedBy = "apiserver";
            return late;
        }
        stop.Dispose();
        return await task;
    }

    // Task.WaitAsync would go on in the thread pool, out of the sight of a simulation.
    private async ValueTask EndOf(Task task, TimeProvider clock)
    {
        var woken = new TaskCompletionSource();
        using var timer = clock.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), woken, Limit, Timeout.InfiniteTimeSpan);
        _ = Wake(task, woken);
        await woken.Task;
    }

    private static async Task Wake(Task task, TaskCompletionSource woken)
    {
        try
        {
            await task;
        }
        catch (Exception)
        {
            // Whoever awaits the work itself learns of it.
        }
        woken.TrySetResult();
    }

    private static async Task Forget(Task task, CancellationTokenSource stop)
    {
        try
        {
            await task;
        }
        catch (Exception)
        {
            // Its client has been answered.
        }
        stop.Dispose();
    }
}
