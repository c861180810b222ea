using System.Buffers;
using System.Buffers.Binary;
using System.Threading.Channels;

namespace Coracle.Node.Streaming;

/// <summary>
/// SPDY/3.1 as Kubernetes uses it: many streams on one connection that an HTTP/1.1 upgrade has handed over. Either side.
/// Flow control: the peers one meets (Go's spdystream) ignore windows and are held back by the connection alone. So
/// windows are kept to, and updated, once the peer has shown that it knows them (a SETTINGS frame with a window, or a WINDOW_UPDATE).
/// A peer without windows that is too far ahead on one stream makes the whole connection wait; and it must not be sent updates: one
/// that it has not read when it closes makes its kernel reset the connection, and throw away the last of what it sent us.
/// </summary>
internal sealed class SpdyConnection : IAsyncDisposable
{
    public const int ReceiveWindow = 256 * 1024;
    public const int frame_bytes_max = 16 * 1024;
    private const int control_bytes_max = 256 * 1024;
    private const int streams_max = 2000;
    private const int unsent_max = 4096;
    private static readonly KeyValuePair<string, string>[] NoHeaders = [];

    private readonly Stream _transport;
    private readonly bool _isServer;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly SpdyHeaderBlock _headersOut = new();
    private readonly SpdyHeaderBlock _headersIn = new();
    private readonly object _lock = new();
    private readonly Dictionary<int, SpdyStream> _streams = [];
    private readonly Channel<SpdyStream> _incoming = Channel.CreateUnbounded<SpdyStream>();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _peerWindow = SpdyFrames.DefaultWindow;
    private volatile bool _peerControlsFlow;
    private int _nextId;
    private bool _goneAway;
    private IOException? _broken;
    private int _disposed;
    private int _unsent;

    private SpdyConnection(Stream transport, bool isServer)
    {
        (_transport, _isServer) = (transport, isServer);
        _nextId = isServer ? 2 : 1;
    }

    /// <summary>Starts on a connection that has been upgraded; it owns <paramref name="transport"/> from then on.</summary>
    public static SpdyConnection Start(Stream transport, bool isServer)
    {
        var connection = new SpdyConnection(transport, isServer);
        connection.Send(SpdyFrames.InitialWindow(ReceiveWindow));
        _ = connection.ReadLoop();
        return connection;
    }

    /// <summary>The streams that the peer opens, each to be answered with <see cref="Accept"/> or an abort. Ends with the connection.</summary>
    public ChannelReader<SpdyStream> Incoming => _incoming.Reader;

    /// <summary>Completes (never fails) when the peer or the transport has ended.</summary>
    public Task Closed => _closed.Task;

    internal bool PeerControlsFlow => _peerControlsFlow;

    /// <summary>Opens a stream and waits until the peer has accepted it.</summary>
    public async Task<SpdyStream> OpenStream(IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken cancel)
    {
        SpdyStream stream;
        await _writing.WaitAsync(cancel);
        try
        {
            lock (_lock)
            {
                if (_broken is not null || _goneAway)
                    throw new IOException("the connection takes no new streams", _broken);
                stream = new SpdyStream(this, _nextId, headers.ToDictionary(StringComparer.OrdinalIgnoreCase), _peerWindow);
                _streams.Add(_nextId, stream);
                _nextId += 2;
            }
            await WriteLocked(SpdyFrames.SynStream(stream.Id, _headersOut.Encode(headers)));
        }
        finally
        {
            _writing.Release();
        }
        // spdystream throws data away that comes before its own reply, so a stream is not given out earlier.
        await stream.Replied.WaitAsync(cancel);
        return stream;
    }

    public async ValueTask Accept(SpdyStream stream, CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        try
        {
            await WriteLocked(SpdyFrames.SynReply(stream.Id, _headersOut.Encode(NoHeaders)));
        }
        finally
        {
            _writing.Release();
        }
    }

    // ---- sending

    internal async ValueTask SendData(int id, ReadOnlyMemory<byte> data, bool fin, CancellationToken cancel)
    {
        var length = SpdyFrames.HeaderLength + data.Length;
        var frame = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            SpdyFrames.DataHeader(frame, id, fin, data.Length);
            data.CopyTo(frame.AsMemory(SpdyFrames.HeaderLength));
            await _writing.WaitAsync(cancel);
            try
            {
                await WriteLocked(frame.AsMemory(0, length));
            }
            finally
            {
                _writing.Release();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    /// <summary>Sends a small control frame without waiting: the reading side must never wait for the writing side.</summary>
    internal void Send(byte[] frame)
    {
        if (Interlocked.Increment(ref _unsent) <= unsent_max)
        {
            _ = SendAndForget(frame);
            return;
        }
        // A peer that asks and asks and does not read the answers: the connection ends rather than hold them all.
        Break(new IOException("the peer does not read"));
        _ = _transport.DisposeAsync();
    }

    private async Task SendAndForget(byte[] frame)
    {
        try
        {
            await _writing.WaitAsync();
            try
            {
                await WriteLocked(frame);
            }
            finally
            {
                _writing.Release();
            }
        }
        catch (IOException)
        {
            // The read loop sees the same end of the connection and tells every stream.
        }
        finally
        {
            Interlocked.Decrement(ref _unsent);
        }
    }

    /// <summary>Not to be cancelled: half a frame would make all that follows unreadable. Disposing the connection ends it.</summary>
    private async ValueTask WriteLocked(ReadOnlyMemory<byte> frame)
    {
        lock (_lock)
        {
            if (_broken is not null)
                throw new IOException(_broken.Message, _broken);
        }
        try
        {
            await _transport.WriteAsync(frame);
            await _transport.FlushAsync();
        }
        catch (Exception e)
        {
            // The read loop goes on: what the peer sent before it closed is still to be read.
            var cause = new IOException("the connection was lost", e);
            Break(cause);
            throw cause;
        }
    }

    // ---- receiving

    private async Task ReadLoop()
    {
        var end = new IOException("the connection has ended");
        try
        {
            var header = new byte[SpdyFrames.HeaderLength];
            while (await _transport.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false) == header.Length)
                await ReadFrame(SpdyFrameHeader.Parse(header));
        }
        catch (Exception e)
        {
            end = new IOException("the connection was lost", e);
        }
        foreach (var stream in Break(end))
            stream.EndIncoming(end);
        _incoming.Writer.TryComplete();
        _closed.TrySetResult();
    }

    private async ValueTask ReadFrame(SpdyFrameHeader frame)
    {
        if (!frame.IsControl)
        {
            await ReadData(frame);
            return;
        }
        if (frame.Length > control_bytes_max)
            throw new IOException($"a control frame of {frame.Length} bytes");
        var body = new byte[frame.Length];
        await _transport.ReadExactlyAsync(body);
        OnControl(frame, body);
    }

    private async ValueTask ReadData(SpdyFrameHeader frame)
    {
        var stream = Find(frame.StreamId);
        var remaining = frame.Length;
        byte[]? discarded = null;
        while (remaining > 0)
        {
            var buffer = stream?.ReceiveBuffer(remaining) ?? (discarded ??= new byte[frame_bytes_max]);
            var got = await _transport.ReadAsync(buffer[..Math.Min(remaining, buffer.Length)]);
            if (got == 0)
                throw new EndOfStreamException();
            if (stream is not null)
                await stream.OnReceived(got);
            remaining -= got;
        }
        if (frame.IsFin && stream is not null)
            EndRemote(stream);
    }

    private void OnControl(SpdyFrameHeader frame, byte[] body)
    {
        switch (frame.Type)
        {
            case SpdyControl.SynStream:
                OnSynStream(frame, body);
                break;
            case SpdyControl.SynReply:
                _headersIn.Decode(body.AsSpan(4)); // nothing in it is used, but the inflater must see every block
                var opened = Find(Number(body, 0));
                opened?.OnReply();
                if (frame.IsFin && opened is not null)
                    EndRemote(opened);
                break;
            case SpdyControl.Headers:
                _headersIn.Decode(body.AsSpan(4));
                break;
            case SpdyControl.RstStream:
                OnReset(Number(body, 0), (SpdyReset)Number(body, 4));
                break;
            case SpdyControl.Settings:
                OnSettings(body);
                break;
            case SpdyControl.WindowUpdate:
                _peerControlsFlow = true;
                Find(Number(body, 0))?.GrowWindow(Number(body, 4));
                break;
            case SpdyControl.Ping:
                if (((Number(body, 0) & 1) == 1) == _isServer) // theirs: clients' ids are odd
                    Send(SpdyFrames.Ping(body.AsSpan(0, 4)));
                break;
            case SpdyControl.GoAway:
                lock (_lock)
                    _goneAway = true;
                break;
        }
    }

    private void OnSynStream(SpdyFrameHeader frame, byte[] body)
    {
        var headers = _headersIn.Decode(body.AsSpan(10));
        var id = Number(body, 0);
        SpdyStream? stream = null;
        var refusal = SpdyReset.ProtocolError;
        lock (_lock)
        {
            // Those that were opened, ended and not yet taken count as well.
            if (_streams.Count >= streams_max || _incoming.Reader.Count >= streams_max)
                refusal = SpdyReset.RefusedStream;
            else if ((id & 1) == 1 == _isServer && !_streams.ContainsKey(id))
                _streams.Add(id, stream = new SpdyStream(this, id, headers, _peerWindow));
        }
        if (stream is null)
        {
            Send(SpdyFrames.RstStream(id, refusal));
            return;
        }
        if (frame.IsFin)
            stream.OnRemoteEnd();
        _incoming.Writer.TryWrite(stream);
    }

    private void OnReset(int id, SpdyReset status)
    {
        if (Find(id) is not { } stream)
            return;
        stream.OnReset(status);
        Forget(stream);
    }

    private void OnSettings(byte[] body)
    {
        var count = Math.Min(Number(body, 0), (body.Length - 4) / 8);
        for (var i = 0; i < count; i++)
        {
            if ((Number(body, 4 + (i * 8)) & 0xFFFFFF) != SpdyFrames.SettingInitialWindowSize)
                continue;
            SetPeerWindow(Number(body, 8 + (i * 8)));
        }
    }

    /// <summary>The window of streams to come; those that are open grow or shrink by the difference.</summary>
    private void SetPeerWindow(int window)
    {
        SpdyStream[] open;
        long delta;
        lock (_lock)
        {
            delta = window - _peerWindow;
            _peerWindow = window;
            _peerControlsFlow = true;
            open = [.. _streams.Values];
        }
        foreach (var stream in open)
            stream.GrowWindow(delta);
    }

    private static int Number(byte[] body, int at) => body.Length >= at + 4
        ? BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at)) & 0x7FFF_FFFF : throw new IOException("a frame that is too short");

    private void EndRemote(SpdyStream stream)
    {
        stream.OnRemoteEnd();
        Forget(stream);
    }

    private SpdyStream? Find(int id)
    {
        lock (_lock)
            return _streams.GetValueOrDefault(id);
    }

    /// <summary>Lets go of a stream once both directions have ended.</summary>
    internal void Forget(SpdyStream stream)
    {
        if (!stream.IsFinished)
            return;
        lock (_lock)
            _streams.Remove(stream.Id);
    }

    /// <returns>The streams that were open.</returns>
    private SpdyStream[] Break(IOException cause)
    {
        SpdyStream[] open;
        lock (_lock)
        {
            _broken ??= cause;
            open = [.. _streams.Values];
        }
        foreach (var stream in open)
            stream.FailWrites(cause);
        return open;
    }

    // ---- ending

    /// <summary>
    /// Ends in order: ends every stream, then waits for the peer to close (up to <paramref name="linger"/>), since a close while
    /// it still sends would make its kernel throw away what it has not yet read from us; then closes.
    /// </summary>
    public async ValueTask Close(TimeSpan linger, TimeProvider time)
    {
        SpdyStream[] open;
        lock (_lock)
            open = [.. _streams.Values];
        foreach (var stream in open)
            stream.Dispose();
        try
        {
            await Closed.WaitAsync(linger, time);
        }
        catch (TimeoutException)
        {
            Send(SpdyFrames.GoAway(0));
        }
        await DisposeAsync();
    }

    /// <summary>Closes at once.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        Break(new IOException("the connection was closed"));
        await _transport.DisposeAsync();
    }
}
