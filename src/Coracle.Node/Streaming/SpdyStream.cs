using System.IO.Pipelines;

namespace Coracle.Node.Streaming;

/// <summary>One stream of a <see cref="SpdyConnection"/>.</summary>
internal sealed class SpdyStream : DuplexStream
{
    private readonly SpdyConnection _connection;
    private readonly Pipe _incoming;
    private readonly TaskCompletionSource _replied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _lock = new();
    private TaskCompletionSource _windowGrew = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sendWindow;
    private int _unread;
    private int _unacknowledged;
    private bool _discarding;
    private IOException? _broken;
    private bool _writesCompleted;
    private bool _remoteEnded;

    internal SpdyStream(SpdyConnection connection, int id, IReadOnlyDictionary<string, string> headers, long sendWindow)
    {
        (_connection, Id, Headers, _sendWindow) = (connection, id, headers, sendWindow);
        _incoming = new Pipe(new PipeOptions(pauseWriterThreshold: SpdyConnection.ReceiveWindow + 1,
            resumeWriterThreshold: SpdyConnection.ReceiveWindow / 2, useSynchronizationContext: false));
    }

    public int Id { get; }

    /// <summary>What the side that opened the stream said of it.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>Completes when the peer has accepted the stream; fails when it refused.</summary>
    internal Task Replied => _replied.Task;

    internal bool IsFinished
    {
        get
        {
            lock (_lock)
                return _broken is not null || (_writesCompleted && _remoteEnded);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var length = await PipeReading.Read(_incoming.Reader, buffer, cancellationToken);
        Acknowledge(length);
        return length;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var length = await Reserve(Math.Min(buffer.Length, SpdyConnection.frame_bytes_max), cancellationToken);
            await _connection.SendData(Id, buffer[..length], fin: false, cancellationToken);
            buffer = buffer[length..];
        }
    }

    public override async ValueTask CompleteWrites(CancellationToken cancel)
    {
        lock (_lock)
        {
            if (_writesCompleted || _broken is not null)
                return;
            _writesCompleted = true;
        }
        try
        {
            await _connection.SendData(Id, ReadOnlyMemory<byte>.Empty, fin: true, cancel);
        }
        catch (IOException)
        {
            // The connection is gone, and with it everything there was to end.
        }
        _connection.Forget(this);
    }

    public override void Abort()
    {
        var finished = IsFinished;
        FailWrites(new IOException("the stream was broken off"));
        StopReading();
        if (!finished)
            _connection.Send(SpdyFrames.RstStream(Id, SpdyReset.Cancel));
        _connection.Forget(this);
    }

    /// <summary>Ends our writing, and throws away what still comes.</summary>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        StopReading();
        _ = CompleteWrites(CancellationToken.None).AsTask();
    }

    private void StopReading()
    {
        int unread;
        lock (_lock)
            (_discarding, unread) = (true, _unread);
        _incoming.Reader.CancelPendingRead();
        _incoming.Reader.Complete();
        Acknowledge(unread); // what is thrown away is as good as read
    }

    /// <summary>Takes as much of the peer's window as there is, up to <paramref name="wanted"/> bytes; waits for the first.</summary>
    private async ValueTask<int> Reserve(int wanted, CancellationToken cancel)
    {
        while (true)
        {
            Task grew;
            lock (_lock)
            {
                if (_broken is not null)
                    throw new IOException(_broken.Message, _broken);
                ObjectDisposedException.ThrowIf(_writesCompleted, this);
                if (!_connection.PeerControlsFlow)
                    return wanted;
                if (_sendWindow > 0)
                {
                    var granted = (int)Math.Min(wanted, _sendWindow);
                    _sendWindow -= granted;
                    return granted;
                }
                grew = _windowGrew.Task;
            }
            await grew.WaitAsync(cancel);
        }
    }

    // ---- called by the connection, in the order of the frames

    internal void GrowWindow(long delta)
    {
        TaskCompletionSource waiting;
        lock (_lock)
        {
            _sendWindow += delta;
            waiting = _windowGrew;
            _windowGrew = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        waiting.TrySetResult();
    }

    internal void OnReply() => _replied.TrySetResult();

    /// <summary>Where the next received bytes go; <see cref="OnReceived"/> with their number must follow.</summary>
    internal Memory<byte> ReceiveBuffer(int length) => _incoming.Writer.GetMemory(Math.Min(length, SpdyConnection.frame_bytes_max));

    /// <summary>Hands received bytes over. Waits while a peer that knows no windows is too far ahead of the reader.</summary>
    internal async ValueTask OnReceived(int length)
    {
        bool discarding;
        lock (_lock)
        {
            _unread += length;
            discarding = _discarding;
        }
        _incoming.Writer.Advance(length);
        await _incoming.Writer.FlushAsync();
        if (discarding)
            Acknowledge(length);
    }

    internal void OnRemoteEnd() => EndIncoming(null);

    /// <summary>A reset: with "cancel" it is how SPDY servers end what they have written in full; otherwise a failure.</summary>
    internal void OnReset(SpdyReset status)
    {
        var cause = new IOException($"the peer reset the stream ({status})");
        EndIncoming(status == SpdyReset.Cancel ? null : cause);
        FailWrites(cause);
    }

    /// <summary>Nothing more will come. Only the connection's read loop may call it: the pipe knows one writer.</summary>
    internal void EndIncoming(IOException? cause)
    {
        lock (_lock)
        {
            if (_remoteEnded)
                return;
            _remoteEnded = true;
        }
        _incoming.Writer.Complete(cause);
    }

    /// <summary>Lets every waiting and later write fail, and a read loop that waits for our reader go on. From any thread.</summary>
    internal void FailWrites(IOException cause)
    {
        TaskCompletionSource waiting;
        lock (_lock)
        {
            _broken ??= cause;
            waiting = _windowGrew;
        }
        _incoming.Writer.CancelPendingFlush();
        waiting.TrySetResult();
        _replied.TrySetException(cause);
        _ = _replied.Task.Exception; // observed: it is for OpenStream alone
    }

    /// <summary>Lets the peer send as much again, in steps of half a window.</summary>
    private void Acknowledge(int length)
    {
        var delta = 0;
        lock (_lock)
        {
            _unread -= length;
            _unacknowledged += length;
            if (_unacknowledged >= SpdyConnection.ReceiveWindow / 2 && !_remoteEnded && _connection.PeerControlsFlow)
                (delta, _unacknowledged) = (_unacknowledged, 0);
        }
        if (delta > 0)
            _connection.Send(SpdyFrames.WindowUpdate(Id, delta));
    }
}
