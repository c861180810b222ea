using Coracle.Kinds;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Answers in protobuf, made of the JSON that other clients read.</summary>
internal static class ProtobufAnswers
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>An object that says of itself what it is; null when its kind is not known.</summary>
    public static byte[]? Of(RequestContext ctx, ReadOnlyMemory<byte> json)
    {
        var (apiVersion, kind) = (JsonPeek.Text(json.Span, "apiVersion") ?? "", JsonPeek.Text(json.Span, "kind") ?? "");
        return SchemaOf(ctx, apiVersion, kind) is { } schema ? ProtobufEncoder.Encode(json, schema) : null;
    }

    /// <summary>A list in pieces: its length has to be known at its beginning, but nothing needs to be in one piece for that.</summary>
    public static List<ReadOnlyMemory<byte>> List(RequestContext ctx, ListPage page)
    {
        var pieces = new List<ReadOnlyMemory<byte>> { default };
        var chunk = new ProtobufWriter(ChunkBytes * 2);
        ProtobufEncoder.EncodeField(chunk, 1, ApiJson.ToBytes(MetaOf(page)), ListMeta.Schema);
        long length = 0;
        foreach (var stored in page.Objects)
        {
            ProtobufEncoder.EncodeField(chunk, 2, ctx.Resource.View(stored), ctx.Kind.Schema);
            if (chunk.Length >= ChunkBytes) Cut();
        }
        Cut();
        var head = new ProtobufWriter();
        ProtobufEncoder.Head(head, ctx.Kind.ApiVersion, ctx.Kind.ListKind);
        head.Start(2, length);
        pieces[0] = head.ToArray();
        ProtobufEncoder.Tail(chunk);
        pieces.Add(chunk.ToArray());
        return pieces;

        void Cut()
        {
            length += chunk.Length;
            pieces.Add(chunk.ToArray());
            chunk.Clear();
        }
    }

    private static ListMeta MetaOf(ListPage page) => new()
    {
        ResourceVersion = page.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture), Continue = page.Continue ?? "", RemainingItemCount = page.Remaining,
    };

    private static SchemaNode? SchemaOf(RequestContext ctx, string apiVersion, string kind)
    {
        const string meta = "meta.k8s.io/";
        if (apiVersion.StartsWith(meta, StringComparison.Ordinal))
            return kind switch { "PartialObjectMetadata" => PartialObjectMetadata.Schema, "PartialObjectMetadataList" => PartialObjectMetadataList.Schema, _ => null };
        if (kind == "Status" && apiVersion == "v1") return Status.Schema;
        if (ctx.Kind.Kind == kind && ctx.Kind.ApiVersion == apiVersion) return ctx.Kind.Schema;
        foreach (var spoken in GeneratedKinds.OfSubresources)
            if (spoken.Kind == kind && spoken.ApiVersion == apiVersion)
                return spoken.Schema;
        return null;
    }
}
