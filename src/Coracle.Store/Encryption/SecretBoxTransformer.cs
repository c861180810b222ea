using System.Security.Cryptography;

namespace Coracle.Store.Encryption;

/// <summary>NaCl's secret box: a random nonce, then a tag by Poly1305, then the value under XSalsa20.</summary>
/// <param name="key">32 bytes.</param>
public sealed class SecretBoxTransformer(byte[] key) : ValueTransformer
{
    private const int NonceLength = 24;
    private const int TagLength = 16;

    public override byte[] Seal(ReadOnlySpan<byte> value, ReadOnlySpan<byte> place)
    {
        var stored = new byte[NonceLength + TagLength + value.Length];
        RandomNumberGenerator.Fill(stored.AsSpan(0, NonceLength));
        SecretBox.Seal(key, stored.AsSpan(0, NonceLength), value, stored.AsSpan(NonceLength));
        return stored;
    }

    public override byte[]? Open(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> place, out string error)
    {
        error = stored.Length < NonceLength + TagLength ? "the stored data was shorter than the required size" : "";
        if (error.Length > 0) return null;
        var value = new byte[stored.Length - NonceLength - TagLength];
        if (SecretBox.TryOpen(key, stored[..NonceLength], stored[NonceLength..], value)) return value;
        error = "output of secretbox.Open is not ok";
        return null;
    }
}
