using System.Buffers.Binary;
using System.Globalization;

namespace Coracle.Schema;

/// <summary>
/// IP addresses and ranges as fields carry them (apimachinery, util/validation/ip.go). Fields from before strict validation accept addresses that are
/// not in canonical form; <c>strict</c> refuses those that different programs read differently (leading zeros, IPv4 mapped into IPv6, host bits).
/// </summary>
public static class IpRules
{
    private const string NotAddress = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    private const string NotRange = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    /// <summary>An address in a field of old: any form, and when <paramref name="strict"/> none that is ambiguous.</summary>
    public static IReadOnlyList<string> LegacyAddress(string value, bool strict = true)
    {
        if (!IpText.TryParse(value, out var ip)) return [NotAddress];
        if (!strict) return [];
        if (ip.HasLeadingZeros) return ["must not have leading 0s"];
        return ip.IsMapped ? ["must not be an IPv4-mapped IPv6 address"] : [];
    }

    /// <summary>An address in canonical form: a.b.c.d, or IPv6 as RFC 5952 writes it.</summary>
    public static IReadOnlyList<string> Address(string value)
    {
        var errors = LegacyAddress(value);
        if (errors.Count > 0) return errors;
        IpText.TryParse(value, out var ip);
        return ip.ToString() == value ? [] : [$"must be in canonical form ({GoText.Quote(ip.ToString())})"];
    }

    /// <summary>A range in a field of old.</summary>
    public static IReadOnlyList<string> LegacyCidr(string value, bool strict = true)
    {
        if (!CidrText.TryParse(value, out var cidr)) return [NotRange];
        if (!strict) return [];
        if (cidr.HasLeadingZeros) return ["must not have leading 0s in IP or prefix length"];
        if (cidr.Address.IsMapped) return ["must not have an IPv4-mapped IPv6 address"];
        return cidr.Masked.Bits != cidr.Address.Bits ? ["must not have bits set beyond the prefix length"] : [];
    }

    /// <summary>A range in canonical form: "192.168.1.0/24".</summary>
    public static IReadOnlyList<string> Cidr(string value)
    {
        var errors = LegacyCidr(value);
        if (errors.Count > 0) return errors;
        CidrText.TryParse(value, out var cidr);
        return cidr.ToString() == value ? [] : [$"must be in canonical form ({GoText.Quote(cidr.ToString())})"];
    }

    /// <summary>Whether the text is a range in any form.</summary>
    public static bool IsRange(string value) => CidrText.TryParse(value, out _);

    /// <summary>Whether a range is one of IPv6 addresses; IPv4 inside IPv6 is IPv4.</summary>
    public static bool IsIPv6Range(string value) => CidrText.TryParse(value, out var cidr) && !cidr.Address.IsIPv4;

    /// <summary>Whether a range is a part of another, and smaller.</summary>
    public static bool IsWithin(string inner, string outer) =>
        CidrText.TryParse(inner, out var small) && CidrText.TryParse(outer, out var large) && small.Address.IsSixteenBytes == large.Address.IsSixteenBytes
        && small.Length > large.Length && (large with { Address = small.Masked }).Masked.Bits == large.Masked.Bits;

    /// <summary>A whole address with the length of its network: "192.168.1.5/24".</summary>
    public static IReadOnlyList<string> InterfaceAddress(string value)
    {
        if (!CidrText.TryParse(value, out var cidr)) return ["must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)"];
        var length = cidr.Address.IsIPv4 && cidr.Length > 32 ? cidr.Length - 96 : cidr.Length;
        var canonical = string.Create(CultureInfo.InvariantCulture, $"{cidr.Address}/{length}");
        return canonical == value ? [] : [$"must be in canonical form ({GoText.Quote(canonical)})"];
    }

    /// <summary>The warning for an accepted address in another than the canonical form, or null.</summary>
    public static string? AddressWarning(FieldPath field, string value)
    {
        if (!IpText.TryParse(value, out var ip)) return null;
        if (ip.HasLeadingZeros || ip.IsMapped) return $"{field}: non-standard IP address {GoText.Quote(value)} is invalid: use {GoText.Quote(ip.ToString())}";
        return ip.IsIPv4 || ip.ToString() == value ? null : $"{field}: IPv6 address {GoText.Quote(value)} should be in RFC 5952 canonical format ({GoText.Quote(ip.ToString())})";
    }

    /// <summary>The warnings for an accepted range in another than the canonical form.</summary>
    public static IReadOnlyList<string> CidrWarnings(FieldPath field, string value)
    {
        if (!CidrText.TryParse(value, out var cidr)) return [];
        var warnings = new List<string>();
        var (quoted, canonical) = (GoText.Quote(value), GoText.Quote(cidr.ToString()));
        if (cidr.Masked.Bits != cidr.Address.Bits)
            warnings.Add($"{field}: CIDR value {quoted} is ambiguous in this context (should be {canonical} or \"{cidr.Address}/{(cidr.Address.IsSixteenBytes ? 128 : 32)}\"?)");
        if (cidr.HasLeadingZeros || cidr.Address.IsMapped)
            warnings.Add($"{field}: non-standard CIDR value {quoted} is invalid: use {canonical}");
        if (warnings.Count == 0 && !cidr.Address.IsIPv4 && cidr.ToString() != value)
            warnings.Add($"{field}: IPv6 CIDR value {quoted} should be in RFC 5952 canonical format ({canonical})");
        return warnings;
    }
}

/// <summary>An address with a prefix length, as text gave it.</summary>
internal readonly record struct CidrText(IpText Address, int Length, bool HasLeadingZeros)
{
    /// <summary>Width of the address as written: a mapped IPv4 address counts as IPv6 here.</summary>
    public IpText Masked => Address with { Bits = Length == 0 ? 0 : Address.Bits & (UInt128.MaxValue << ((Address.IsSixteenBytes ? 128 : 32) - Length)) };

    public static bool TryParse(string value, out CidrText cidr)
    {
        cidr = default;
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !IpText.TryParse(value.AsSpan(0, slash), out var ip)) return false;
        var digits = value.AsSpan(slash + 1);
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > (ip.IsSixteenBytes ? 128 : 32)) return false;
        cidr = new(ip, length, ip.HasLeadingZeros || digits.Length > 1 && digits[0] == '0');
        return true;
    }

    public override string ToString() => Address.IsMapped && Length >= 96
        ? string.Create(CultureInfo.InvariantCulture, $"{Masked}/{Length - 96}")
        : string.Create(CultureInfo.InvariantCulture, $"{Masked}/{Length}");
}

/// <summary>An IP address as text gave it. Leading zeros in IPv4 are accepted, and remembered; zones are not accepted.</summary>
internal readonly record struct IpText(UInt128 Bits, bool IsSixteenBytes, bool HasLeadingZeros)
{
    /// <summary>Written as IPv6, but an IPv4 address: ::ffff:1.2.3.4.</summary>
    public bool IsMapped => IsSixteenBytes && Bits >> 32 == 0xffff;

    public bool IsIPv4 => !IsSixteenBytes || IsMapped;

    public static bool TryParse(ReadOnlySpan<char> text, out IpText ip)
    {
        ip = default;
        if (!text.Contains(':'))
        {
            if (!TryParse4(text, out var four, out var zeros)) return false;
            ip = new(four, false, zeros);
            return true;
        }
        return TryParse6(text, out ip);
    }

    private static bool TryParse4(ReadOnlySpan<char> text, out uint bits, out bool zeros)
    {
        (bits, zeros) = (0, false);
        var count = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (++count > 4 || part.IsEmpty || part.IndexOfAnyExceptInRange('0', '9') >= 0) return false;
            zeros |= part.Length > 1 && part[0] == '0';
            var digits = part.TrimStart('0');
            if (digits.Length > 3) return false;
            var value = digits.IsEmpty ? 0 : int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
            if (value > 255) return false;
            bits = bits << 8 | (uint)value;
        }
        return count == 4;
    }

    private static bool TryParse6(ReadOnlySpan<char> text, out IpText ip)
    {
        ip = default;
        Span<ushort> groups = stackalloc ushort[8];
        var (count, gap, zeros) = (0, -1, false);
        if (text.StartsWith("::"))
        {
            gap = 0;
            text = text[2..];
        }
        while (!text.IsEmpty)
        {
            if (count == 8) return false;
            var end = text.IndexOf(':');
            var part = end < 0 ? text : text[..end];
            if (part.Contains('.'))
            {
                if (end >= 0 || count > 6 || !TryParse4(part, out var four, out zeros)) return false;
                groups[count++] = (ushort)(four >> 16);
                groups[count++] = (ushort)four;
                break;
            }
            if (part.Length is 0 or > 4 || !ushort.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out groups[count++])) return false;
            if (end < 0) break;
            text = text[(end + 1)..];
            if (text.IsEmpty) return false; // a single colon at the end
            if (text[0] != ':') continue;
            if (gap >= 0) return false;
            gap = count;
            text = text[1..];
        }
        if (gap < 0 ? count != 8 : count == 8) return false;
        UInt128 bits = 0;
        for (var i = 0; i < count; i++)
            bits |= (UInt128)groups[i] << (16 * (i < gap || gap < 0 ? 7 - i : count - 1 - i));
        ip = new(bits, true, zeros);
        return true;
    }

    /// <summary>The canonical text: dotted for IPv4 (mapped or not), RFC 5952 otherwise.</summary>
    public override string ToString() => IsIPv4
        ? string.Create(CultureInfo.InvariantCulture, $"{(byte)(Bits >> 24)}.{(byte)(Bits >> 16)}.{(byte)(Bits >> 8)}.{(byte)Bits}")
        : Format6();

    private string Format6()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        var (start, length) = LongestZeros(bytes);
        var text = new System.Text.StringBuilder(40);
        for (var i = 0; i < 8; i++)
        {
            if (i == start)
            {
                text.Append("::");
                i += length - 1;
                continue;
            }
            if (text.Length > 0 && text[^1] != ':') text.Append(':');
            text.Append(BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * i)..]).ToString("x", CultureInfo.InvariantCulture));
        }
        return text.ToString();
    }

    /// <summary>The first of the longest runs of two or more zero groups; a start of -1 when there is none.</summary>
    private static (int Start, int Length) LongestZeros(ReadOnlySpan<byte> bytes)
    {
        var (best, bestLength) = (-1, 1);
        for (var i = 0; i < 8; i++)
        {
            var end = i;
            while (end < 8 && BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * end)..]) == 0) end++;
            if (end - i > bestLength) (best, bestLength) = (i, end - i);
            i = Math.Max(i, end - 1);
        }
        return (best, bestLength);
    }
}
