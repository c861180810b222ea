using System.Buffers;
using Coracle.ApiServer.Access;

namespace Coracle.ApiServer;

public sealed record AuditWebhookOptions
{
    public required OutsideConnection Connection { get; init; }
    public required WebhookTransport Network { get; init; }
    public required TimeProvider Clock { get; init; }

    /// <summary>How many events wait at most; what comes then is lost.</summary>
    public int BufferMax { get; init; } = 10_000;

    /// <summary>How many events are sent at once at most.</summary>
    public int BatchMax { get; init; } = 400;

    /// <summary>How long an event waits for others at most.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told of events that are lost, and why.</summary>
    public Action<string> OnLost { get; init; } = static _ => { };
}

/// <summary>
/// Sends the audit log to somebody outside, many events at a time (upstream: apiserver, plugin/pkg/audit/webhook, in its mode "batch"): when enough have come, or the first
/// of them has waited long enough. Whoever is audited does not wait.
/// </summary>
public sealed class AuditWebhook : AuditSink, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly AuditWebhookOptions _options;
    private readonly Lock _lock = new();
    private readonly Queue<ReadOnlyMemory<byte>> _waiting = new();
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stop = new();
    private Task _sending = Task.CompletedTask;
    private bool _isSending;
    private bool _isDue;

    public AuditWebhook(AuditWebhookOptions options)
    {
        _options = options;
        _timer = options.Clock.CreateTimer(_ => Due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public override void Write(ReadOnlyMemory<byte> line)
    {
        lock (_lock)
        {
            if (_waiting.Count >= _options.BufferMax)
            {
                _options.OnLost("too many audit events wait to be sent");
                return;
            }
            _waiting.Enqueue(line);
            if (_waiting.Count == 1) _timer.Change(_options.Wait, Timeout.InfiniteTimeSpan);
            if (_waiting.Count >= _options.BatchMax) Start();
        }
    }

    private void Due()
    {
        lock (_lock)
        {
            _isDue = true;
            Start();
        }
    }

    private void Start()
    {
        if (_isSending || _waiting.Count == 0) return;
        _isSending = true;
        _sending = Send();
    }

    private async Task Send()
    {
        while (Take() is { } batch)
        {
            try
            {
                var answer = await Outside.PostAsync(_options.Network, _options.Connection, List(batch), Patience, _options.Clock, _stop.Token);
                if (answer.Failed) _options.OnLost($"{batch.Count} audit events could not be sent: {answer.Error.Message}");
            }
            catch (OperationCanceledException)
            {
                _options.OnLost($"{batch.Count} audit events had not been sent when the server stopped");
            }
        }
    }

    /// <summary>The next events to be sent; null when those that are left may wait on.</summary>
    private List<ReadOnlyMemory<byte>>? Take()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 || !_isDue && _waiting.Count < _options.BatchMax)
            {
                if (_waiting.Count > 0) _timer.Change(_options.Wait, Timeout.InfiniteTimeSpan);
                _isSending = _isDue = false;
                return null;
            }
            var batch = new List<ReadOnlyMemory<byte>>();
            while (batch.Count < _options.BatchMax && _waiting.TryDequeue(out var line)) batch.Add(line);
            if (_waiting.Count == 0) _isDue = false;
            return batch;
        }
    }

    private static ReadOnlyMemory<byte> List(List<ReadOnlyMemory<byte>> events)
    {
        var buffer = new ArrayBufferWriter<byte>(events.Sum(e => e.Length) + 128);
        buffer.Write("""{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":["""u8);
        for (var i = 0; i < events.Count; i++)
        {
            if (i > 0) buffer.Write(","u8);
            buffer.Write(events[i].Span);
        }
        buffer.Write("]}"u8);
        return buffer.WrittenMemory;
    }

    /// <summary>Sends what waits, once, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        Task last;
        lock (_lock)
        {
            _isDue = true;
            Start();
            last = _sending;
        }
        using (_options.Clock.CreateTimer(_ => _stop.Cancel(), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan)) await last;
        _stop.Dispose();
    }
}

/// <summary>Several audit logs at once.</summary>
public sealed class AuditSinks(params IReadOnlyList<AuditSink> all) : AuditSink
{
    public override void Write(ReadOnlyMemory<byte> line)
    {
        foreach (var one in all) one.Write(line);
    }
}
