using System.Buffers;
using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>GET of a collection: pieces of a snapshot, in key order.</summary>
internal static class ListVerb
{
    public static async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        var options = ListOptions.Parse(ctx);
        if (options.Failed) return ApiResponse.Of(options.Error);
        var page = await ListPage.Take(ctx, options.Value);
        if (page.Failed) return ApiResponse.Of(page.Error);
        return ctx.Accept.Transform switch
        {
            Transform.Table => Tables.OfList(ctx, page.Value),
            Transform.PartialMetadata => PartialMetadata.OfList(ctx, page.Value),
            _ => Representation.OfList(ctx, page.Value),
        };
    }

    public static List<ReadOnlyMemory<byte>> Pieces(RequestContext ctx, ListPage page)
    {
        var pieces = new List<ReadOnlyMemory<byte>>(page.Objects.Count * 2 + 2) { Head(ctx.Kind.ListKind, ctx.Kind.ApiVersion, page) };
        var separator = CommaBrace;
        for (var i = 0; i < page.Objects.Count; i++)
        {
            var (json, withoutBrace) = ctx.Resource.ListItem(page.Objects[i]);
            separator = (i == 0, withoutBrace) switch { (true, true) => Brace, (false, true) => CommaBrace, (false, false) => Comma, _ => ReadOnlyMemory<byte>.Empty };
            if (!separator.IsEmpty) pieces.Add(separator);
            pieces.Add(json);
        }
        pieces.Add(Tail);
        return pieces;
    }

    private static readonly ReadOnlyMemory<byte> Brace = "{"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Comma = ","u8.ToArray();
    private static readonly ReadOnlyMemory<byte> CommaBrace = ",{"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Tail = "]}\n"u8.ToArray();

    /// <summary>{"kind":"PodList","apiVersion":"v1","metadata":{...},"items":[</summary>
    public static byte[] Head(string kind, string apiVersion, ListPage page)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, kind);
            writer.WriteString("apiVersion"u8, apiVersion);
            WriteMeta(writer, page);
            writer.WriteStartArray("items"u8);
            writer.Flush();
        }
        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteMeta(Utf8JsonWriter writer, ListPage page)
    {
        writer.WriteStartObject("metadata"u8);
        writer.WriteString("resourceVersion"u8, page.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (page.Continue is not null) writer.WriteString("continue"u8, page.Continue);
        if (page.Remaining is { } remaining) writer.WriteNumber("remainingItemCount"u8, remaining);
        writer.WriteEndObject();
    }
}
