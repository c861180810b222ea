namespace Coracle.Sdk;

/// <summary>Runs controllers over shared caches.</summary>
public sealed class ControllerHost(InformerSet informers)
{
    private readonly List<Controller> controllers = [];

    /// <summary>So long may reconciles go on after the host was told to stop; they are cancelled then.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Controllers run only while this candidate leads; the caches fill before. Null: they run at once.</summary>
    public LeaderElector? Election { get; init; }

    /// <summary>Those that were added.</summary>
    public IReadOnlyList<Controller> Controllers => controllers;

    /// <summary>What its controllers and its election must be allowed to do, for <see cref="Rbac"/>.</summary>
    public IEnumerable<RbacRule> Rules => [.. controllers.SelectMany(c => c.Rules), .. Election?.Rules ?? []];

    /// <summary>Every controller is idle.</summary>
    public bool IsIdle => controllers.TrueForAll(c => c.IsIdle);

    /// <summary>Adds a controller; before it runs.</summary>
    public ControllerHost Add(Controller controller)
    {
        controllers.Add(controller);
        return this;
    }

    /// <summary>
    /// Runs until cancelled: (1) informers start, (2) controllers run, each as soon as its own caches are filled, (3) when cancelled, reconciles under way end,
    /// within the grace period, (4) then the informers. Throws <see cref="LeadershipLostException"/> when it led by an <see cref="Election"/> and does not any more.
    /// </summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stopInformers = new CancellationTokenSource();
        informers.Start(stopInformers.Token);
        var kept = true;
        try
        {
            if (Election is null) await RunControllersAsync(cancel, cancel);
            else kept = await Election.RunAsync(leading => RunControllersAsync(leading, cancel), cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { }
        finally
        {
            stopInformers.Cancel();
            await informers.WaitForEndAsync();
        }
        if (!kept) throw new LeadershipLostException(Election!.LeaseName);
    }

    // Told to stop, reconciles may end in peace. When leadership was lost they may not: another leads soon.
    private async Task RunControllersAsync(CancellationToken cancel, CancellationToken told)
    {
        using var kill = new CancellationTokenSource();
        using var grace = informers.Client.Time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), kill, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var armed = cancel.Register(() => grace.Change(told.IsCancellationRequested ? GracePeriod : TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        // A host of caches alone runs as well.
        var ended = new TaskCompletionSource();
        using var end = cancel.Register(ended.SetResult);
        await Waits.All(controllers.Count == 0 ? [ended.Task] : [.. controllers.Select(controller => controller.RunAsync(cancel, kill.Token))]);
    }
}
