using System.Buffers.Binary;
using System.Text;

namespace Coracle.Fuzz.Tests.Fuzzing;

/// <summary>Changes of bytes of which nothing is known.</summary>
internal static class ByteMutation
{
    public static byte[] Change(Random random, byte[] text, byte[] other, IReadOnlyList<string> words)
    {
        var at = random.Next(text.Length + 1);
        var length = random.Next(4) == 0 ? random.Next(text.Length - at + 1) : Math.Min(random.Next(1, 9), text.Length - at);
        return random.Next(14) switch
        {
            0 or 1 when text.Length > 0 => With(text, random.Next(text.Length), b => (byte)(b ^ 1 << random.Next(8))),
            2 when text.Length > 0 => With(text, random.Next(text.Length), _ => (byte)random.Next(256)),
            3 => Cut(text, at, length),
            4 => text[..at],
            5 => Spliced(random, text, at, other),
            6 => Repeated(random, text, at, length),
            7 => NumberAt(random, text, at),
            8 => Digits(random, text),
            9 => Insert(text, at, Bytes(random, random.Next(1, 6))),
            10 => Swapped(random, text),
            _ => Insert(text, at, Word(random, words)),
        };
    }

    public static byte[] Insert(byte[] text, int at, ReadOnlySpan<byte> what) => [.. text.AsSpan(0, at), .. what, .. text.AsSpan(at)];

    private static byte[] Cut(byte[] text, int at, int length) => [.. text.AsSpan(0, at), .. text.AsSpan(at + length)];

    private static byte[] With(byte[] text, int at, Func<byte, byte> change)
    {
        var changed = (byte[])text.Clone();
        changed[at] = change(changed[at]);
        return changed;
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Word(Random random, IReadOnlyList<string> words) =>
        Encoding.UTF8.GetBytes(words.Count > 0 && random.Next(3) > 0 ? words[random.Next(words.Count)] : Odd.Texts[random.Next(Odd.Texts.Length)]);

    private static byte[] Spliced(Random random, byte[] text, int at, byte[] other)
    {
        var from = random.Next(other.Length + 1);
        return random.Next(2) == 0 ? [.. text.AsSpan(0, at), .. other.AsSpan(from)] : Insert(text, at, other.AsSpan(from, Math.Min(other.Length - from, random.Next(64))));
    }

    // Now and then very often: depth and length are where limits are.
    private static byte[] Repeated(Random random, byte[] text, int at, int length)
    {
        var count = random.Next(20) == 0 ? random.Next(50, 3000) : random.Next(1, 12);
        if ((long)length * count > 64 * 1024) count = 1;
        var piece = text.AsSpan(at, length).ToArray();
        return Insert(text, at, [.. Enumerable.Repeat(piece, count).SelectMany(p => p)]);
    }

    // Lengths and counts in binary.
    private static byte[] NumberAt(Random random, byte[] text, int at)
    {
        var width = 1 << random.Next(4);
        if (at + width > text.Length) return text;
        Span<byte> number = stackalloc byte[8];
        var value = Odd.Numbers[random.Next(Odd.Numbers.Length)];
        if (random.Next(2) == 0) BinaryPrimitives.WriteInt64LittleEndian(number, value);
        else BinaryPrimitives.WriteInt64BigEndian(number, value << (64 - width * 8));
        var changed = (byte[])text.Clone();
        number[..width].CopyTo(changed.AsSpan(at));
        return changed;
    }

    // A number in the text becomes another.
    private static byte[] Digits(Random random, byte[] text)
    {
        var start = text.AsSpan(random.Next(text.Length + 1)).IndexOfAnyInRange((byte)'0', (byte)'9') is >= 0 and var found ? found : -1;
        if (start < 0) return text;
        var end = start;
        while (end < text.Length && text[end] is >= (byte)'0' and <= (byte)'9') end++;
        return [.. text.AsSpan(0, start), .. Encoding.ASCII.GetBytes(Odd.Numbers[random.Next(Odd.Numbers.Length)].ToString(System.Globalization.CultureInfo.InvariantCulture)), .. text.AsSpan(end)];
    }

    private static byte[] Swapped(Random random, byte[] text)
    {
        if (text.Length < 2) return text;
        var changed = (byte[])text.Clone();
        var (a, b) = (random.Next(text.Length), random.Next(text.Length));
        (changed[a], changed[b]) = (changed[b], changed[a]);
        return changed;
    }
}
