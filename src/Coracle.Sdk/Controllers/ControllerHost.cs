namespace Coracle.Sdk;

/// <summary>Runs controllers over shared caches.</summary>
public sealed class ControllerHost(InformerSet informers)
{
    private readonly List<Controller> controllers = [];

    /// <summary>So long may reconciles go on after the host was told to stop; they are cancelled then.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromSeconds(30);

    public IReadOnlyList<Controller> Controllers => controllers;

    /// <summary>Every controller is idle.</summary>
    public bool IsIdle => controllers.TrueForAll(c => c.IsIdle);

    public ControllerHost Add(Controller controller)
    {
        controllers.Add(controller);
        return this;
    }

    /// <summary>
    /// Runs until cancelled: (1) informers start, (2) controllers run, each as soon as its own caches are filled, (3) when cancelled, reconciles under way end,
    /// within the grace period, (4) then the informers.
    /// </summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var stopInformers = new CancellationTokenSource();
        using var kill = new CancellationTokenSource();
        informers.Start(stopInformers.Token);
        using var grace = informers.Client.Time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), kill, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var armed = cancel.Register(() => grace.Change(GracePeriod, Timeout.InfiniteTimeSpan));
        try
        {
            await Waits.All([.. controllers.Select(controller => controller.RunAsync(cancel, kill.Token))]);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { }
        stopInformers.Cancel();
        await informers.WaitForEndAsync();
    }
}
