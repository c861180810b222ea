namespace Coracle.Controllers.Pods;

/// <summary>
/// Does a thing many times at once, carefully: one, then two, four... at a time, and no further once one failed. What fails, such as pods that a
/// quota forbids, mostly fails every time, and then should be tried once and not a thousand times (upstream: replica_set.go, slowStartBatch).
/// </summary>
public static class SlowStart
{
    /// <summary>Calls <paramref name="act"/> up to <paramref name="count"/> times; what it throws is told after its batch has ended. Returns the successes and the first failure.</summary>
    public static async ValueTask<SlowStartOutcome> RunAsync(int count, Func<ValueTask> act)
    {
        var done = 0;
        for (var batch = Math.Min(1, count); batch > 0; batch = Math.Min(batch * 2, count - done))
        {
            var (succeeded, failure) = await BatchAsync(batch, _ => act());
            done += succeeded;
            if (failure is not null) return new(done, failure);
        }
        return new(done, null);
    }

    /// <summary>All at once, each to its end.</summary>
    public static async ValueTask<SlowStartOutcome> BatchAsync(int count, Func<int, ValueTask> act)
    {
        var running = new Task[count];
        for (var i = 0; i < count; i++) running[i] = TaskOf(act, i);
        var succeeded = 0;
        Exception? first = null;
        // One after the other, because Task.WhenAll would leave the simulation's thread.
        foreach (var task in running)
        {
            try
            {
                await task;
                succeeded++;
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                first ??= failure;
            }
        }
        return new(succeeded, first);
    }

    private static async Task TaskOf(Func<int, ValueTask> act, int index) => await act(index);
}

/// <summary>How often it worked, and why it did not go on, if so.</summary>
public readonly record struct SlowStartOutcome(int Succeeded, Exception? Failure);
