using System.Security.Cryptography;

namespace Coracle.Store.Encryption;

/// <summary>AES-GCM with a random nonce before the ciphertext and the tag after it; the place is authenticated too.</summary>
/// <param name="key">16, 24 or 32 bytes.</param>
public sealed class AesGcmTransformer(byte[] key) : ValueTransformer
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public override byte[] Seal(ReadOnlySpan<byte> value, ReadOnlySpan<byte> place)
    {
        var stored = new byte[NonceLength + value.Length + TagLength];
        var nonce = stored.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, value, stored.AsSpan(NonceLength, value.Length), stored.AsSpan(NonceLength + value.Length), place);
        return stored;
    }

    public override byte[]? Open(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> place, out string error)
    {
        error = "";
        if (stored.Length < NonceLength + TagLength)
        {
            error = "the stored data was shorter than the required size";
            return null;
        }
        var value = new byte[stored.Length - NonceLength - TagLength];
        try
        {
            using var aes = new AesGcm(key, TagLength);
            aes.Decrypt(stored[..NonceLength], stored.Slice(NonceLength, value.Length), stored[^TagLength..], value, place);
            return value;
        }
        catch (CryptographicException)
        {
            error = "cipher: message authentication failed";
            return null;
        }
    }
}
