using Coracle.ApiServer;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;
using Coracle.Sdk;
using Coracle.Store;

namespace Coracle.Hosting;

/// <summary>
/// Writes into quotas' status what is used up of them (upstream: the controller manager's resourcequota-controller). The API server counts already, so nobody
/// else needs to. Many changes at once are written down once.
/// </summary>
internal sealed class QuotaStatus(Server server, ResourceQuotaAdmission quotas, Client client)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Resync = TimeSpan.FromHours(1);

    private readonly Signal _changed = new();

    /// <summary>Ends by cancellation.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var subscription = server.Store.Subscribe(Note);
        while (true)
        {
            foreach (var usage in quotas.Read(server)) await WriteAsync(usage, cancel);
            await _changed.WaitAsync(Resync, server.Clock, cancel);
            await Task.Delay(Pause, server.Clock, cancel);
        }
    }

    // Called by the store's writer: where there is no quota, a look at the keys is all.
    private void Note(ReadOnlyMemory<Change> batch)
    {
        var counting = quotas.IsCounting(server);
        foreach (var change in batch.Span)
        {
            if (!counting && !change.Key.StartsWith("resourcequotas/", StringComparison.Ordinal)) continue;
            _changed.Set();
            return;
        }
    }

    // Lost races are not tried again here: the write that won has set the signal.
    private async ValueTask WriteAsync(QuotaUsage usage, CancellationToken cancel)
    {
        if (server.Cache.Resource("resourcequotas").Get($"{usage.Namespace}/{usage.Name}") is not { } stored) return;
        var quota = stored.Typed<ResourceQuota>();
        if (Same(quota.Status.Hard, usage.Hard) && Same(quota.Status.Used, usage.Used)) return;
        quota.Status.Hard = new(usage.Hard);
        quota.Status.Used = new(usage.Used);
        await client.TryUpdateStatusAsync(quota, cancel);
    }

    private static bool Same(Dictionary<string, Quantity>? a, IReadOnlyDictionary<string, Quantity> b) =>
        (a?.Count ?? 0) == b.Count && b.All(amount => a!.TryGetValue(amount.Key, out var other) && other == amount.Value);
}
