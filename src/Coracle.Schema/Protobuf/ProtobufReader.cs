using System.Buffers.Binary;

namespace Coracle.Schema;

/// <summary>Reads the wire format of protocol buffers, field by field. A text that is cut off or malformed ends with <see cref="Failed"/>.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    public int Field { get; private set; }
    public int Wire { get; private set; }
    public bool Failed { get; private set; }

    public bool AtEnd => _rest.IsEmpty;

    /// <summary>Moves to the next field; false at the end or after a failure.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty || Failed) return false;
        var tag = Varint();
        (Field, Wire) = ((int)(tag >> 3), (int)(tag & 7));
        if (Field <= 0) Failed = true;
        return !Failed;
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_rest.IsEmpty) break;
            var b = _rest[0];
            _rest = _rest[1..];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
        Failed = true;
        return 0;
    }

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Varint();
        if (Failed || Wire != 2 || length > (ulong)_rest.Length)
        {
            Failed = true;
            return default;
        }
        var bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return bytes;
    }

    public double Double() => BitConverter.Int64BitsToDouble(BinaryPrimitives.ReadInt64LittleEndian(Fixed(8)));

    private ReadOnlySpan<byte> Fixed(int size)
    {
        if (_rest.Length < size)
        {
            Failed = true;
            return new byte[size];
        }
        var bytes = _rest[..size];
        _rest = _rest[size..];
        return bytes;
    }

    /// <summary>Passes over the value of a field that is not known.</summary>
    public void Skip()
    {
        switch (Wire)
        {
            case 0: Varint(); break;
            case 1: Fixed(8); break;
            case 2: Bytes(); break;
            case 5: Fixed(4); break;
            default: Failed = true; break;
        }
    }
}
