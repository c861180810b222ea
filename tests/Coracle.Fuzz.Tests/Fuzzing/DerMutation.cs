namespace Coracle.Fuzz.Tests.Fuzzing;

/// <summary>Changes of DER in its elements, with the lengths around them kept right. A text in PEM is taken out of it and put back.</summary>
internal static class DerMutation
{
    private sealed record Element(byte Tag, byte[] Content);

    public static byte[] Change(Random random, byte[] text, byte[] other, IReadOnlyList<string> words)
    {
        var pem = System.Text.Encoding.Latin1.GetString(text);
        if (random.Next(10) == 0) return ByteMutation.Change(random, text, other, words);
        if (!System.Security.Cryptography.PemEncoding.TryFind(pem, out var fields)) return Der(random, text, other, words);
        var changed = Der(random, Convert.FromBase64String(pem[fields.Base64Data]), other, words);
        return System.Text.Encoding.Latin1.GetBytes(pem[..fields.Location.Start.Value] + System.Security.Cryptography.PemEncoding.WriteString(pem[fields.Label], changed) + pem[fields.Location.End.Value..]);
    }

    private static byte[] Der(Random random, byte[] der, byte[] other, IReadOnlyList<string> words) =>
        Parse(der) is { Count: > 0 } elements ? Write(Elements(random, elements, 0)) : ByteMutation.Change(random, der, other, words);

    private static List<Element> Elements(Random random, List<Element> elements, int depth)
    {
        var at = random.Next(elements.Count);
        var element = elements[at];
        if (depth < 20 && random.Next(6) > 0 && Parse(element.Content) is { Count: > 0 } inner)
        {
            elements[at] = element with { Content = Write(Elements(random, inner, depth + 1)) };
            return elements;
        }
        switch (random.Next(8))
        {
            case 0: elements.RemoveAt(at); break;
            case 1: elements.Insert(random.Next(elements.Count + 1), element); break;
            case 2: elements[at] = element with { Tag = (byte)random.Next(256) }; break;
            case 3: elements[at] = element with { Tag = (byte)(element.Tag ^ 1 << random.Next(8)) }; break;
            case 4: elements[at] = element with { Content = [] }; break;
            case 5: elements[at] = element with { Content = Write([.. Enumerable.Repeat(element, random.Next(1, random.Next(10) == 0 ? 200 : 4))]) }; break;
            case 6: elements[at] = elements[random.Next(elements.Count)]; break;
            default: elements[at] = element with { Content = ByteMutation.Change(random, element.Content, element.Content, []) }; break;
        }
        return elements;
    }

    private static List<Element>? Parse(ReadOnlySpan<byte> der)
    {
        var elements = new List<Element>();
        while (!der.IsEmpty)
        {
            if (der.Length < 2) return null;
            var (tag, length, start) = (der[0], (int)der[1], 2);
            if (length >= 0x80)
            {
                var bytes = length & 0x7f;
                if (bytes is 0 or > 3 || der.Length < 2 + bytes) return null;
                length = 0;
                for (var i = 0; i < bytes; i++) length = length << 8 | der[2 + i];
                start = 2 + bytes;
            }
            if (length > der.Length - start) return null;
            elements.Add(new(tag, der.Slice(start, length).ToArray()));
            der = der[(start + length)..];
        }
        return elements;
    }

    private static byte[] Write(List<Element> elements)
    {
        var into = new MemoryStream();
        foreach (var (tag, content) in elements)
        {
            into.WriteByte(tag);
            if (content.Length < 0x80) into.WriteByte((byte)content.Length);
            else
            {
                into.WriteByte(0x83);
                into.Write([(byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length]);
            }
            into.Write(content);
        }
        return into.ToArray();
    }
}
