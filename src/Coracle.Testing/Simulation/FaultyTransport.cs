using System.Text;
using Coracle.Sdk;

namespace Coracle.Testing;

/// <summary>What lies between a process and its server when things go wrong. Once the process has crashed, nothing of it reaches the server any more.</summary>
/// <param name="inner">The server.</param>
/// <param name="plan">What goes wrong how often.</param>
/// <param name="time">The simulation's.</param>
/// <param name="crash">Told that the process is to end.</param>
internal sealed class FaultyTransport(Transport inner, FaultPlan plan, TimeProvider time, Action crash) : Transport
{
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(10);
    private bool _dead;

    /// <summary>
    /// 1. It takes its time. 2. It may not arrive. 3. The server may refuse. 4. It is carried out. 5. The answer may be lost. Before and after a write the process may end.
    /// </summary>
    public override async ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel)
    {
        var writes = call.Method != "GET";
        plan.MayJump(time);
        if (plan.Happens(plan.Slow)) await Task.Delay(plan.UpTo(Slowest), time, cancel);                                     // 1
        if (writes && plan.Happens(plan.Crash / 2)) Die();
        if (_dead || plan.Happens(plan.Unreachable)) throw new TransportException("simulated: the server was not reached");   // 2
        if (writes && call.Path.Contains("/leases/", StringComparison.Ordinal) && plan.LeasesAreLost(time)) throw new TransportException("simulated: the lease was not renewed");
        if (writes && plan.DiskIsFull(time)) return Failure(500, "InternalError", "simulated: no space left on device");
        if (plan.Happens(plan.Refused)) return Refusal();                                                                    // 3
        if (call.Method is "PUT" or "PATCH" && plan.Happens(plan.Conflict)) return Failure(409, "Conflict", "simulated: the object has been modified");
        var reply = await inner.SendAsync(call, cancel);                                                                     // 4
        if (writes && plan.Happens(plan.Crash / 2)) Die();
        if (_dead || plan.Happens(plan.AnswerLost)) throw new TransportException("simulated: the answer was lost");           // 5
        return reply;
    }

    public override async ValueTask<ApiReply> WatchAsync(ApiCall call, CancellationToken cancel)
    {
        if (_dead || plan.Happens(plan.Unreachable)) throw new TransportException("simulated: the server was not reached");
        var reply = await inner.WatchAsync(call, cancel);
        return reply.Frames is { } frames ? new ApiReply { Status = reply.Status, ContentType = reply.ContentType, Frames = new FaultyFrames(this, frames) } : reply;
    }

    public override ValueTask<ApiReply> StreamAsync(ApiCall call, CancellationToken cancel) => inner.StreamAsync(call, cancel);

    public override ValueTask<ApiReply> UpgradeAsync(ApiCall call, IReadOnlyList<string> protocols, CancellationToken cancel) => inner.UpgradeAsync(call, protocols, cancel);

    private void Die()
    {
        if (_dead) return;
        _dead = true;
        crash();
    }

    private ApiReply Refusal() => plan.OneOf(429, 500, 503) switch
    {
        429 => Failure(429, "TooManyRequests", "simulated: too many requests", retryAfter: 1),
        500 => Failure(500, "InternalError", "simulated: internal error"),
        _ => Failure(503, "ServiceUnavailable", "simulated: the service is unavailable"),
    };

    private static ApiReply Failure(int code, string reason, string message, int? retryAfter = null) => new()
    {
        Status = code, RetryAfterSeconds = retryAfter, Body = StatusJson(code, reason, message),
    };

    private static byte[] StatusJson(int code, string reason, string message) => Encoding.UTF8.GetBytes(
        $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{code}}}""");

    private sealed class FaultyFrames(FaultyTransport owner, FrameStream inner) : FrameStream
    {
        private static readonly byte[] Expired =
            [.. "{\"type\":\"ERROR\",\"object\":"u8, .. StatusJson(410, "Expired", "simulated: too old resource version"), .. "}"u8];

        public override async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel)
        {
            var plan = owner.Plan;
            if (plan.Happens(plan.WatchCut)) return plan.OneOf(true, false) ? default(ReadOnlyMemory<byte>) : throw new TransportException("simulated: the watch broke");
            if (plan.Happens(plan.WatchExpired)) return Expired;
            var frame = await inner.NextAsync(cancel);
            if (plan.Happens(plan.WatchDelayed)) await Task.Delay(plan.UpTo(Latest), owner.Time, cancel);
            return owner._dead ? throw new TransportException("simulated: the watch broke") : frame;
        }

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private FaultPlan Plan => plan;
    private TimeProvider Time => time;
}
