using System.Buffers.Binary;
using System.Text;

namespace Coracle.Schema;

/// <summary>
/// Gives short texts that were seen lately the same string again. Objects repeat theirs ("True", "TCP", label keys, images, names of nodes),
/// so reading allocates less, and thousands of cached objects share what they have in common. Long texts and those that begin with a digit
/// (addresses, versions) are mostly different each time and are left alone.
/// </summary>
internal static class SharedText
{
    private const int MaxLength = 32;

    /// <summary>A slot holds the last text of its hash. Threads may race for one: entries do not change, so any outcome is right.</summary>
    private static readonly Entry?[] Slots = new Entry?[1024];

    public static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return "";
        if (utf8.Length > MaxLength || utf8[0] is >= (byte)'0' and <= (byte)'9') return Encoding.UTF8.GetString(utf8);
        var (head, tail, inner, outer) = Parts(utf8);
        var hash = (head ^ (tail * 31) ^ inner ^ (uint)utf8.Length) * 0x9E3779B97F4A7C15;
        ref var slot = ref Slots[hash >> 54];
        if (slot is { } known && known.Is(head, tail, inner, outer, utf8.Length)) return known.Text;
        var text = Encoding.UTF8.GetString(utf8);
        slot = new(head, tail, inner, outer, utf8.Length, text);
        return text;
    }

    /// <summary>All the bytes in four numbers: with the length they say everything, so texts need not be compared.</summary>
    private static (ulong Head, ulong Tail, ulong Inner, ulong Outer) Parts(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length >= 8)
        {
            var head = BinaryPrimitives.ReadUInt64LittleEndian(utf8);
            var tail = BinaryPrimitives.ReadUInt64LittleEndian(utf8[^8..]);
            return utf8.Length <= 16
                ? (head, tail, 0, 0)
                : (head, tail, BinaryPrimitives.ReadUInt64LittleEndian(utf8[8..]), BinaryPrimitives.ReadUInt64LittleEndian(utf8[^16..]));
        }
        if (utf8.Length >= 4) return (BinaryPrimitives.ReadUInt32LittleEndian(utf8), BinaryPrimitives.ReadUInt32LittleEndian(utf8[^4..]), 0, 0);
        return (utf8[0], (ulong)utf8[utf8.Length / 2] << 8 | utf8[^1], 0, 0);
    }

    private sealed class Entry(ulong head, ulong tail, ulong inner, ulong outer, int length, string text)
    {
        public string Text => text;

        public bool Is(ulong otherHead, ulong otherTail, ulong otherInner, ulong otherOuter, int otherLength) =>
            head == otherHead && tail == otherTail && inner == otherInner && outer == otherOuter && length == otherLength;
    }
}
