using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Coracle.ApiServer.Access;

/// <summary>A key that signs or verifies service account tokens: ECDSA on P-256 (ES256), or RSA (RS256) to verify the tokens of another issuer.</summary>
public sealed class SigningKey
{
    private readonly Lock _lock = new();
    private readonly AsymmetricAlgorithm _key;

    private SigningKey(AsymmetricAlgorithm key, string algorithm)
    {
        (_key, Algorithm) = (key, algorithm);
        Id = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    public SigningKey(ECDsa key) : this(key, "ES256")
    {
        if (key.KeySize != 256)
            throw new ArgumentException("Only the curve P-256 is supported.", nameof(key));
    }

    public SigningKey(RSA key) : this(key, "RS256")
    {
    }

    /// <summary>Upstream's key id: the SHA-256 of the public key in DER, in base64url.</summary>
    public string Id { get; }

    /// <summary>The algorithm as tokens name it: ES256 or RS256.</summary>
    public string Algorithm { get; }

    internal byte[] Sign(ReadOnlySpan<byte> data)
    {
        lock (_lock)
            return _key is ECDsa ecdsa
                ? ecdsa.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
                : ((RSA)_key).SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    internal bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            lock (_lock)
                return _key is ECDsa ecdsa
                    ? signature.Length == 64 && ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
                    : ((RSA)_key).VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The public key as a JSON Web Key.</summary>
    internal void WriteJwk(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("use", "sig");
        writer.WriteString("kty", _key is ECDsa ? "EC" : "RSA");
        writer.WriteString("kid", Id);
        if (_key is ECDsa ecdsa)
        {
            var point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
            writer.WriteString("crv", "P-256");
            writer.WriteString("alg", Algorithm);
            writer.WriteString("x", Base64Url.EncodeToString(point.X));
            writer.WriteString("y", Base64Url.EncodeToString(point.Y));
        }
        else
        {
            var parameters = ((RSA)_key).ExportParameters(includePrivateParameters: false);
            writer.WriteString("alg", Algorithm);
            writer.WriteString("n", Base64Url.EncodeToString(parameters.Modulus));
            writer.WriteString("e", Base64Url.EncodeToString(parameters.Exponent));
        }
        writer.WriteEndObject();
    }
}
