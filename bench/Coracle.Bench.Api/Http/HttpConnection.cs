using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Coracle.Bench.Http;

/// <summary>
/// One HTTP/1.1 connection that sends a request and reads its answer, and nothing more: it shares the machine with the server that is measured, so it
/// allocates nothing for each request. Used by one task at a time.
/// </summary>
internal sealed class HttpConnection : IAsyncDisposable
{
    private const int HeadBytesMax = 32 * 1024;
    private const int InputBytes = 64 * 1024;

    private readonly Stream _stream;
    private readonly byte[] _input = ArrayPool<byte>.Shared.Rent(InputBytes);
    private int _start;
    private int _end;
    private BodyFraming _framing = BodyFraming.Empty;

    private HttpConnection(Stream stream) => _stream = stream;

    /// <summary>The status of the last answer.</summary>
    public int Status { get; private set; }

    public static async ValueTask<HttpConnection> OpenAsync(Endpoint endpoint, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint.Address, cancel);
            var plain = new NetworkStream(socket, ownsSocket: true);
            if (!endpoint.UsesTls) return new(plain);
            var tls = new SslStream(plain);
            await tls.AuthenticateAsClientAsync(endpoint.Tls(), cancel);
            return new(tls);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException)
        {
            socket.Dispose();
            throw new BenchException($"no connection to {endpoint.Host}: {e.Message}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a whole request and reads the head of its answer; the body is then read by <see cref="NextAsync"/>.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        await _stream.WriteAsync(request, cancel);
        await ReadHead(cancel);
    }

    /// <summary>Sends a request and reads its whole answer; returns the length of the body, which is dropped.</summary>
    public async ValueTask<long> ExchangeAsync(ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        await SendAsync(request, cancel);
        long length = 0;
        while (await NextAsync(cancel) is { IsEmpty: false } piece) length += piece.Length;
        return length;
    }

    /// <summary>Sends a request and keeps the body of its answer.</summary>
    public async ValueTask<byte[]> ReadAsync(ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        await SendAsync(request, cancel);
        var body = new MemoryStream();
        while (await NextAsync(cancel) is { IsEmpty: false } piece) body.Write(piece.Span);
        return body.ToArray();
    }

    /// <summary>The next piece of the body, valid until the next call; empty at its end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (skipped, length) = _framing.Next(_input.AsSpan(_start, _end - _start));
            _start += skipped;
            if (length > 0)
            {
                var piece = _input.AsMemory(_start, length);
                _start += length;
                return piece;
            }
            if (_framing.IsDone) return default;
            await Fill(cancel);
        }
    }

    private async ValueTask ReadHead(CancellationToken cancel)
    {
        int length;
        while ((length = _input.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (_end - _start > HeadBytesMax) throw new BenchException("the head of an answer is too long");
            await Fill(cancel);
        }
        var head = _input.AsSpan(_start, length + 2);
        (Status, _framing) = AnswerHead.Parse(head);
        _start += length + 4;
    }

    private async ValueTask Fill(CancellationToken cancel)
    {
        if (_start == _end) _start = _end = 0;
        else if (_end == _input.Length)
        {
            _input.AsSpan(_start, _end - _start).CopyTo(_input);
            (_start, _end) = (0, _end - _start);
        }
        var read = await _stream.ReadAsync(_input.AsMemory(_end), cancel);
        if (read == 0) throw new EndOfStreamException("the server closed the connection");
        _end += read;
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        ArrayPool<byte>.Shared.Return(_input);
    }
}
