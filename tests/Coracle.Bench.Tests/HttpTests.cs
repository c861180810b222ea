using System.Text;
using Coracle.Bench.Http;

namespace Coracle.Bench.Tests;

public sealed class HttpTests
{
    /// <summary>The body, whatever the pieces in which it arrives.</summary>
    private static string Body(BodyFraming framing, string input, int pieceLength)
    {
        var bytes = Encoding.UTF8.GetBytes(input);
        var body = new StringBuilder();
        var (start, end) = (0, 0);
        while (!framing.IsDone)
        {
            var (skipped, length) = framing.Next(bytes.AsSpan(start, end - start));
            start += skipped;
            body.Append(Encoding.UTF8.GetString(bytes, start, length));
            start += length;
            if (length > 0 || framing.IsDone) continue;
            Assert.True(end < bytes.Length, "more was asked for than there is");
            end = Math.Min(bytes.Length, end + pieceLength);
        }
        return body.ToString();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Chunks_are_joined_wherever_the_pieces_are_cut(int pieceLength) =>
        Assert.Equal("hello, world of chunks", Body(BodyFraming.Chunked(), "5\r\nhello\r\nB\r\n, world of \r\n6\r\nchunks\r\n0\r\n\r\n", pieceLength));

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void A_body_of_known_length_ends_there(int pieceLength) => Assert.Equal("hello", Body(BodyFraming.OfLength(5), "helloHTTP/1.1 200 OK", pieceLength));

    [Fact]
    public void A_chunk_without_a_length_is_an_error_that_says_so()
    {
        var e = Assert.Throws<BenchException>(() => Body(BodyFraming.Chunked(), "what\r\n", 100));
        Assert.Contains("chunk", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_head_says_the_status_and_how_the_body_ends()
    {
        var (status, framing) = AnswerHead.Parse("HTTP/1.1 201 Created\r\ncontent-type: application/json\r\nContent-Length: 5\r\n"u8);
        Assert.Equal(201, status);
        Assert.Equal("hello", Body(framing, "hello", 5));
        (status, framing) = AnswerHead.Parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n"u8);
        Assert.Equal(200, status);
        Assert.Equal("hello", Body(framing, "5\r\nhello\r\n0\r\n\r\n", 5));
        Assert.True(AnswerHead.Parse("HTTP/1.1 204 No Content\r\n"u8).Framing.IsDone);
        Assert.Throws<BenchException>(() => AnswerHead.Parse("SSH-2.0-OpenSSH\r\n"u8));
        Assert.Throws<BenchException>(() => AnswerHead.Parse("HTTP/1.1 200 OK\r\nX: y\r\n"u8));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10_000)]
    public void Every_line_is_counted_and_its_stamp_read_wherever_the_pieces_are_cut(int pieceLength)
    {
        var text = string.Concat(Enumerable.Range(0, 50).Select(i =>
            $$$"""{"type":"MODIFIED","object":{"metadata":{"annotations":{"a.bench/sent":"{{{1000 + i}}}","z":"{{{new string('x', 3000)}}}"} } } }""" + "\n"));
        var bytes = Encoding.UTF8.GetBytes(text + "{\"type\":\"BOOKMARK\"}\n{\"unfinished");
        var scan = new LineScan(PodText.StampMarker);
        var stamps = new List<long>();
        for (var at = 0; at < bytes.Length; at += pieceLength) scan.Take(bytes.AsSpan(at, Math.Min(pieceLength, bytes.Length - at)), stamps, static (list, stamp) => list.Add(stamp));
        Assert.Equal(51, scan.Lines);
        Assert.Equal(Enumerable.Range(1000, 50).Select(i => (long)i), stamps);
    }
}
