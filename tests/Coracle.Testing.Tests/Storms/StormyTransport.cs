using Coracle.Sdk;

namespace Coracle.Testing.Tests.Storms;

/// <summary>
/// Connections to a server that can be replaced: they are cut and stall, and each takes its own time, so that what was sent on one arrives after what was sent later on another. Within a
/// connection order holds, as TCP sees to. Notes how long each watch was silent before it was given up.
/// </summary>
internal sealed class StormyTransport(SimulationLoop loop, Transport server) : Transport
{
    private readonly List<Watch> _open = [];
    private TimeSpan _lag;

    /// <summary>Where new connections lead to.</summary>
    public Transport Server { get; set; } = server;

    /// <summary>The longest that any watch was waited for without a word from it.</summary>
    public TimeSpan LongestSilence { get; private set; }

    public int Open => _open.Count;

    /// <summary>Whatever is sent from now on takes up to so long, each by its own.</summary>
    public void Lag(TimeSpan atMost) => _lag = atMost;

    public void CutAll()
    {
        foreach (var watch in _open.ToArray()) watch.Cut();
    }

    /// <summary>The open watches say nothing more, and do not end.</summary>
    public void StallAll()
    {
        foreach (var watch in _open) watch.Stalled = true;
    }

    public override async ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel)
    {
        await Travel(cancel);
        var reply = await Server.SendAsync(call, cancel);
        await Travel(cancel);
        return reply;
    }

    public override async ValueTask<ApiReply> WatchAsync(ApiCall call, CancellationToken cancel)
    {
        await Travel(cancel);
        var reply = await Server.WatchAsync(call, cancel);
        return reply.Frames is { } frames ? new ApiReply { Status = reply.Status, ContentType = reply.ContentType, Frames = new Watch(this, frames) } : reply;
    }

    public override ValueTask<ApiReply> StreamAsync(ApiCall call, CancellationToken cancel) => throw new NotSupportedException();
    public override ValueTask<ApiReply> UpgradeAsync(ApiCall call, IReadOnlyList<string> protocols, CancellationToken cancel) => throw new NotSupportedException();

    private Task Travel(CancellationToken cancel) => _lag == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(_lag * loop.Random.NextDouble(), loop.Time, cancel);

    private sealed class Watch : FrameStream
    {
        private readonly StormyTransport _owner;
        private readonly FrameStream _inner;
        private readonly CancellationTokenSource _cut = new();

        public Watch(StormyTransport owner, FrameStream inner)
        {
            (_owner, _inner) = (owner, inner);
            owner._open.Add(this);
        }

        public bool Stalled { get; set; }

        public void Cut() => _cut.Cancel();

        public override async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel)
        {
            var began = _owner.Loop.Time.GetTimestamp();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _cut.Token);
            try
            {
                var frame = Stalled ? default : await _inner.NextAsync(either.Token);
                // What was on its way when the connection stalled is lost with it.
                if (Stalled) await Task.Delay(Timeout.InfiniteTimeSpan, _owner.Loop.Time, either.Token);
                await _owner.Travel(either.Token);
                return frame;
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new TransportException("the connection was cut");
            }
            finally
            {
                var silent = _owner.Loop.Time.GetElapsedTime(began);
                if (silent > _owner.LongestSilence) _owner.LongestSilence = silent;
            }
        }

        public override async ValueTask DisposeAsync()
        {
            if (!_owner._open.Remove(this)) return;
            await _inner.DisposeAsync();
            _cut.Dispose();
        }
    }

    private SimulationLoop Loop => loop;
}
