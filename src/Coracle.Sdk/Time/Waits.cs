namespace Coracle.Sdk;

/// <summary>
/// Waits that stay in their synchronization context. Task.WaitAsync and Task.WhenAll do not, when what they wait for is a TaskCompletionSource
/// that runs its continuations asynchronously: they hop over the thread pool, which a <see cref="SimulationLoop"/> cannot follow.
/// </summary>
public static class Waits
{
    /// <summary>Completes with the task, or throws OperationCanceledException when cancelled before.</summary>
    public static Task Or(this Task task, CancellationToken cancel)
    {
        if (task.IsCompleted || !cancel.CanBeCanceled) return task;
        return cancel.IsCancellationRequested ? Task.FromCanceled(cancel) : OrAsync(task, cancel);
    }

    private static async Task OrAsync(Task task, CancellationToken cancel)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancel.Register(() => source.TrySetCanceled(cancel));
        _ = ForwardAsync(task, source);
        await source.Task;
    }

    /// <summary>True when the task completed, false when the limit passed before.</summary>
    public static async Task<bool> Within(this Task task, TimeSpan limit, TimeProvider time)
    {
        if (!task.IsCompleted)
        {
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var timer = time.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), source, limit, Timeout.InfiniteTimeSpan);
            _ = ForwardAsync(task, source);
            await source.Task;
        }
        if (!task.IsCompleted) return false;
        await task;
        return true;
    }

    /// <summary>Completes when all have; throws the first failure after that.</summary>
    public static async Task All(IReadOnlyList<Task> tasks)
    {
        Exception? first = null;
        foreach (var task in tasks)
        {
            try
            {
                await task;
            }
            catch (Exception failure)
            {
                first ??= failure;
            }
        }
        if (first is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
    }

    private static async Task ForwardAsync(Task task, TaskCompletionSource source)
    {
        try
        {
            await task;
            source.TrySetResult();
        }
        catch (OperationCanceledException)
        {
            source.TrySetCanceled();
        }
        catch (Exception failure)
        {
            source.TrySetException(failure);
        }
    }
}
