using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Net.WebSockets;

namespace Coracle.Node.Streaming;

/// <summary>
/// Several byte streams on one WebSocket: each message begins with the number of its channel, as a byte or, with base64, as a digit.
/// With the close signal of v5, the message 255, n ends what the client writes on channel n; there is no signal for what we write.
/// </summary>
internal sealed class WebSocketChannels : IAsyncDisposable
{
    private const int message_bytes_max = 32 * 1024;
    private const int base64_message_bytes_max = 4 * 1024 * 1024;
    private readonly WebSocket _socket;
    private readonly StreamingProtocol _protocol;
    private readonly SemaphoreSlim _writing = new(0); // held at first; who waits first writes first
    private readonly WebSocketChannel[] _channels;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WebSocketChannels(WebSocket socket, StreamingProtocol protocol, int count)
    {
        (_socket, _protocol) = (socket, protocol);
        _channels = [.. Enumerable.Range(0, count).Select(n => new WebSocketChannel(this, n))];
    }

    /// <param name="transport">A connection after the upgrade; owned from then on.</param>
    /// <param name="quiet">We send nothing before it ends.</param>
    public static WebSocketChannels Start(Stream transport, StreamingProtocol protocol, int count, Task quiet)
    {
        var socket = WebSocket.CreateFromStream(transport, new WebSocketCreationOptions
        {
            IsServer = true,
            KeepAliveInterval = TimeSpan.FromSeconds(30),
        });
        var channels = new WebSocketChannels(socket, protocol, count);
        _ = channels.WriteAfter(quiet);
        _ = channels.ReadLoop();
        return channels;
    }

    private async Task WriteAfter(Task quiet)
    {
        await quiet;
        _writing.Release();
    }

    public DuplexStream this[int channel] => _channels[channel];

    /// <summary>Completes (never fails) when the peer or the transport has ended.</summary>
    public Task Closed => _closed.Task;

    internal async ValueTask Send(int channel, ReadOnlyMemory<byte> data)
    {
        do
        {
            var piece = data[..Math.Min(data.Length, message_bytes_max)];
            data = data[piece.Length..];
            await SendMessage(channel, piece);
        }
        while (!data.IsEmpty);
    }

    private async ValueTask SendMessage(int channel, ReadOnlyMemory<byte> data)
    {
        var message = ArrayPool<byte>.Shared.Rent(1 + Base64.GetMaxEncodedToUtf8Length(data.Length));
        try
        {
            var length = Encode(channel, data.Span, message);
            await _writing.WaitAsync();
            try
            {
                // One frame a message: some clients cannot put fragments together.
                await _socket.SendAsync(message.AsMemory(0, length),
                    _protocol.IsBase64 ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            }
            finally
            {
                _writing.Release();
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            throw new IOException("the connection was lost", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message);
        }
    }

    private int Encode(int channel, ReadOnlySpan<byte> data, Span<byte> message)
    {
        if (!_protocol.IsBase64)
        {
            message[0] = (byte)channel;
            data.CopyTo(message[1..]);
            return data.Length + 1;
        }
        message[0] = (byte)('0' + channel);
        Base64.EncodeToUtf8(data, message[1..], out _, out var written);
        return written + 1;
    }

    // ---- receiving

    private async Task ReadLoop()
    {
        IOException? end = null;
        try
        {
            var buffer = new byte[message_bytes_max];
            while (await ReadMessage(buffer)) { }
        }
        catch (Exception e)
        {
            end = new IOException("the connection was lost", e);
        }
        foreach (var channel in _channels)
            channel.EndIncoming(end);
        _closed.TrySetResult();
    }

    /// <returns>False when the client has closed.</returns>
    private async ValueTask<bool> ReadMessage(byte[] buffer)
    {
        var piece = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        if (piece.MessageType == WebSocketMessageType.Close)
            return false;
        if (piece.Count == 0 && piece.EndOfMessage)
            return true;
        if (piece.Count == 0)
            throw new IOException("a message whose channel is not in its first part");
        if (_protocol.IsBase64)
        {
            await ReadBase64(buffer, piece);
            return true;
        }
        if (_protocol.HasCloseSignal && buffer[0] == 255)
        {
            if (piece is not { Count: 2, EndOfMessage: true } || buffer[1] >= _channels.Length)
                throw new IOException("a close signal for no channel");
            _channels[buffer[1]].EndIncoming(null);
            return true;
        }
        var channel = buffer[0] < _channels.Length ? _channels[buffer[0]] : null;
        var from = 1;
        while (true)
        {
            if (channel is not null)
                await channel.OnReceived(buffer.AsMemory(from, piece.Count - from));
            if (piece.EndOfMessage)
                return true;
            piece = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            from = 0;
        }
    }

    /// <summary>Base64 can be decoded only as a whole: the message is put together first.</summary>
    private async ValueTask ReadBase64(byte[] buffer, ValueWebSocketReceiveResult piece)
    {
        var message = new ArrayBufferWriter<byte>();
        while (true)
        {
            message.Write(buffer.AsSpan(0, piece.Count));
            if (message.WrittenCount > base64_message_bytes_max)
                throw new IOException("a message that is too long");
            if (piece.EndOfMessage)
                break;
            piece = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        }
        var number = message.WrittenSpan[0] - '0';
        if (number < 0 || number >= _channels.Length)
            return;
        var data = new byte[Base64.GetMaxDecodedFromUtf8Length(message.WrittenCount)];
        if (Base64.DecodeFromUtf8(message.WrittenSpan[1..], data, out _, out var length) == OperationStatus.Done)
            await _channels[number].OnReceived(data.AsMemory(0, length));
    }

    // ---- ending

    /// <summary>Says goodbye after all that was sent, waits for the client's goodbye up to <paramref name="linger"/>, and closes.</summary>
    public async ValueTask Close(TimeSpan linger, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(linger, time);
        foreach (var channel in _channels)
            channel.Dispose(); // what still comes is thrown away, so that the goodbye is reached
        try
        {
            await _writing.WaitAsync(limit.Token);
            try
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            }
            finally
            {
                _writing.Release();
            }
            await Closed.WaitAsync(limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Then without.
        }
        await DisposeAsync();
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        foreach (var channel in _channels)
            channel.StopWaiting();
        return ValueTask.CompletedTask;
    }

    private sealed class WebSocketChannel(WebSocketChannels socket, int number) : DuplexStream
    {
        private readonly Pipe _incoming = new(new PipeOptions(pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024,
            useSynchronizationContext: false));

        private bool _incomingEnded; // the read loop's alone
        private volatile bool _writesCompleted;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            PipeReading.Read(_incoming.Reader, buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            ObjectDisposedException.ThrowIf(_writesCompleted, this);
            return socket.Send(number, buffer); // an empty message too: it tells a client that the session is up
        }

        /// <summary>There is no word for it on the wire: the client sees the end of the session.</summary>
        public override ValueTask CompleteWrites(CancellationToken cancel)
        {
            _writesCompleted = true;
            return ValueTask.CompletedTask;
        }

        public override void Abort() => Dispose();

        protected override void Dispose(bool disposing)
        {
            _writesCompleted = true;
            _incoming.Reader.CancelPendingRead();
            _incoming.Reader.Complete();
        }

        internal async ValueTask OnReceived(ReadOnlyMemory<byte> data)
        {
            if (!_incomingEnded && !data.IsEmpty)
                await _incoming.Writer.WriteAsync(data);
        }

        internal void EndIncoming(IOException? cause)
        {
            if (_incomingEnded)
                return;
            _incomingEnded = true;
            _incoming.Writer.Complete(cause);
        }

        /// <summary>Lets the read loop go on that waits for our reader.</summary>
        internal void StopWaiting() => _incoming.Writer.CancelPendingFlush();
    }
}
