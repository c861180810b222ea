using System.Text;

namespace Coracle.ApiServer.OpenApi;

/// <summary>A growing text in the wire format of protocol buffers. A message is written first and measured then.</summary>
internal sealed class ProtobufBuffer(int capacity)
{
    private byte[] _bytes = new byte[Math.Max(capacity, 256)];
    private int _length;

    public byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();

    public void Tag(int field, int wire) => Varint((uint)(field << 3 | wire));

    public void Varint(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _bytes[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _bytes[_length++] = (byte)value;
    }

    public void Double(double value)
    {
        Reserve(8);
        System.Buffers.Binary.BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(_length), value);
        _length += 8;
    }

    public void Text(int field, string value)
    {
        Tag(field, 2);
        var size = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)size);
        Reserve(size);
        _length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_length));
    }

    /// <summary>Begins a message as a field; the answer is for <see cref="End"/>.</summary>
    public int Begin(int field)
    {
        Tag(field, 2);
        Reserve(1);
        return _length++;
    }

    /// <summary>Ends a message: its length goes before it. One byte was kept for that, which nearly always suffices.</summary>
    public void End(int start)
    {
        var size = _length - start - 1;
        var more = 0;
        for (var rest = size >> 7; rest > 0; rest >>= 7) more++;
        if (more > 0)
        {
            Reserve(more);
            _bytes.AsSpan(start + 1, size).CopyTo(_bytes.AsSpan(start + 1 + more));
        }
        var end = start + 1 + more + size;
        _length = start;
        Varint((ulong)size);
        _length = end;
    }

    private void Reserve(int more)
    {
        if (_length + more > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
    }
}
