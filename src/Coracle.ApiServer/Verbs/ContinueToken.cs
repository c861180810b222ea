using System.Buffers;
using System.Buffers.Text;
using Utf8 = System.Text.Encoding;
using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Where a paged list goes on: the revision of its snapshot and the first key of the next page. Same form as upstream's.</summary>
/// <param name="Revision">-1: of no particular revision, as of a token that was handed out when the snapshot had expired.</param>
internal sealed record ContinueToken(long Revision, string Start)
{
    public override string ToString()
    {
        var buffer = new ArrayBufferWriter<byte>(96);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("v"u8, "meta.k8s.io/v1"u8);
            writer.WriteNumber("rv"u8, Revision);
            writer.WriteString("start"u8, Start);
            writer.WriteEndObject();
        }
        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }

    public static ContinueToken? Parse(string token)
    {
        var utf8 = Utf8.UTF8.GetBytes(token.TrimEnd('='));
        if (!Base64Url.IsValid(utf8)) return null;
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromUtf8(utf8));
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("v", out var v) || v.ValueKind != JsonValueKind.String || v.GetString() != "meta.k8s.io/v1") return null;
            if (!root.TryGetProperty("rv", out var rv) || !rv.TryGetInt64(out var revision)) return null;
            return root.TryGetProperty("start", out var start) && start.ValueKind == JsonValueKind.String ? new(revision, start.GetString()!) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
