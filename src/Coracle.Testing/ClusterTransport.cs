using Coracle.Sdk;

namespace Coracle.Testing;

/// <summary>Brings a test's calls to the cluster's thread, where the whole way of a request is gone.</summary>
internal sealed class ClusterTransport(ClusterThread thread, Transport inner) : Transport
{
    public override ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel) => new(thread.Do(async () => await inner.SendAsync(call, cancel)));
    public override ValueTask<ApiReply> StreamAsync(ApiCall call, CancellationToken cancel) => new(thread.Do(async () => await inner.StreamAsync(call, cancel)));

    public override ValueTask<ApiReply> UpgradeAsync(ApiCall call, IReadOnlyList<string> protocols, CancellationToken cancel) =>
        new(thread.Do(async () => await inner.UpgradeAsync(call, protocols, cancel)));

    public override async ValueTask<ApiReply> WatchAsync(ApiCall call, CancellationToken cancel)
    {
        var reply = await thread.Do(async () => await inner.WatchAsync(call, cancel));
        return reply.Frames is not { } frames ? reply : new ApiReply { Status = reply.Status, ContentType = reply.ContentType, Warnings = reply.Warnings, Frames = new ClusterFrames(thread, frames) };
    }

    /// <summary>Waits for events where they are made: on the cluster's thread, in its time.</summary>
    private sealed class ClusterFrames(ClusterThread thread, FrameStream inner) : FrameStream
    {
        public override ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel) => new(thread.Do(async () => await inner.NextAsync(cancel)));

        public override ValueTask DisposeAsync() => new(thread.Do(async () =>
        {
            await inner.DisposeAsync();
            return true;
        }));
    }
}
