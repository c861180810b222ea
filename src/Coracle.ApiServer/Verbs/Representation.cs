using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Brings stored bytes into the form that the client accepts. Plain JSON, by far the most common, is sent as it is.</summary>
internal static class Representation
{
    public static ApiResponse Of(RequestContext ctx, StoredObject stored, int status = 200) => ctx.Accept.Transform switch
    {
        Transform.Table => Encoded(ctx, new BytesBody(Tables.OfOne(ctx, stored, withColumns: true)), status),
        Transform.PartialMetadata => Encoded(ctx, new BytesBody(PartialMetadata.OfOne(ctx, stored)), status),
        _ when ctx.Accept.Format == WireFormat.Protobuf => Protobuf(ctx, ProtobufEncoder.Encode(ctx.Resource.View(stored), ctx.Kind.Schema), status),
        _ => Encoded(ctx, new BytesBody(ctx.Resource.View(stored)), status),
    };

    /// <summary>Objects of the resource, as they are stored.</summary>
    public static ApiResponse OfList(RequestContext ctx, ListPage page) => ctx.Accept.Format == WireFormat.Protobuf
        ? new ApiResponse { ContentType = ctx.Accept.ContentType, Body = new PiecesBody(ProtobufAnswers.List(ctx, page)) }
        : Encoded(ctx, new PiecesBody(ListVerb.Pieces(ctx, page)));

    /// <summary>An answer that came as plain JSON, as Status objects do, in the encoding that the client accepts; others as they are.</summary>
    public static ApiResponse OfStatus(RequestContext ctx, ApiResponse response)
    {
        if (ctx.Accept.Format == WireFormat.Json || response is not { ContentType: "application/json", Body: BytesBody { Utf8.IsEmpty: false } body }) return response;
        var encoded = Encoded(ctx, body, response.Status);
        encoded.Headers.AddRange(response.Headers);
        return encoded;
    }

    /// <summary>A body of JSON in the encoding that the client accepts.</summary>
    public static ApiResponse Encoded(RequestContext ctx, ApiBody body, int status = 200)
    {
        if (ctx.Accept is { Format: WireFormat.Json, Pretty: false }) return new ApiResponse { Status = status, Body = body };
        var json = Join(body);
        if (ctx.Accept.Format == WireFormat.Protobuf)
            return ProtobufAnswers.Of(ctx, json) is { } encoded ? Protobuf(ctx, encoded, status) : new ApiResponse { Status = status, Body = new BytesBody(json) };
        var bytes = ctx.Accept.Format == WireFormat.Yaml ? System.Text.Encoding.UTF8.GetBytes(Yaml.Write(json)) : Indented(json.Span);
        return new ApiResponse { Status = status, ContentType = ctx.Accept.ContentType, Body = new BytesBody(bytes) };
    }

    private static ApiResponse Protobuf(RequestContext ctx, byte[] bytes, int status) => new() { Status = status, ContentType = ctx.Accept.ContentType, Body = new BytesBody(bytes) };

    private static ReadOnlyMemory<byte> Join(ApiBody body)
    {
        if (body is BytesBody bytes) return bytes.Utf8;
        var joined = new MemoryStream();
        foreach (var piece in ((PiecesBody)body).Pieces) joined.Write(piece.Span);
        return joined.GetBuffer().AsMemory(0, (int)joined.Length);
    }

    private static byte[] Indented(ReadOnlySpan<byte> json)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(json.Length * 2);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions with { Indented = true }))
            ApiJson.ParseTree(json)!.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
