using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Coracle.ApiServer.Access;

/// <summary>A signed token taken apart: three parts in base64url between dots. Nothing of it is to be believed before its signature has been checked.</summary>
internal sealed class CompactToken
{
    private const int MaxLength = 32 * 1024;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    private CompactToken(byte[] signed, byte[] signature, byte[] payload, string algorithm, string keyId) =>
        (Signed, Signature, Payload, Algorithm, KeyId) = (signed, signature, payload, algorithm, keyId);

    /// <summary>What the signature is of.</summary>
    public byte[] Signed { get; }
    public byte[] Signature { get; }

    /// <summary>A JSON object.</summary>
    public byte[] Payload { get; }
    public string Algorithm { get; }
    public string KeyId { get; }

    /// <summary>Takes a token apart; null when it is none.</summary>
    public static CompactToken? Parse(string token)
    {
        if (token.Length > MaxLength)
            return null;
        var first = token.IndexOf('.');
        var second = first < 0 ? -1 : token.IndexOf('.', first + 1);
        if (second < 0 || token.IndexOf('.', second + 1) >= 0)
            return null;
        if (Decode(token.AsSpan(0, first)) is not { } header || Decode(token.AsSpan(first + 1, second - first - 1)) is not { } payload
            || Decode(token.AsSpan(second + 1)) is not { } signature)
            return null;
        try
        {
            using var json = JsonDocument.Parse(header, Options);
            // "crit" names extensions that must be understood, and none is.
            return json.RootElement.At("crit") is not null
                ? null
                : new(Encoding.ASCII.GetBytes(token, 0, second), signature, payload, json.RootElement.Text("alg"), json.RootElement.Text("kid"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Besides bad JSON: strings with half a surrogate pair, which reading refuses.
            return null;
        }
    }

    /// <summary>The claims, whose texts can all be read; null when they are no JSON object.</summary>
    public JsonElement? Claims()
    {
        try
        {
            var claims = JsonElement.Parse(Payload, Options);
            ReadTexts(Payload);
            return claims.ValueKind == JsonValueKind.Object ? claims : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // Strings with half a surrogate pair are well-formed JSON, but reading them throws.
    private static void ReadTexts(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                reader.GetString();
    }

    private static byte[]? Decode(ReadOnlySpan<char> text)
    {
        // The decoder would pass over white space and padding, which have no place in a token.
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return null;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, bytes, out _, out var length) == OperationStatus.Done ? bytes[..length] : null;
    }
}
