using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Coracle.Node.Dns;

/// <summary>
/// A domain name: labels of arbitrary bytes, compared without regard to the case of ASCII letters, kept as they were spelled (a client may
/// check that its spelling comes back). At most 63 bytes a label and 255 in all, as RFC 1035 has it.
/// </summary>
public sealed class DnsName : IEquatable<DnsName>
{
    public const int WireLengthMax = 255;
    public const int LabelLengthMax = 63;

    private readonly byte[] _wire;
    private readonly int _hash;

    private DnsName(byte[] wire)
    {
        _wire = wire;
        var hash = new HashCode();
        foreach (var b in wire)
        {
            hash.Add(Lower(b));
        }

        _hash = hash.ToHashCode();
    }

    public static DnsName Root { get; } = new([0]);

    /// <summary>Length-prefixed labels up to and with the empty one, without compression.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    public bool IsRoot => _wire.Length == 1;

    /// <summary>How many labels there are, the root's empty one not counted.</summary>
    public int LabelCount
    {
        get
        {
            var count = 0;
            for (var at = 0; _wire[at] != 0; at += _wire[at] + 1)
            {
                count++;
            }

            return count;
        }
    }

    /// <summary>The labels from left to right, in lower case; bytes that are not ASCII as the Latin-1 character of the same number.</summary>
    public string[] LowerLabels()
    {
        var labels = new string[LabelCount];
        for (int at = 0, i = 0; _wire[at] != 0; at += _wire[at] + 1)
        {
            labels[i++] = Encoding.Latin1.GetString(_wire, at + 1, _wire[at]).ToLowerInvariant();
        }

        return labels;
    }

    /// <summary>Takes over checked wire bytes. Only for the reader of messages and for this class.</summary>
    internal static DnsName FromWire(ReadOnlySpan<byte> wire) => new(wire.ToArray());

    /// <summary>Reads <c>www.example.com</c> or <c>www.example.com.</c>; false for empty, overlong or non-ASCII labels. No escapes.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        var labels = text is "" or "." ? [] : text.TrimEnd('.').Split('.');
        return !text.EndsWith("..", StringComparison.Ordinal) && TryFromLabels(labels, out name);
    }

    /// <summary>The same, for names that are known to be good.</summary>
    /// <exception cref="FormatException">It is not a domain name.</exception>
    public static DnsName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"not a domain name: {text}");

    /// <summary>Puts labels in front of this name; false if one is empty, overlong or not ASCII, or the whole gets too long.</summary>
    public bool TryPrepend(ReadOnlySpan<string> labels, [NotNullWhen(true)] out DnsName? name)
    {
        name = null;
        Span<byte> wire = stackalloc byte[WireLengthMax];
        var length = 0;
        foreach (var label in labels)
        {
            if (label.Length is 0 or > LabelLengthMax || !Ascii.IsValid(label) || length + 1 + label.Length + _wire.Length > WireLengthMax)
            {
                return false;
            }

            wire[length++] = (byte)label.Length;
            length += Encoding.ASCII.GetBytes(label, wire[length..]);
        }

        _wire.CopyTo(wire[length..]);
        name = FromWire(wire[..(length + _wire.Length)]);
        return true;
    }

    /// <summary>True if this name is <paramref name="zone"/> or lies below it.</summary>
    public bool IsWithin(DnsName zone)
    {
        var excess = _wire.Length - zone._wire.Length;
        if (excess < 0)
        {
            return false;
        }

        var at = 0;
        while (at < excess)
        {
            at += _wire[at] + 1;
        }

        return at == excess && EqualIgnoringCase(_wire.AsSpan(at), zone._wire);
    }

    public bool Equals(DnsName? other) => other is not null && _hash == other._hash && EqualIgnoringCase(_wire, other._wire);

    public override bool Equals(object? obj) => Equals(obj as DnsName);

    public override int GetHashCode() => _hash;

    /// <summary>With the final dot; dots, backslashes and unprintable bytes inside labels are escaped as in zone files.</summary>
    public override string ToString()
    {
        if (IsRoot)
        {
            return ".";
        }

        var text = new StringBuilder(_wire.Length + 1);
        for (var at = 0; _wire[at] != 0; at += _wire[at] + 1)
        {
            foreach (var b in _wire.AsSpan(at + 1, _wire[at]))
            {
                _ = b switch
                {
                    (byte)'.' or (byte)'\\' => text.Append('\\').Append((char)b),
                    > 0x20 and < 0x7f => text.Append((char)b),
                    _ => text.Append('\\').Append(b.ToString("D3", null)),
                };
            }

            text.Append('.');
        }

        return text.ToString();
    }

    private static bool TryFromLabels(ReadOnlySpan<string> labels, [NotNullWhen(true)] out DnsName? name) => Root.TryPrepend(labels, out name);

    // Label lengths are below 64 and so below every letter: comparing all bytes alike is safe.
    private static bool EqualIgnoringCase(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }

        for (var i = 0; i < a.Length; i++)
        {
            if (Lower(a[i]) != Lower(b[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static byte Lower(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
}
