using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Coracle.Node.Streaming;

/// <summary>
/// Header blocks of SPDY/3: a count, then name and value each with its length (32 bits), the whole compressed with zlib, one
/// zlib stream a direction, with a preset dictionary. Names are in lower case; several values are joined by a zero byte.
/// </summary>
internal sealed class SpdyHeaderBlock
{
    private const int headers_max = 64;
    private const int header_bytes_max = 64 * 1024;
    private readonly InputQueue _input = new();
    private readonly DeflateStream _inflater;
    private bool _started;
    private bool _startedWriting;

    /// <remarks>
    /// .NET inflates with no preset dictionary. But a dictionary is nothing else than bytes that went before: so the raw
    /// deflate stream is given first a stored block (uncompressed, not final) that holds the dictionary, and what comes out for it
    /// is thrown away.
    /// </remarks>
    public SpdyHeaderBlock()
    {
        _inflater = new DeflateStream(_input, CompressionMode.Decompress);
        Span<byte> storedBlock = stackalloc byte[5];
        WriteStoredBlockHeader(storedBlock, Dictionary.Length);
        _input.Add(storedBlock);
        _input.Add(Dictionary);
        _inflater.ReadExactly(new byte[Dictionary.Length]);
    }

    /// <summary>
    /// Lays a block out for sending. We use zlib's stored blocks and no dictionary, as any zlib reader takes: the few short headers
    /// of these protocols are not worth compressing. An empty block follows, as a sync flush writes it: Go's inflater gives out what it has
    /// only then. The blocks must be sent in the order in which they are made.
    /// </summary>
    public byte[] Encode(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var pairs = new MemoryStream();
        WriteNumber(pairs, headers.Count);
        foreach (var (name, value) in headers)
        {
            WriteText(pairs, name.ToLowerInvariant());
            WriteText(pairs, value);
        }
        if (pairs.Length > ushort.MaxValue)
            throw new ArgumentException("headers larger than one block");
        var prefix = _startedWriting ? 0 : 2;
        var block = new byte[prefix + 5 + pairs.Length + 5];
        if (prefix > 0)
            (block[0], block[1]) = (0x78, 0x01); // zlib: deflate, 32 KB window, no dictionary
        WriteStoredBlockHeader(block.AsSpan(prefix), (int)pairs.Length);
        pairs.GetBuffer().AsSpan(0, (int)pairs.Length).CopyTo(block.AsSpan(prefix + 5));
        WriteStoredBlockHeader(block.AsSpan(block.Length - 5), 0);
        _startedWriting = true;
        return block;
    }

    /// <summary>Reads the next block; they must be given in the order in which they came. IOException when it is malformed.</summary>
    public IReadOnlyDictionary<string, string> Decode(ReadOnlySpan<byte> block)
    {
        try
        {
            if (!_started)
                block = block[ZlibHeaderLength(block)..];
            _started = true;
            _input.Add(block);
            return ReadPairs();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new IOException("a malformed header block", e);
        }
    }

    private Dictionary<string, string> ReadPairs()
    {
        var count = ReadNumber(headers_max);
        var headers = new Dictionary<string, string>(count, StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < count; i++)
            headers[ReadText()] = ReadText();
        return headers;
    }

    /// <summary>Two bytes, and four more that name the dictionary when one is used.</summary>
    private static int ZlibHeaderLength(ReadOnlySpan<byte> block)
    {
        if (block.Length < 2 || (block[0] & 0x0F) != 8 || BinaryPrimitives.ReadUInt16BigEndian(block) % 31 != 0)
            throw new InvalidDataException("no zlib header");
        if ((block[1] & 0x20) == 0)
            return 2;
        return block.Length >= 6 && BinaryPrimitives.ReadUInt32BigEndian(block[2..]) == DictionaryAdler32
            ? 6 : throw new InvalidDataException("another dictionary");
    }

    private int ReadNumber(int max)
    {
        Span<byte> number = stackalloc byte[4];
        _inflater.ReadExactly(number);
        var value = BinaryPrimitives.ReadUInt32BigEndian(number);
        return value <= max ? (int)value : throw new InvalidDataException("a header block that is too large");
    }

    private string ReadText()
    {
        var bytes = new byte[ReadNumber(header_bytes_max)];
        _inflater.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static void WriteNumber(Stream to, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        to.Write(bytes);
    }

    private static void WriteText(Stream to, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteNumber(to, bytes.Length);
        to.Write(bytes);
    }

    private static void WriteStoredBlockHeader(Span<byte> into, int length)
    {
        into[0] = 0; // not final, stored
        BinaryPrimitives.WriteUInt16LittleEndian(into[1..], (ushort)length);
        BinaryPrimitives.WriteUInt16LittleEndian(into[3..], (ushort)~length);
    }

    internal const uint DictionaryAdler32 = 0xe3c6a7c2;

    /// <summary>The dictionary of SPDY/3: words with their lengths, then text without.</summary>
    internal static readonly byte[] Dictionary = MakeDictionary();

    private static byte[] MakeDictionary()
    {
        string[] words =
        [
            "options", "head", "post", "put", "delete", "trace", "accept", "accept-charset", "accept-encoding", "accept-language",
            "accept-ranges", "age", "allow", "authorization", "cache-control", "connection", "content-base", "content-encoding",
            "content-language", "content-length", "content-location", "content-md5", "content-range", "content-type", "date", "etag",
            "expect", "expires", "from", "host", "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since",
            "last-modified", "location", "max-forwards", "pragma", "proxy-authenticate", "proxy-authorization", "range", "referer",
            "retry-after", "server", "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "vary", "via", "warning",
            "www-authenticate", "method", "get", "status", "200 OK", "version", "HTTP/1.1", "url", "public", "set-cookie",
            "keep-alive", "origin",
        ];
        const string text =
            "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information"
            + "204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error"
            + "501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, "
            + "Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,"
            + "text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";
        var dictionary = new MemoryStream();
        foreach (var word in words)
            WriteText(dictionary, word);
        dictionary.Write(Encoding.ASCII.GetBytes(text));
        return dictionary.ToArray();
    }

    /// <summary>Compressed bytes that wait for the inflater. It is never told of an end: to want more than there is means a malformed block.</summary>
    private sealed class InputQueue : Stream
    {
        private byte[] _waiting = [];

        public void Add(ReadOnlySpan<byte> bytes) => _waiting = [.. _waiting, .. bytes];

        public override int Read(Span<byte> buffer)
        {
            if (_waiting.Length == 0)
                throw new InvalidDataException("a header block that ends too soon");
            var length = Math.Min(buffer.Length, _waiting.Length);
            _waiting.AsSpan(0, length).CopyTo(buffer);
            _waiting = _waiting[length..];
            return length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
