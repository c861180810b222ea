using System.Buffers.Binary;

namespace Coracle.Store.Encryption;

/// <summary>
/// The one-time authenticator Poly1305 (RFC 8439, section 2.5), in limbs of 26 bits. There are no branches and no look-ups that depend on secrets. .NET has it only
/// inside of ChaCha20-Poly1305.
/// </summary>
internal static class Poly1305
{
    public const int TagLength = 16;
    private const uint Mask = 0x3ffffff;

    /// <param name="key">32 bytes, used for this message alone.</param>
    public static void Tag(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> tag)
    {
        uint r0 = Word(key, 0) & 0x3ffffff, r1 = (Word(key, 3) >> 2) & 0x3ffff03, r2 = (Word(key, 6) >> 4) & 0x3ffc0ff, r3 = (Word(key, 9) >> 6) & 0x3f03fff, r4 = (Word(key, 12) >> 8) & 0x00fffff;
        uint s1 = r1 * 5, s2 = r2 * 5, s3 = r3 * 5, s4 = r4 * 5;
        uint h0 = 0, h1 = 0, h2 = 0, h3 = 0, h4 = 0;
        Span<byte> block = stackalloc byte[17];
        for (var at = 0; at < message.Length; at += 16)
        {
            // The last block may be short: a one ends each.
            block.Clear();
            var part = message[at..Math.Min(at + 16, message.Length)];
            part.CopyTo(block);
            block[part.Length] = 1;
            h0 += Word(block, 0) & Mask;
            h1 += (Word(block, 3) >> 2) & Mask;
            h2 += (Word(block, 6) >> 4) & Mask;
            h3 += (Word(block, 9) >> 6) & Mask;
            h4 += (Word(block, 12) >> 8) | (uint)block[16] << 24;

            var d0 = (ulong)h0 * r0 + (ulong)h1 * s4 + (ulong)h2 * s3 + (ulong)h3 * s2 + (ulong)h4 * s1;
            var d1 = (ulong)h0 * r1 + (ulong)h1 * r0 + (ulong)h2 * s4 + (ulong)h3 * s3 + (ulong)h4 * s2;
            var d2 = (ulong)h0 * r2 + (ulong)h1 * r1 + (ulong)h2 * r0 + (ulong)h3 * s4 + (ulong)h4 * s3;
            var d3 = (ulong)h0 * r3 + (ulong)h1 * r2 + (ulong)h2 * r1 + (ulong)h3 * r0 + (ulong)h4 * s4;
            var d4 = (ulong)h0 * r4 + (ulong)h1 * r3 + (ulong)h2 * r2 + (ulong)h3 * r1 + (ulong)h4 * r0;
            d1 += d0 >> 26;
            d2 += d1 >> 26;
            d3 += d2 >> 26;
            d4 += d3 >> 26;
            (h0, h1, h2, h3, h4) = ((uint)d0 & Mask, (uint)d1 & Mask, (uint)d2 & Mask, (uint)d3 & Mask, (uint)d4 & Mask);
            h0 += (uint)(d4 >> 26) * 5;
            h1 += h0 >> 26;
            h0 &= Mask;
        }
        Finish(h0, h1, h2, h3, h4, key[16..], tag);
        block.Clear();
    }

    /// <summary>Whether two tags are the same, in a time that does not tell where they differ.</summary>
    public static bool Same(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(a, b);

    private static void Finish(uint h0, uint h1, uint h2, uint h3, uint h4, ReadOnlySpan<byte> pad, Span<byte> tag)
    {
        // All carries.
        h2 += h1 >> 26;
        h1 &= Mask;
        h3 += h2 >> 26;
        h2 &= Mask;
        h4 += h3 >> 26;
        h3 &= Mask;
        h0 += (h4 >> 26) * 5;
        h4 &= Mask;
        h1 += h0 >> 26;
        h0 &= Mask;

        // h - (2^130 - 5), taken if it is not negative.
        var g0 = h0 + 5;
        var g1 = h1 + (g0 >> 26);
        g0 &= Mask;
        var g2 = h2 + (g1 >> 26);
        g1 &= Mask;
        var g3 = h3 + (g2 >> 26);
        g2 &= Mask;
        var g4 = h4 + (g3 >> 26) - (1u << 26);
        g3 &= Mask;
        var take = (g4 >> 31) - 1;
        (h0, h1, h2, h3, h4) = (h0 & ~take | g0 & take, h1 & ~take | g1 & take, h2 & ~take | g2 & take, h3 & ~take | g3 & take, h4 & ~take | g4 & take);

        // In words of 32 bits, plus the pad.
        var f = (ulong)(h0 | h1 << 26) + Word(pad, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(tag, (uint)f);
        f = (ulong)(h1 >> 6 | h2 << 20) + Word(pad, 4) + (f >> 32);
        BinaryPrimitives.WriteUInt32LittleEndian(tag[4..], (uint)f);
        f = (ulong)(h2 >> 12 | h3 << 14) + Word(pad, 8) + (f >> 32);
        BinaryPrimitives.WriteUInt32LittleEndian(tag[8..], (uint)f);
        f = (ulong)(h3 >> 18 | h4 << 8) + Word(pad, 12) + (f >> 32);
        BinaryPrimitives.WriteUInt32LittleEndian(tag[12..], (uint)f);
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
