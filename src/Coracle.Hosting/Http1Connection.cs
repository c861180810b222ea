using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Coracle.ApiServer;

namespace Coracle.Hosting;

/// <summary>
/// One connection to a server, for one request at a time, by HTTP/1.1. Headers go out one line for each value: what a front proxy says of a user's groups means nothing to the servers
/// behind it when it comes as one line, which is how .NET's own client sends it.
/// </summary>
/// <param name="socket">Connected.</param>
/// <param name="stream">Over the socket, with TLS.</param>
internal sealed class Http1Connection(Socket socket, Stream stream) : IDisposable
{
    private const int HeadBytesMax = 1024 * 1024;
    private const int LineBytesMax = 16 * 1024;

    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>Nothing has come while it was idle: neither an end nor what nobody asked for.</summary>
    public bool IsIdle => _start == _end && socket.Connected && !socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Sends a request and reads the head of the answer.</summary>
    /// <param name="release">Called when the answer has been read to its end and the connection is good for another request.</param>
    public async ValueTask<BackendAnswer> ExchangeAsync(BackendCall call, Action<Http1Connection> release, CancellationToken cancel)
    {
        await stream.WriteAsync(Head(call), cancel);
        await stream.FlushAsync(cancel);
        var sending = call.Body is { } body ? SendAsync(body, !HasLength(call)) : Task.CompletedTask;
        var (status, headers) = await ReadHeadAsync(cancel);
        while (status is >= 100 and < 200 and not 101) (status, headers) = await ReadHeadAsync(cancel);
        return new BackendAnswer(status, headers, new Http1Body(this, ModeOf(call, status, headers, out var length), length, ok =>
        {
            if (ok && sending.IsCompletedSuccessfully && !Says(headers, "Connection", "close")) release(this);
            else Dispose();
        }));
    }

    private static bool HasLength(BackendCall call) => call.Headers.Any(h => h.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase));

    private static byte[] Head(BackendCall call)
    {
        var head = new StringBuilder(1024);
        head.Append(CultureInfo.InvariantCulture, $"{call.Method} {call.Target} HTTP/1.1\r\nHost: {(call.Host.Length > 0 ? call.Host : call.Authority)}\r\n");
        foreach (var (name, value) in call.Headers)
            if (!name.Equals("Expect", StringComparison.OrdinalIgnoreCase) && (call.Body is not null || !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)))
                head.Append(OneLine(name)).Append(": ").Append(OneLine(value)).Append("\r\n");
        if (call.Body is not null && !HasLength(call)) head.Append("Transfer-Encoding: chunked\r\n");
        else if (call.Body is null && call.Method is "POST" or "PUT" or "PATCH") head.Append("Content-Length: 0\r\n");
        return Encoding.UTF8.GetBytes(head.Append("\r\n").ToString());
    }

    // A name of a user may hold anything; it must not become a header of its own.
    private static string OneLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') < 0 ? text : text.Replace('\r', ' ').Replace('\n', ' ');

    // Goes on beside the answer: a server may answer before it has read all.
    private async Task SendAsync(Stream body, bool chunked)
    {
        var buffer = new byte[16 * 1024];
        for (int read; (read = await body.ReadAsync(buffer)) > 0;)
        {
            if (chunked) await stream.WriteAsync(Encoding.ASCII.GetBytes(read.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            await stream.WriteAsync(buffer.AsMemory(0, read));
            if (chunked) await stream.WriteAsync("\r\n"u8.ToArray());
        }
        if (chunked) await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        await stream.FlushAsync();
    }

    private async ValueTask<(int Status, List<KeyValuePair<string, string>> Headers)> ReadHeadAsync(CancellationToken cancel)
    {
        var lines = new List<string>();
        for (var total = 0; ;)
        {
            var line = await ReadLineAsync(HeadBytesMax, cancel);
            if ((total += line.Length) > HeadBytesMax) throw new IOException("net/http: server response headers exceeded 1048576 bytes; aborted");
            if (line.Length > 0) lines.Add(line);
            else if (lines.Count > 0) break;
        }
        var parts = lines[0].Split(' ', 3);
        if (parts.Length < 2 || !parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal) || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            throw new IOException($"net/http: HTTP/1.x transport connection broken: malformed HTTP response {Schema.GoText.Quote(lines[0])}");
        var headers = new List<KeyValuePair<string, string>>(lines.Count);
        foreach (var line in lines.Skip(1))
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) headers.Add(new(line[..colon].Trim(), line[(colon + 1)..].Trim()));
        return (status, headers);
    }

    private static Http1Mode ModeOf(BackendCall call, int status, List<KeyValuePair<string, string>> headers, out long length)
    {
        length = 0;
        if (status == 101) return Http1Mode.Switched;
        if (call.Method == "HEAD" || status is 204 or 304) return Http1Mode.Counted;
        if (Says(headers, "Transfer-Encoding", "chunked")) return Http1Mode.Chunked;
        var told = headers.Find(h => h.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).Value;
        return long.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out length) ? Http1Mode.Counted : Http1Mode.ToTheEnd;
    }

    private static bool Says(List<KeyValuePair<string, string>> headers, string name, string word) =>
        headers.Exists(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase) && h.Value.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>A line without its end.</summary>
    public async ValueTask<string> ReadLineAsync(int max, CancellationToken cancel)
    {
        while (true)
        {
            var feed = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _start, feed).TrimEnd('\r');
                _start += feed + 1;
                return line;
            }
            if (_end - _start > max) throw new IOException("a line of the answer is too long");
            if (await FillAsync(cancel) == 0) throw new IOException(_start == _end ? "EOF" : "unexpected EOF");
        }
    }

    public ValueTask<string> ReadLineAsync(CancellationToken cancel) => ReadLineAsync(LineBytesMax, cancel);

    private async ValueTask<int> FillAsync(CancellationToken cancel)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancel);
        _end += read;
        return read;
    }

    /// <summary>What has come beyond the last line, then what comes.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancel)
    {
        if (_start == _end) return await stream.ReadAsync(into, cancel);
        var length = Math.Min(into.Length, _end - _start);
        _buffer.AsMemory(_start, length).CopyTo(into);
        _start += length;
        return length;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => stream.WriteAsync(bytes, cancel);
    public Task FlushAsync(CancellationToken cancel) => stream.FlushAsync(cancel);

    public void Dispose()
    {
        stream.Dispose();
        socket.Dispose();
    }
}
