using Coracle.Sdk;

namespace Coracle.Testing;

/// <summary>Brings a test's calls to the cluster's thread, where the whole way of a request is gone.</summary>
internal sealed class ClusterTransport(ClusterThread thread, Transport inner) : Transport
{
    public override ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel) => new(thread.Do(async () => await inner.SendAsync(call, cancel)));
    public override ValueTask<ApiReply> WatchAsync(ApiCall call, CancellationToken cancel) => new(thread.Do(async () => await inner.WatchAsync(call, cancel)));
    public override ValueTask<ApiReply> StreamAsync(ApiCall call, CancellationToken cancel) => new(thread.Do(async () => await inner.StreamAsync(call, cancel)));

    public override ValueTask<ApiReply> UpgradeAsync(ApiCall call, IReadOnlyList<string> protocols, CancellationToken cancel) =>
        new(thread.Do(async () => await inner.UpgradeAsync(call, protocols, cancel)));
}
