using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Coracle.ApiServer.Access;

/// <summary>A public key of an issuer, from its JSON Web Key Set (RFC 7517): RSA, or an elliptic curve of NIST.</summary>
internal sealed class IssuerKey
{
    private readonly Lock _lock = new();
    private readonly AsymmetricAlgorithm _key;
    private readonly string _algorithm;

    private IssuerKey(string id, AsymmetricAlgorithm key, string algorithm) => (Id, _key, _algorithm) = (id, key, algorithm);

    /// <summary>Empty when the key says none.</summary>
    public string Id { get; }

    /// <summary>What upstream allows tokens to be signed with.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];

    /// <summary>Reads a set; null when it is none. Keys that are not for signatures, or of a kind that is not known, are passed over.</summary>
    public static IReadOnlyList<IssuerKey>? ReadSet(ReadOnlySpan<byte> json)
    {
        try
        {
            var set = JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            if (set.At("keys") is not { ValueKind: JsonValueKind.Array } keys) return null;
            return [.. keys.EnumerateArray().Where(key => key.Text("use") is "" or "sig").Select(Read).OfType<IssuerKey>()];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static IssuerKey? Read(JsonElement jwk)
    {
        try
        {
            AsymmetricAlgorithm? key = jwk.Text("kty") switch
            {
                // .NET does not look whether there is anything in them.
                "RSA" when jwk.Text("n").Length > 0 && jwk.Text("e").Length > 0 => RSA.Create(new RSAParameters { Modulus = Base64Url.DecodeFromChars(jwk.Text("n")), Exponent = Base64Url.DecodeFromChars(jwk.Text("e")) }),
                "EC" when CurveOf(jwk.Text("crv")) is { } curve => ECDsa.Create(new ECParameters
                {
                    Curve = curve, Q = new ECPoint { X = Base64Url.DecodeFromChars(jwk.Text("x")), Y = Base64Url.DecodeFromChars(jwk.Text("y")) },
                }),
                _ => null,
            };
            return key is null ? null : new IssuerKey(jwk.Text("kid"), key, jwk.Text("alg"));
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static ECCurve? CurveOf(string name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        _ => null,
    };

    /// <summary>Whether the token was signed with this key. The key's kind decides which algorithms may be meant, not the token.</summary>
    public bool Signed(CompactToken token)
    {
        if (_algorithm.Length > 0 && _algorithm != token.Algorithm) return false;
        try
        {
            lock (_lock)
                return _key is RSA rsa ? ByRsa(rsa, token) : ByCurve((ECDsa)_key, token);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool ByRsa(RSA rsa, CompactToken token)
    {
        if (token.Algorithm is not (['R' or 'P', 'S', ..]) || HashOf(token.Algorithm) is not { } hash) return false;
        return rsa.VerifyData(token.Signed, token.Signature, hash, token.Algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    private static bool ByCurve(ECDsa key, CompactToken token)
    {
        var (bits, length) = token.Algorithm switch { "ES256" => (256, 64), "ES384" => (384, 96), "ES512" => (521, 132), _ => (0, 0) };
        return key.KeySize == bits && token.Signature.Length == length && HashOf(token.Algorithm) is { } hash
            && key.VerifyData(token.Signed, token.Signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static HashAlgorithmName? HashOf(string algorithm) => algorithm[2..] switch
    {
        "256" => HashAlgorithmName.SHA256,
        "384" => HashAlgorithmName.SHA384,
        "512" => HashAlgorithmName.SHA512,
        _ => null,
    };
}
