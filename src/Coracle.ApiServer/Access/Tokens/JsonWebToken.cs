using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Coracle.ApiServer.Access;

/// <summary>
/// A service account token. Hand-made because only two algorithms with known keys are wanted, nothing is looked up by what the token says but the key's id, and
/// nothing may be slow to start or throw for garbage.
/// </summary>
internal sealed class JsonWebToken
{
    private readonly CompactToken _token;

    private JsonWebToken(CompactToken token, TokenClaims claims) => (_token, Claims) = (token, claims);

    public string KeyId => _token.KeyId;

    /// <summary>What the token says. To be believed only once <see cref="IsSignedBy"/> said so.</summary>
    public TokenClaims Claims { get; }

    /// <summary>Takes a token apart; null when it is none.</summary>
    public static JsonWebToken? Parse(string token)
    {
        return CompactToken.Parse(token) is { } parts && parts.Claims() is { } payload && TokenClaims.Read(payload) is { } claims ? new(parts, claims) : null;
    }

    public bool IsSignedBy(SigningKey key) => key.Algorithm == _token.Algorithm && key.Verify(_token.Signed, _token.Signature);

    public static string Write(TokenClaims claims, SigningKey key)
    {
        var header = Encoding.UTF8.GetBytes($$"""{"alg":"{{key.Algorithm}}","kid":"{{key.Id}}"}""");
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims.ToJson())}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }
}
