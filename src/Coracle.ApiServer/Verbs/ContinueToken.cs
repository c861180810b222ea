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

    public static Result<ContinueToken> Parse(string token)
    {
        var utf8 = Utf8.UTF8.GetBytes(token);
        var bytes = new byte[Base64Url.GetMaxDecodedLength(utf8.Length)];
        if (utf8.Contains((byte)'=') || Base64Url.DecodeFromUtf8(utf8, bytes, out _, out var length) != OperationStatus.Done)
            return Refused($": illegal base64 data at input byte {FirstBadByte(utf8)}");
        try
        {
            using var document = JsonDocument.Parse(bytes.AsMemory(0, length));
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Refused(": the token is not JSON");
        }
    }

    private static Result<ContinueToken> Read(JsonElement root)
    {
        var version = root.TryGetProperty("v"u8, out var v) ? v.GetString() ?? "" : "";
        if (version != "meta.k8s.io/v1") return Refused($": server does not recognize this encoded version {version}");
        var revision = root.TryGetProperty("rv"u8, out var rv) && rv.TryGetInt64(out var number) ? number : 0;
        if (revision == 0) return Refused(": incorrect encoded start resourceVersion (version meta.k8s.io/v1)");
        var start = root.TryGetProperty("start"u8, out var s) ? s.GetString() ?? "" : "";
        return start.Length > 0 ? new ContinueToken(revision, start) : Refused(": encoded start key empty (version meta.k8s.io/v1)");
    }

    private static ApiStatus Refused(string why) => ApiStatus.BadRequest($"invalid continue token: continue key is not valid{why}");

    private static int FirstBadByte(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOfAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);
        return at < 0 ? text.Length : at;
    }
}
