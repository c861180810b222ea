namespace Coracle.ApiServer;

/// <summary>
/// Forgets old history, as upstream does of etcd (storage/etcd3/compact.go): every five minutes what was history five minutes before. A client that comes back
/// within that time finds all changes it has missed; one that was away longer is told 410 and lists anew.
/// </summary>
public sealed class Compaction(Server server, Action<string> onFailure)
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>Ends by cancellation.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var before = server.Store.Revision;
        while (true)
        {
            await Task.Delay(Every, server.Clock, cancel);
            var now = server.Store.Revision;
            await CompactAsync(before, cancel);
            before = now;
        }
    }

    // A store that is not changed is left alone: an idle cluster writes nothing to disk.
    private async ValueTask CompactAsync(long revision, CancellationToken cancel)
    {
        if (revision <= server.Store.CompactedRevision) return;
        server.Cache.Compact(revision);
        var result = await server.Store.CompactAsync(revision, cancel);
        if (result.Error is { } error) onFailure(error);
    }
}
