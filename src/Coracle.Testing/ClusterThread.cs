using System.Collections.Concurrent;
using Coracle.Sdk;

namespace Coracle.Testing;

/// <summary>
/// The one thread on which a test's cluster lives. Work comes in from the test's threads; between pieces of work the cluster does all that it can without time
/// passing, so whoever gets an answer finds it at rest, or waiting for its clock.
/// </summary>
internal sealed class ClusterThread : IDisposable
{
    // More timers than any test sets for one moment.
    private const int StandstillMax = 100_000;

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private SimulationLoop? _loop;

    public ClusterThread(int seed, DateTimeOffset start)
    {
        using var made = new ManualResetEventSlim();
        _thread = new Thread(() => Run(seed, start, made)) { IsBackground = true, Name = "test cluster" };
        _thread.Start();
        made.Wait();
    }

    public VirtualTime Time => Loop.Time;
    public Random Random => Loop.Random;
    private SimulationLoop Loop => _loop!;

    private void Run(int seed, DateTimeOffset start, ManualResetEventSlim made)
    {
        _loop = new SimulationLoop(seed, start) { FromElsewhere = (callback, state) => Add(() => callback(state)) };
        made.Set();
        foreach (var work in _work.GetConsumingEnumerable())
        {
            Loop.Inside(work);
            // Before what came in meanwhile, always: how fast the test's thread is must not decide what happens first.
            Loop.RunReady();
        }
    }

    private void Add(Action work)
    {
        try
        {
            _work.Add(work);
        }
        catch (InvalidOperationException)
        {
            // The cluster has ended: what still comes from elsewhere has nobody to reach.
        }
    }

    /// <summary>Does something on the cluster's thread, and completes when it has; no time passes meanwhile.</summary>
    public Task<T> Do<T>(Func<Task<T>> act)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Add(() => _ = Complete(act, done));
        if (_work.IsAddingCompleted) done.TrySetException(new ObjectDisposedException(nameof(TestCluster)));
        return done.Task;
    }

    private static async Task Complete<T>(Func<Task<T>> act, TaskCompletionSource<T> done)
    {
        try
        {
            done.TrySetResult(await act());
        }
        catch (OperationCanceledException e)
        {
            done.TrySetCanceled(e.CancellationToken);
        }
        catch (Exception e)
        {
            done.TrySetException(e);
        }
    }

    /// <summary>Lets time pass until the condition holds, and no more than the limit; whether it came to hold. Timers fire in their order, and all that follows from one happens before the next.</summary>
    public Task<bool> PassUntil(Func<bool> holds, TimeSpan limit) => Do(() => Task.FromResult(Pass(holds, limit)));

    private bool Pass(Func<bool> holds, TimeSpan limit)
    {
        var end = Time.GetTimestamp() + limit.Ticks;
        for (var (at, fired) = (Time.GetTimestamp(), 0); ; fired++)
        {
            if (Time.GetTimestamp() != at) (at, fired) = (Time.GetTimestamp(), 0);
            // Somebody tries again without a pause what only time can change: a hot loop in production, and no end here.
            if (fired > StandstillMax) throw new TestClusterException($"time stands still at {Time.GetUtcNow():O}: something goes on again and again without a pause");
            do Loop.RunReady();
            while (TakeOne());
            if (holds()) return true;
            var left = TimeSpan.FromTicks(end - Time.GetTimestamp());
            if (left <= TimeSpan.Zero) return false;
            Time.AdvanceToNextTimer(left);
        }
    }

    private bool TakeOne()
    {
        if (!_work.TryTake(out var work)) return false;
        Loop.Inside(work);
        return true;
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        if (Thread.CurrentThread != _thread) _thread.Join();
        _work.Dispose();
    }
}
