using System.Buffers.Text;

namespace Coracle.Bench.Http;

/// <summary>What matters of the head of an answer: its status, and how its body ends.</summary>
internal static class AnswerHead
{
    /// <param name="head">From "HTTP/1.1" to the line break of the last header.</param>
    public static (int Status, BodyFraming Framing) Parse(ReadOnlySpan<byte> head)
    {
        if (head.Length < 12 || !head.StartsWith("HTTP/1."u8) || !Utf8Parser.TryParse(head[9..12], out int status, out _)) throw new BenchException("the answer is not HTTP/1.1");
        var framing = status is 204 or 304 ? BodyFraming.Empty : null;
        for (var rest = head[(head.IndexOf("\r\n"u8) + 2)..]; framing is null && !rest.IsEmpty;)
        {
            var end = rest.IndexOf("\r\n"u8);
            framing = Framing(rest[..end]);
            rest = rest[(end + 2)..];
        }
        return (status, framing ?? throw new BenchException("the answer says neither its length nor that it comes in chunks"));
    }

    private static BodyFraming? Framing(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 0) return null;
        var name = line[..colon];
        var value = line[(colon + 1)..].Trim((byte)' ');
        if (System.Text.Ascii.EqualsIgnoreCase(name, "content-length"u8) && Utf8Parser.TryParse(value, out long length, out _)) return BodyFraming.OfLength(length);
        return System.Text.Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8) && System.Text.Ascii.EqualsIgnoreCase(value, "chunked"u8) ? BodyFraming.Chunked() : null;
    }
}
