using System.Globalization;
using System.Text;

namespace Coracle.Node.Streaming;

/// <summary>The client side of an HTTP/1.1 upgrade, on a connection of one's own.</summary>
public static class HttpUpgrade
{
    private const int head_bytes_max = 16 * 1024;

    /// <summary>Asks to go over to SPDY/3.1. IOException, with what the server said, when it does not.</summary>
    /// <param name="connection">Connected, with TLS if there is to be any. On failure it stays the caller's to dispose.</param>
    /// <param name="protocols">Subprotocols, the preferred first.</param>
    /// <param name="headers">Further request headers, such as an authorization.</param>
    /// <returns>The stream after the upgrade, and the subprotocol that the server chose.</returns>
    public static async Task<(Stream Upgraded, string Protocol)> ToSpdy(Stream connection, Uri url, IEnumerable<string> protocols,
        IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancel)
    {
        var request = new StringBuilder();
        request.Append(CultureInfo.InvariantCulture, $"POST {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\n");
        request.Append("Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0\r\n");
        foreach (var protocol in protocols)
            request.Append(CultureInfo.InvariantCulture, $"X-Stream-Protocol-Version: {protocol}\r\n");
        foreach (var (name, value) in headers)
            request.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        request.Append("\r\n");
        await connection.WriteAsync(Encoding.ASCII.GetBytes(request.ToString()), cancel);
        await connection.FlushAsync(cancel);

        var (head, rest) = await ReadHead(connection, cancel);
        var lines = head.Split("\r\n");
        if (!lines[0].StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
            throw new IOException($"unable to upgrade connection: {await Refusal(lines, rest, connection, cancel)}");
        return (rest.Length == 0 ? connection : new PrefixedStream(rest, connection), Header(lines, "X-Stream-Protocol-Version") ?? "");
    }

    private static async Task<(string Head, byte[] Remainder)> ReadHead(Stream connection, CancellationToken cancel)
    {
        var buffer = new byte[head_bytes_max];
        var length = 0;
        while (length < buffer.Length)
        {
            var got = await connection.ReadAsync(buffer.AsMemory(length), cancel);
            if (got == 0)
                throw new IOException("the connection ended before an answer");
            length += got;
            var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return (Encoding.ASCII.GetString(buffer, 0, end), buffer[(end + 4)..length]);
        }
        throw new IOException($"the head of the answer is longer than {head_bytes_max} bytes");
    }

    /// <summary>What the server says of it: its body, when it is short and whole; else its status line.</summary>
    private static async Task<string> Refusal(string[] lines, byte[] rest, Stream connection, CancellationToken cancel)
    {
        if (!int.TryParse(Header(lines, "Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length is 0 or > head_bytes_max)
            return lines[0];
        var body = new byte[length];
        var have = Math.Min(length, rest.Length);
        rest.AsSpan(0, have).CopyTo(body);
        await connection.ReadAtLeastAsync(body.AsMemory(have), length - have, throwOnEndOfStream: false, cancel);
        return $"{lines[0]}: {Encoding.UTF8.GetString(body).Trim()}";
    }

    private static string? Header(string[] lines, string name)
    {
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':');
            if (colon > 0 && line.AsSpan(0, colon).Equals(name, StringComparison.OrdinalIgnoreCase))
                return line[(colon + 1)..].Trim();
        }
        return null;
    }

    /// <summary>Gives back what was read too much, then the connection.</summary>
    private sealed class PrefixedStream(byte[] prefix, Stream connection) : Stream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_prefix.IsEmpty)
                return await connection.ReadAsync(buffer, cancellationToken);
            var length = Math.Min(buffer.Length, _prefix.Length);
            _prefix[..length].CopyTo(buffer);
            _prefix = _prefix[length..];
            return length;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            connection.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);
        public override ValueTask DisposeAsync() => connection.DisposeAsync();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                connection.Dispose();
        }

        public override bool CanRead => true;
        public override bool CanWrite => true;
        public override bool CanSeek => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
