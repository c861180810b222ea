using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Coracle.ApiServer.Access;

/// <summary>
/// A JSON Web Token in its compact form: three parts in base64url between dots. Hand-made because only two algorithms with known keys are wanted, nothing is
/// looked up by what the token says but the key's id, and nothing may be slow to start or throw for garbage.
/// </summary>
internal sealed class JsonWebToken
{
    private const int MaxLength = 32 * 1024;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    private readonly byte[] _signed;
    private readonly byte[] _signature;

    private JsonWebToken(byte[] signed, byte[] signature, string algorithm, string keyId, TokenClaims claims) =>
        (_signed, _signature, Algorithm, KeyId, Claims) = (signed, signature, algorithm, keyId, claims);

    public string Algorithm { get; }
    public string KeyId { get; }

    /// <summary>What the token says. To be believed only once <see cref="IsSignedBy"/> said so.</summary>
    public TokenClaims Claims { get; }

    /// <summary>Takes a token apart; null when it is none.</summary>
    public static JsonWebToken? Parse(string token)
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
            using var headerJson = JsonDocument.Parse(header, Options);
            using var payloadJson = JsonDocument.Parse(payload, Options);
            // "crit" names extensions that must be understood, and none is.
            if (headerJson.RootElement.At("crit") is not null || TokenClaims.Read(payloadJson.RootElement) is not { } claims)
                return null;
            return new(Encoding.ASCII.GetBytes(token, 0, second), signature, headerJson.RootElement.Text("alg"), headerJson.RootElement.Text("kid"), claims);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Besides bad JSON: strings with half a surrogate pair, which reading refuses.
            return null;
        }
    }

    public bool IsSignedBy(SigningKey key) => key.Algorithm == Algorithm && key.Verify(_signed, _signature);

    public static string Write(TokenClaims claims, SigningKey key)
    {
        var header = Encoding.UTF8.GetBytes($$"""{"alg":"{{key.Algorithm}}","kid":"{{key.Id}}"}""");
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims.ToJson())}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
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
