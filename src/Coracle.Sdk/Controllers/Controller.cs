namespace Coracle.Sdk;

/// <summary>A reconciler with its queue and workers. Made by <see cref="ControllerBuilder"/>, run by <see cref="ControllerHost"/>.</summary>
public sealed class Controller
{
    // A cache that does not show a write for so long has a dead watch, most likely, which is then replaced...
    private static readonly TimeSpan SuspectAfter = TimeSpan.FromSeconds(10);

    // ...and one that does not for so long is not waited for any more (upstream: ExpectationsTimeout).
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromMinutes(5);

    private readonly Client client;
    private readonly IReconciler reconciler;
    private readonly IReadOnlyList<Informer> reads;
    private readonly IReadOnlyList<Func<Controller, IDisposable?>> sources;
    private readonly int workers;
    private readonly TimeSpan? timeout;
    private readonly WorkQueue<Key> queue;
    private readonly ControllerMetrics metrics;

    internal Controller(
        string name, Client client, IReconciler reconciler, IReadOnlyList<Informer> reads, IReadOnlyList<Func<Controller, IDisposable?>> sources, int workers,
        WorkQueueOptions queueOptions, TimeSpan? timeout, IReadOnlyList<RbacRule> rules)
    {
        Name = name;
        Rules = rules;
        this.client = client;
        this.reconciler = reconciler;
        this.reads = reads;
        this.sources = sources;
        this.workers = workers;
        this.timeout = timeout;
        queue = new(queueOptions, client.Time, client.Metrics);
        metrics = new(client.Metrics, name);
        metrics.MaxWorkers.Set(workers);
    }

    /// <summary>In metrics, logs and, with Client.As, in the server's records.</summary>
    public string Name { get; }

    /// <summary>What it must be allowed to do, as far as that was declared: by the builder's For, Owns, Watches and Reads, and by the reconciler's <see cref="RbacAttribute"/>.</summary>
    public IReadOnlyList<RbacRule> Rules { get; }

    /// <summary>Nothing is being reconciled, and nothing is about to be but for what waits for a time.</summary>
    public bool IsIdle => queue.Depth == 0 && queue.Processing == 0;

    /// <summary>Calls for a key, as a source of one's own does.</summary>
    public void Enqueue(Key key, int priority = Priority.Normal) => queue.Add(key, priority);
    /// <summary>Calls for a key after a while.</summary>
    public void EnqueueAfter(Key key, TimeSpan delay) => queue.AddAfter(key, delay);

    /// <summary>
    /// Runs until cancelled, and then until what is being reconciled has ended. (1) The caches fill. (2) The sources call. (3) Workers take keys.
    /// </summary>
    internal async Task RunAsync(CancellationToken cancel, CancellationToken kill)
    {
        foreach (var informer in reads) await informer.WaitForSyncAsync(cancel);
        var subscriptions = sources.Select(source => source(this)).ToList();
        var loops = new Task[workers];
        for (var i = 0; i < workers; i++) loops[i] = WorkAsync(kill);
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (cancel.Register(stop.SetResult)) await stop.Task;
        foreach (var subscription in subscriptions) subscription?.Dispose();
        _ = queue.ShutDownAsync();
        await Waits.All(loops); // keys that are held back for a cache need not be waited for
        queue.Dispose();
    }

    private async Task WorkAsync(CancellationToken kill)
    {
        await Task.Yield(); // so that starting many workers does not wait for the first one's work
        while (await queue.TakeAsync(kill) is { } item)
        {
            var log = new WriteLog();
            await ReconcileAsync(item, log, kill);
            Settle(item.Item, log);
        }
    }

    /// <summary>Gives the key back once the caches show what was written: at once, mostly. The worker does not wait for that.</summary>
    private void Settle(Key key, WriteLog log)
    {
        var pending = log.Pending(reads);
        if (pending.Count == 0) queue.Done(key);
        else _ = SettleLaterAsync(key, pending);
    }

    private async Task SettleLaterAsync(Key key, List<(Informer Informer, Task Shown)> pending)
    {
        var began = client.Time.GetTimestamp();
        foreach (var (informer, shown) in pending)
        {
            while (!await shown.Within(SuspectAfter, client.Time))
            {
                informer.Suspect();
                if (client.Time.GetElapsedTime(began) < CatchUpLimit) continue;
                metrics.StaleReads.Add();
                client.Log(LogSeverity.Warning, Name, $"{key}: the cache of {informer.Resource.GroupResource} still does not show its last writes");
                break;
            }
        }
        queue.Done(key);
    }

    private async ValueTask ReconcileAsync(WorkItem<Key> item, WriteLog log, CancellationToken kill)
    {
        metrics.ActiveWorkers.Add();
        var began = client.Time.GetTimestamp();
        var result = await CallAsync(item.Item, log, kill);
        metrics.Seconds.Observe(client.Time.GetElapsedTime(began).TotalSeconds);
        metrics.ActiveWorkers.Add(-1);
        Requeue(item, result);
    }

    private async ValueTask<Result> CallAsync(Key key, WriteLog log, CancellationToken kill)
    {
        WriteLog.Current = log;
        try
        {
            if (timeout is not { } limit) return await reconciler.ReconcileAsync(key, kill);
            using var deadline = new Deadline(client.Time, kill);
            deadline.Arm(limit);
            return await reconciler.ReconcileAsync(key, deadline.Token);
        }
        catch (Exception failure)
        {
            if (failure is OperationCanceledException && !kill.IsCancellationRequested) metrics.Timeouts.Add();
            // What the API or the network said no to is a day's work; anything else is a fault of the reconciler.
            else if (failure is not (ApiException or IOException or OperationCanceledException or ReconcileException)) metrics.Panics.Add();
            return Result.Fail(failure);
        }
        finally
        {
            WriteLog.Current = null;
        }
    }

    private void Requeue(WorkItem<Key> item, Result result)
    {
        if (result.Failure is ApiException { IsConflict: true })
        {
            // What was decided from is not so any more. Nearly always the change that says so calls again, but nothing promises that it does.
            metrics.Ended("requeue");
            queue.AddRateLimited(item.Item, item.Priority);
            return;
        }
        if (result.Failure is { } failure)
        {
            metrics.Errors.Add();
            metrics.Ended("error");
            if (result.IsTerminal) metrics.TerminalErrors.Add();
            else queue.AddRateLimited(item.Item, item.Priority);
            client.Log(LogSeverity.Error, Name, $"{item.Item}: {failure.Message}", failure);
            return;
        }
        queue.Forget(item.Item);
        if (result.RequeueAfter is { } delay) queue.AddAfter(item.Item, delay, item.Priority);
        metrics.Ended(result.RequeueAfter is null ? "success" : "requeue_after");
    }
}
