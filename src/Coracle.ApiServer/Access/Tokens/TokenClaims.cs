using System.Buffers;
using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>An object that a token refers to, by name and uid.</summary>
public sealed record TokenReference(string Name, string Uid);

/// <summary>What a service account token says (upstream: pkg/serviceaccount/claims.go). Times are in seconds since 1970, as in the token.</summary>
public sealed record TokenClaims
{
    public string Issuer { get; init; } = "";
    public string Subject { get; init; } = "";
    public IReadOnlyList<string> Audiences { get; init; } = [];
    public long? IssuedAt { get; init; }
    public long? NotBefore { get; init; }
    public long? Expiry { get; init; }

    /// <summary>The token's own id ("jti").</summary>
    public string Id { get; init; } = "";

    public string Namespace { get; init; } = "";
    public TokenReference ServiceAccount { get; init; } = new("", "");
    public TokenReference? Pod { get; init; }
    public TokenReference? Secret { get; init; }
    public TokenReference? Node { get; init; }

    /// <summary>From when on the use of a token of extended life is worth a warning: its holder should have read a newer one.</summary>
    public long? WarnAfter { get; init; }

    /// <summary>The claims as JSON, keys in order, as upstream writes them.</summary>
    internal byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(640);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("aud");
            foreach (var audience in Audiences)
                writer.WriteStringValue(audience);
            writer.WriteEndArray();
            WriteTime(writer, "exp", Expiry);
            WriteTime(writer, "iat", IssuedAt);
            writer.WriteString("iss", Issuer);
            if (Id.Length > 0)
                writer.WriteString("jti", Id);
            WriteKubernetes(writer);
            WriteTime(writer, "nbf", NotBefore);
            writer.WriteString("sub", Subject);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads claims; null when the JSON is not of their shape.</summary>
    internal static TokenClaims? Read(JsonElement payload)
    {
        if (payload.ValueKind != JsonValueKind.Object || ReadAudiences(payload) is not { } audiences)
            return null;
        var kubernetes = payload.At("kubernetes.io") ?? default;
        if (!TryReadTime(payload, "iat", out var issuedAt) || !TryReadTime(payload, "nbf", out var notBefore) || !TryReadTime(payload, "exp", out var expiry)
            || !TryReadTime(kubernetes, "warnafter", out var warnAfter))
            return null;
        return new TokenClaims
        {
            Issuer = payload.Text("iss"), Subject = payload.Text("sub"), Audiences = audiences, IssuedAt = issuedAt, NotBefore = notBefore, Expiry = expiry, Id = payload.Text("jti"),
            Namespace = kubernetes.Text("namespace"), ServiceAccount = ReadReference(kubernetes, "serviceaccount") ?? new("", ""), Pod = ReadReference(kubernetes, "pod"),
            Secret = ReadReference(kubernetes, "secret"), Node = ReadReference(kubernetes, "node"), WarnAfter = warnAfter,
        };
    }

    private void WriteKubernetes(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("kubernetes.io");
        writer.WriteString("namespace", Namespace);
        WriteReference(writer, "node", Node);
        WriteReference(writer, "pod", Pod);
        WriteReference(writer, "secret", Secret);
        WriteReference(writer, "serviceaccount", ServiceAccount);
        WriteTime(writer, "warnafter", WarnAfter);
        writer.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter writer, string name, TokenReference? reference)
    {
        if (reference is null)
            return;
        writer.WriteStartObject(name);
        writer.WriteString("name", reference.Name);
        if (reference.Uid.Length > 0)
            writer.WriteString("uid", reference.Uid);
        writer.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, long? time)
    {
        if (time is { } seconds)
            writer.WriteNumber(name, seconds);
    }

    /// <summary>One audience is a string, several are a list.</summary>
    private static List<string>? ReadAudiences(JsonElement payload)
    {
        if (payload.At("aud") is not { } audiences)
            return [];
        if (audiences.ValueKind == JsonValueKind.String)
            return [audiences.GetString()!];
        if (audiences.ValueKind != JsonValueKind.Array || audiences.EnumerateArray().Any(audience => audience.ValueKind != JsonValueKind.String))
            return null;
        return [.. audiences.EnumerateArray().Select(audience => audience.GetString()!)];
    }

    private static TokenReference? ReadReference(JsonElement kubernetes, string name) =>
        kubernetes.At(name) is { ValueKind: JsonValueKind.Object } reference ? new(reference.Text("name"), reference.Text("uid")) : null;

    /// <summary>A time may be absent, but what is there must be a number of seconds.</summary>
    private static bool TryReadTime(JsonElement element, string name, out long? time)
    {
        time = null;
        if (element.At(name) is not { } value)
            return true;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds) || Math.Abs(seconds) > 1e15)
            return false;
        time = (long)seconds;
        return true;
    }
}
