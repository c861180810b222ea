using System.Buffers.Binary;
using System.Text;

namespace Coracle.Schema;

/// <summary>A growing text in the wire format of protocol buffers. A message is written first and measured then.</summary>
public sealed class ProtobufWriter(int capacity = 256)
{
    private byte[] _bytes = new byte[Math.Max(capacity, 64)];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);
    public byte[] ToArray() => Written.ToArray();

    /// <summary>Forgets what was written and keeps the room.</summary>
    public void Clear() => Length = 0;

    public void Integer(int field, long value)
    {
        Tag(field, 0);
        Varint((ulong)value);
    }

    public void Double(int field, double value)
    {
        Tag(field, 1);
        Reserve(sizeof(double));
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(Length), value);
        Length += sizeof(double);
    }

    public void Text(int field, string value)
    {
        Tag(field, 2);
        var size = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)size);
        Reserve(size);
        Length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(Length));
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, 2);
        Varint((ulong)value.Length);
        Raw(value);
    }

    /// <summary>Bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> value)
    {
        Reserve(value.Length);
        value.CopyTo(_bytes.AsSpan(Length));
        Length += value.Length;
    }

    /// <summary>The beginning of a field with content of a known size, which follows.</summary>
    public void Start(int field, long size)
    {
        Tag(field, 2);
        Varint((ulong)size);
    }

    /// <summary>How many bytes a field takes whose content has this size.</summary>
    public static long FieldSize(int field, long size) => VarintSize((uint)field << 3) + VarintSize((ulong)size) + size;

    private static int VarintSize(ulong value)
    {
        var size = 1;
        for (; value >= 0x80; value >>= 7) size++;
        return size;
    }

    /// <summary>Begins a message as a field; what it answers is for <see cref="End"/>.</summary>
    public int Begin(int field)
    {
        Tag(field, 2);
        Reserve(1);
        return Length++;
    }

    /// <summary>Ends a message: its length goes before it. One byte was kept for that, which nearly always suffices.</summary>
    public void End(int start)
    {
        var size = Length - start - 1;
        var more = 0;
        for (var rest = size >> 7; rest > 0; rest >>= 7) more++;
        if (more > 0)
        {
            Reserve(more);
            _bytes.AsSpan(start + 1, size).CopyTo(_bytes.AsSpan(start + 1 + more));
        }
        Length = start;
        Varint((ulong)size);
        Length += size;
    }

    private void Tag(int field, int wire) => Varint((uint)(field << 3 | wire));

    private void Varint(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _bytes[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _bytes[Length++] = (byte)value;
    }

    private void Reserve(int more)
    {
        if (Length + more > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + more));
    }
}
