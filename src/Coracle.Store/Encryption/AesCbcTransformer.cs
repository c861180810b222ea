using System.Security.Cryptography;

namespace Coracle.Store.Encryption;

/// <summary>AES-CBC with a random first block before the ciphertext, padded. Nothing is authenticated.</summary>
/// <param name="key">16, 24 or 32 bytes.</param>
public sealed class AesCbcTransformer(byte[] key) : ValueTransformer
{
    private const int BlockLength = 16;

    public override byte[] Seal(ReadOnlySpan<byte> value, ReadOnlySpan<byte> place)
    {
        Span<byte> first = stackalloc byte[BlockLength];
        RandomNumberGenerator.Fill(first);
        using var aes = Aes.Create();
        aes.Key = key;
        return [.. first, .. aes.EncryptCbc(value, first)];
    }

    public override byte[]? Open(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> place, out string error)
    {
        error = stored.Length < BlockLength ? "the stored data was shorter than the required size"
            : stored.Length % BlockLength != 0 ? "the stored data is not a multiple of the block size"
            : "";
        if (error.Length > 0) return null;
        try
        {
            using var aes = Aes.Create();
            aes.Key = key;
            return aes.DecryptCbc(stored[BlockLength..], stored[..BlockLength]);
        }
        catch (CryptographicException)
        {
            error = "invalid padding on input";
            return null;
        }
    }
}
