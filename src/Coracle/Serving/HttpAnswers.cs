using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using Coracle.ApiServer;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Coracle.Serving;

/// <summary>Sends answers over HTTP.</summary>
internal static class HttpAnswers
{
    /// <summary>Answers of at least this size are compressed for clients that accept gzip, as upstream does.</summary>
    private const int GzipFromBytes = 128 * 1024;
    private const int FlushBytes = 64 * 1024;

    /// <summary>Sends an answer, unless the client does not take it.</summary>
    /// <param name="http">The request that is answered.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="stallMax">How long a client may take nothing before its connection is given up.</param>
    public static async Task Send(HttpContext http, ApiResponse answer, TimeSpan stallMax, CancellationToken cancel)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) response.Headers.Append(name, value);
        if (answer.Flow is { } flow)
        {
            response.Headers[FlowStamp.SchemaHeader] = flow.SchemaUid;
            response.Headers[FlowStamp.LevelHeader] = flow.LevelUid;
        }
        if (answer.Body is UpgradeBody upgrade)
        {
            await Upgrades.Run(http, upgrade, cancel);
            return;
        }
        if (response.Headers.CacheControl.Count == 0) response.Headers.CacheControl = "no-cache, private";
        if (answer.Status is StatusCodes.Status304NotModified or StatusCodes.Status204NoContent)
        {
            if (answer.Body is ProxiedBody nothing) await nothing.Content.DisposeAsync();
            return;
        }
        if (answer.ContentType.Length > 0) response.ContentType = answer.ContentType;
        if (HttpMethods.IsHead(http.Request.Method))
        {
            if (answer.Body is ProxiedBody none) await none.Content.DisposeAsync();
            return;
        }
        switch (answer.Body)
        {
            case BytesBody bytes when bytes.Utf8.Length >= GzipFromBytes && AcceptsGzip(http) && response.Headers.ContentEncoding.Count == 0: await Compressed(response, [bytes.Utf8], cancel); break;
            case BytesBody bytes:
                response.ContentLength = bytes.Utf8.Length;
                await Taken(http, response.BodyWriter.WriteAsync(bytes.Utf8, cancel), stallMax);
                break;
            case PiecesBody pieces: await SendPieces(http, pieces.Pieces, stallMax, cancel); break;
            case WatchBody watch: await SendWatch(http, watch, stallMax, cancel); break;
            case ProxiedBody proxied: await SendStream(http, proxied.Content, cancel); break;
            case StreamBody stream: await SendStream(http, stream.Content, cancel); break;
        }
    }

    private static bool AcceptsGzip(HttpContext http) => http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal);

    private static async Task SendPieces(HttpContext http, IReadOnlyList<ReadOnlyMemory<byte>> pieces, TimeSpan stallMax, CancellationToken cancel)
    {
        long length = 0;
        foreach (var piece in pieces) length += piece.Length;
        if (length >= GzipFromBytes && AcceptsGzip(http))
        {
            await Compressed(http.Response, pieces, cancel);
            return;
        }
        http.Response.ContentLength = length;
        var writer = http.Response.BodyWriter;
        var (buffer, filled) = (Memory<byte>.Empty, 0);
        foreach (var piece in pieces)
        {
            for (var rest = piece; !rest.IsEmpty;)
            {
                if (filled == buffer.Length)
                {
                    await Flush(http, writer, filled, stallMax, cancel);
                    // A buffer of this size is encrypted and sent as a whole, where the small ones that the writer would take go one by one.
                    (buffer, filled) = (writer.GetMemory((int)Math.Min(length, FlushBytes)), 0);
                }
                var count = Math.Min(rest.Length, buffer.Length - filled);
                rest.Span[..count].CopyTo(buffer.Span[filled..]);
                (filled, length, rest) = (filled + count, length - count, rest[count..]);
            }
        }
        await Flush(http, writer, filled, stallMax, cancel);
    }

    private static ValueTask Flush(HttpContext http, PipeWriter writer, int filled, TimeSpan stallMax, CancellationToken cancel)
    {
        if (filled == 0) return default;
        writer.Advance(filled);
        return Taken(http, writer.FlushAsync(cancel), stallMax);
    }

    // Bytes that a client does not take stay in memory for it, and so do all events after the one that a watch is stuck at.
    private static async ValueTask Taken(HttpContext http, ValueTask<FlushResult> flush, TimeSpan stallMax)
    {
        if (flush.IsCompleted)
        {
            await flush;
            return;
        }
        try
        {
            await flush.AsTask().WaitAsync(stallMax);
        }
        catch (TimeoutException)
        {
            http.Abort();
            throw new OperationCanceledException("the client takes nothing", http.RequestAborted);
        }
    }

    private static async Task Compressed(HttpResponse response, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancel)
    {
        response.Headers.ContentEncoding = "gzip";
        response.Headers.Append("Vary", "Accept-Encoding");
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        foreach (var piece in pieces) await gzip.WriteAsync(piece, cancel);
    }

    private static async Task SendWatch(HttpContext http, WatchBody body, TimeSpan stallMax, CancellationToken cancel)
    {
        var (watch, isProtobuf) = body;
        using (watch)
        {
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            var writer = http.Response.BodyWriter;
            await writer.FlushAsync(cancel);
            var frames = new List<WatchFrame>();
            while (await watch.WaitAsync(cancel))
                while (TakeFrames(watch, isProtobuf, frames) is var length and > 0)
                    await Flush(http, writer, WriteFrames(writer.GetSpan(length), isProtobuf, frames), stallMax, cancel);
        }
    }

    // What is there goes out in one piece: one record of TLS and one call of the kernel for many events.
    private static int TakeFrames(WatchStream watch, bool isProtobuf, List<WatchFrame> frames)
    {
        frames.Clear();
        var length = 0;
        while (length < FlushBytes && watch.TryTake(out var frame))
        {
            frames.Add(frame);
            length += isProtobuf ? ProtobufFrame.Size(frame) : FrameStart.Length + frame.Type.Length + FrameMiddle.Length + frame.Object.Length + FrameEnd.Length;
        }
        return length;
    }

    private static ReadOnlySpan<byte> FrameStart => "{\"type\":\""u8;
    private static ReadOnlySpan<byte> FrameMiddle => "\",\"object\":"u8;
    private static ReadOnlySpan<byte> FrameEnd => "}\n"u8;

    private static int WriteFrames(Span<byte> buffer, bool isProtobuf, List<WatchFrame> frames)
    {
        var at = 0;
        foreach (var frame in frames) at += isProtobuf ? ProtobufFrame.Write(buffer[at..], frame) : WriteFrame(buffer[at..], frame);
        return at;
    }

    private static int WriteFrame(Span<byte> buffer, in WatchFrame frame)
    {
        var at = Put(FrameStart, buffer);
        at += System.Text.Encoding.ASCII.GetBytes(frame.Type, buffer[at..]);
        at += Put(FrameMiddle, buffer[at..]);
        at += Put(frame.Object.Span, buffer[at..]);
        return at + Put(FrameEnd, buffer[at..]);
    }

    private static int Put(ReadOnlySpan<byte> bytes, Span<byte> into)
    {
        bytes.CopyTo(into);
        return bytes.Length;
    }

    private static async Task SendStream(HttpContext http, Stream content, CancellationToken cancel)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await using (content)
        {
            await http.Response.BodyWriter.FlushAsync(cancel);
            var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
            try
            {
                for (int read; (read = await content.ReadAsync(buffer, cancel)) > 0;)
                {
                    await http.Response.Body.WriteAsync(buffer.AsMemory(0, read), cancel);
                    await http.Response.Body.FlushAsync(cancel);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
