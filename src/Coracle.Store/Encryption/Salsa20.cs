using System.Buffers.Binary;
using System.Numerics;

namespace Coracle.Store.Encryption;

/// <summary>
/// Salsa20 and XSalsa20 as D. J. Bernstein specifies them ("Salsa20 specification", "Extending the Salsa20 nonce"). .NET has ChaCha20-Poly1305 only, and no package
/// with this cipher is to be had. There are no branches and no look-ups that depend on secrets.
/// </summary>
internal static class Salsa20
{
    public const int KeyLength = 32;
    public const int LongNonceLength = 24;
    private const int BlockLength = 64;

    // "expand 32-byte k" in four words.
    private const uint C0 = 0x61707865, C1 = 0x3320646e, C2 = 0x79622d32, C3 = 0x6b206574;

    /// <summary>XORs data with the stream of XSalsa20, from its beginning.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="nonce">24 bytes, never used twice with a key.</param>
    /// <param name="prologue">Gets the first 32 bytes of the stream, which are not used for the data.</param>
    public static void Stream(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, Span<byte> prologue, ReadOnlySpan<byte> data, Span<byte> to)
    {
        Span<byte> sub = stackalloc byte[KeyLength];
        Derive(key, nonce[..16], sub);
        Span<byte> block = stackalloc byte[BlockLength];
        Block(sub, nonce[16..], 0, block);
        block[..32].CopyTo(prologue);
        var taken = 32;
        ulong counter = 1;
        for (var i = 0; i < data.Length; i++)
        {
            if (taken == BlockLength)
            {
                Block(sub, nonce[16..], counter++, block);
                taken = 0;
            }
            to[i] = (byte)(data[i] ^ block[taken++]);
        }
        block.Clear();
        sub.Clear();
    }

    /// <summary>HSalsa20: a key of its own for the first 16 bytes of a long nonce.</summary>
    public static void Derive(ReadOnlySpan<byte> key, ReadOnlySpan<byte> input, Span<byte> derived)
    {
        Span<uint> x = stackalloc uint[16];
        Load(x, key, input);
        Rounds(x);
        ReadOnlySpan<int> picked = [0, 5, 10, 15, 6, 7, 8, 9];
        for (var i = 0; i < picked.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(derived[(4 * i)..], x[picked[i]]);
        x.Clear();
    }

    private static void Block(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ulong counter, Span<byte> block)
    {
        Span<byte> input = stackalloc byte[16];
        nonce.CopyTo(input);
        BinaryPrimitives.WriteUInt64LittleEndian(input[8..], counter);
        Span<uint> start = stackalloc uint[16], x = stackalloc uint[16];
        Load(start, key, input);
        start.CopyTo(x);
        Rounds(x);
        for (var i = 0; i < 16; i++) BinaryPrimitives.WriteUInt32LittleEndian(block[(4 * i)..], x[i] + start[i]);
        start.Clear();
        x.Clear();
    }

    private static void Load(Span<uint> x, ReadOnlySpan<byte> key, ReadOnlySpan<byte> input)
    {
        (x[0], x[5], x[10], x[15]) = (C0, C1, C2, C3);
        for (var i = 0; i < 4; i++)
        {
            x[1 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(4 * i)..]);
            x[11 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(16 + 4 * i)..]);
            x[6 + i] = BinaryPrimitives.ReadUInt32LittleEndian(input[(4 * i)..]);
        }
    }

    private static void Rounds(Span<uint> x)
    {
        for (var i = 0; i < 10; i++)
        {
            Quarter(ref x[0], ref x[4], ref x[8], ref x[12]);
            Quarter(ref x[5], ref x[9], ref x[13], ref x[1]);
            Quarter(ref x[10], ref x[14], ref x[2], ref x[6]);
            Quarter(ref x[15], ref x[3], ref x[7], ref x[11]);
            Quarter(ref x[0], ref x[1], ref x[2], ref x[3]);
            Quarter(ref x[5], ref x[6], ref x[7], ref x[4]);
            Quarter(ref x[10], ref x[11], ref x[8], ref x[9]);
            Quarter(ref x[15], ref x[12], ref x[13], ref x[14]);
        }
    }

    private static void Quarter(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        b ^= BitOperations.RotateLeft(a + d, 7);
        c ^= BitOperations.RotateLeft(b + a, 9);
        d ^= BitOperations.RotateLeft(c + b, 13);
        a ^= BitOperations.RotateLeft(d + c, 18);
    }
}
