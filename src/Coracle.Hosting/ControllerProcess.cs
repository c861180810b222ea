using Coracle.ApiServer;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>The built-in controllers and the scheduler over caches of their own, started and ended together: what would be a process elsewhere.</summary>
internal sealed class ControllerProcess
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly InformerSet _informers;
    private readonly Task _running;

    private ControllerProcess(Server server, Client client, ControlPlaneOptions options, AccessControl access)
    {
        _informers = new InformerSet(client);
        var host = BuiltInControllers.Host(server, _informers, options, access);
        var scheduler = options.RunsControllers ? BuiltInControllers.Scheduler(_informers) : null;
        _running = Waits.All([host.RunAsync(_stopping.Token), scheduler?.RunAsync(_stopping.Token) ?? Task.CompletedTask]);
    }

    public static ControllerProcess Start(Server server, Client client, ControlPlaneOptions options, AccessControl access) => new(server, client, options, access);

    /// <summary>Completes when every cache is filled.</summary>
    public Task WaitForSyncAsync(CancellationToken cancel) => _informers.WaitForSyncAsync(cancel);

    /// <summary>Reconciles under way end, within the host's grace period.</summary>
    public async Task StopAsync()
    {
        // Not CancelAsync, which leaves the thread that a simulation runs on.
        _stopping.Cancel();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
        }
        _stopping.Dispose();
    }
}
