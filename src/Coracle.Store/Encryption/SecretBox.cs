namespace Coracle.Store.Encryption;

/// <summary>NaCl's crypto_secretbox: XSalsa20 and Poly1305, the tag before the ciphertext.</summary>
internal static class SecretBox
{
    public const int TagLength = Poly1305.TagLength;

    /// <param name="box">16 bytes longer than the message.</param>
    public static void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message, Span<byte> box)
    {
        Span<byte> once = stackalloc byte[32];
        Salsa20.Stream(key, nonce, once, message, box[TagLength..]);
        Poly1305.Tag(once, box[TagLength..], box[..TagLength]);
        once.Clear();
    }

    /// <summary>False when the box was not sealed with this key and nonce; then nothing of it is in <paramref name="message"/>.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> box, Span<byte> message)
    {
        Span<byte> once = stackalloc byte[32], tag = stackalloc byte[TagLength];
        Salsa20.Stream(key, nonce, once, [], []);
        Poly1305.Tag(once, box[TagLength..], tag);
        var isGood = Poly1305.Same(tag, box[..TagLength]);
        if (isGood) Salsa20.Stream(key, nonce, once, box[TagLength..], message);
        once.Clear();
        return isGood;
    }
}
