namespace Coracle.Sdk.Tests.Fakes;

/// <summary>One client's way to the server, which may be cut off: its calls then hang or fail, and their answers are lost.</summary>
internal sealed class Partition(Transport inner, SimulationLoop loop) : Transport
{
    public bool CutOff { get; set; }

    public override async ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel)
    {
        await CheckAsync(cancel);
        var reply = await inner.SendAsync(call, cancel);
        await CheckAsync(cancel);
        return reply;
    }

    private async ValueTask CheckAsync(CancellationToken cancel)
    {
        if (!CutOff) return;
        if (loop.Random.Next(2) == 0) await Task.Delay(TimeSpan.FromMinutes(1), loop.Time, cancel);
        throw new TransportException("no route to host");
    }

    public override ValueTask<ApiReply> WatchAsync(ApiCall call, CancellationToken cancel) => inner.WatchAsync(call, cancel);
    public override ValueTask<ApiReply> StreamAsync(ApiCall call, CancellationToken cancel) => inner.StreamAsync(call, cancel);
    public override ValueTask<ApiReply> UpgradeAsync(ApiCall call, IReadOnlyList<string> protocols, CancellationToken cancel) => inner.UpgradeAsync(call, protocols, cancel);
}
