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

    public static async Task Send(HttpContext http, ApiResponse answer, CancellationToken cancel)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) response.Headers.Append(name, value);
        if (answer.Body is UpgradeBody upgrade)
        {
            await Upgrades.Run(http, upgrade, cancel);
            return;
        }
        if (response.Headers.CacheControl.Count == 0) response.Headers.CacheControl = "no-cache, private";
        if (answer.Status == StatusCodes.Status304NotModified) return;
        response.ContentType = answer.ContentType;
        if (HttpMethods.IsHead(http.Request.Method)) return;
        switch (answer.Body)
        {
            case BytesBody bytes when bytes.Utf8.Length >= GzipFromBytes && AcceptsGzip(http) && response.Headers.ContentEncoding.Count == 0: await Compressed(response, [bytes.Utf8], cancel); break;
            case BytesBody bytes:
                response.ContentLength = bytes.Utf8.Length;
                await response.BodyWriter.WriteAsync(bytes.Utf8, cancel);
                break;
            case PiecesBody pieces: await SendPieces(http, pieces.Pieces, cancel); break;
            case WatchBody watch: await SendWatch(http, watch.Stream, cancel); break;
            case StreamBody stream: await SendStream(http, stream.Content, cancel); break;
        }
    }

    private static bool AcceptsGzip(HttpContext http) => http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal);

    private static async Task SendPieces(HttpContext http, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancel)
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
        var pending = 0;
        foreach (var piece in pieces)
        {
            writer.Write(piece.Span);
            pending += piece.Length;
            if (pending < FlushBytes) continue;
            await writer.FlushAsync(cancel);
            pending = 0;
        }
        await writer.FlushAsync(cancel);
    }

    private static async Task Compressed(HttpResponse response, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancel)
    {
        response.Headers.ContentEncoding = "gzip";
        response.Headers.Append("Vary", "Accept-Encoding");
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        foreach (var piece in pieces) await gzip.WriteAsync(piece, cancel);
    }

    private static async Task SendWatch(HttpContext http, WatchStream watch, CancellationToken cancel)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var writer = http.Response.BodyWriter;
        await writer.FlushAsync(cancel);
        while (await watch.WaitAsync(cancel))
        {
            var pending = 0;
            while (watch.TryTake(out var frame))
            {
                pending += WriteFrame(writer, frame);
                if (pending < FlushBytes) continue;
                await writer.FlushAsync(cancel);
                pending = 0;
            }
            if (pending > 0) await writer.FlushAsync(cancel);
        }
    }

    private static int WriteFrame(PipeWriter writer, in WatchFrame frame)
    {
        var type = frame.Type;
        writer.Write("{\"type\":\""u8);
        System.Text.EncodingExtensions.GetBytes(System.Text.Encoding.ASCII, type, writer);
        writer.Write("\",\"object\":"u8);
        writer.Write(frame.Object.Span);
        writer.Write("}\n"u8);
        return frame.Object.Length + type.Length + 24;
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
