namespace Coracle.Fuzz.Tests.Fuzzing;

/// <summary>Changes of protobuf in its fields, however deep, with the lengths around them kept right.</summary>
internal static class ProtobufMutation
{
    private static readonly byte[] Magic = "k8s\0"u8.ToArray();

    private sealed record Field(int Number, int Wire, ulong Value, byte[] Bytes);

    public static byte[] Change(Random random, byte[] text, byte[] other, IReadOnlyList<string> words)
    {
        var start = text.AsSpan().StartsWith(Magic) ? Magic.Length : 0;
        return Parse(text.AsSpan(start)) is { Count: > 0 } fields && random.Next(8) > 0
            ? [.. text.AsSpan(0, start), .. Write(Message(random, fields, 0))]
            : ByteMutation.Change(random, text, other, words);
    }

    private static List<Field> Message(Random random, List<Field> fields, int depth)
    {
        var at = random.Next(fields.Count);
        var field = fields[at];
        if (field.Wire == 2 && depth < 20 && random.Next(5) > 0 && Parse(field.Bytes) is { Count: > 0 } inner)
        {
            fields[at] = field with { Bytes = Write(Message(random, inner, depth + 1)) };
            return fields;
        }
        switch (random.Next(9))
        {
            case 0: fields.RemoveAt(at); break;
            case 1: fields.Insert(random.Next(fields.Count + 1), field); break;
            case 2: fields[at] = field with { Number = (int)Math.Clamp(Odd.Numbers[random.Next(Odd.Numbers.Length)], 1, 1 << 28) }; break;
            case 3: fields[at] = field with { Number = random.Next(1, 40) }; break;
            case 4: fields[at] = field with { Wire = random.Next(8) }; break;
            case 5: fields[at] = field with { Value = (ulong)Odd.Numbers[random.Next(Odd.Numbers.Length)] }; break;
            case 6: fields[at] = Nested(field, random.Next(10) == 0 ? random.Next(50, 900) : random.Next(1, 4)); break;
            case 7: fields.AddRange(Enumerable.Repeat(field, random.Next(10) == 0 ? random.Next(20, 300) : 1)); break;
            default: fields[at] = field with { Bytes = ByteMutation.Change(random, field.Bytes, field.Bytes, []) }; break;
        }
        return fields;
    }

    private static Field Nested(Field field, int times)
    {
        if (field.Bytes.Length > 2000) times = Math.Min(times, 3);
        for (var i = 0; i < times; i++) field = field with { Wire = 2, Bytes = Write([field]) };
        return field;
    }

    private static List<Field>? Parse(ReadOnlySpan<byte> data)
    {
        var fields = new List<Field>();
        while (!data.IsEmpty)
        {
            if (!Varint(ref data, out var tag) || tag >> 3 is 0 or > 1 << 28) return null;
            var (number, wire) = ((int)(tag >> 3), (int)(tag & 7));
            ulong value = 0;
            byte[] bytes = [];
            switch (wire)
            {
                case 0: if (!Varint(ref data, out value)) return null; break;
                case 1 or 5:
                    var width = wire == 1 ? 8 : 4;
                    if (data.Length < width) return null;
                    bytes = data[..width].ToArray();
                    data = data[width..];
                    break;
                case 2:
                    if (!Varint(ref data, out var length) || length > (ulong)data.Length) return null;
                    bytes = data[..(int)length].ToArray();
                    data = data[(int)length..];
                    break;
                default: return null;
            }
            fields.Add(new(number, wire, value, bytes));
        }
        return fields;
    }

    private static byte[] Write(List<Field> fields)
    {
        var into = new MemoryStream();
        foreach (var field in fields)
        {
            WriteVarint(into, (ulong)field.Number << 3 | (uint)field.Wire);
            if (field.Wire == 0) WriteVarint(into, field.Value);
            if (field.Wire == 2) WriteVarint(into, (ulong)field.Bytes.Length);
            if (field.Wire != 0) into.Write(field.Bytes);
        }
        return into.ToArray();
    }

    private static bool Varint(ref ReadOnlySpan<byte> data, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64 && !data.IsEmpty; shift += 7)
        {
            var b = data[0];
            data = data[1..];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return true;
        }
        return false;
    }

    private static void WriteVarint(Stream into, ulong value)
    {
        for (; value >= 0x80; value >>= 7) into.WriteByte((byte)(value | 0x80));
        into.WriteByte((byte)value);
    }
}
