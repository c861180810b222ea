using System.Globalization;
using T = Coracle.Schema.Cel.CelType;

namespace Coracle.Schema.Cel;

internal sealed class AddressValue(IpText address) : CelObject
{
    public static readonly T AddressType = T.Opaque("net.IP");

    public IpText Address => address;
    public override T Type => AddressType;
    public override long? Size => address.IsSixteenBytes ? 16 : 4;
    public override bool SameAs(CelObject other) => other is AddressValue theirs && theirs.Address.Bits == address.Bits && theirs.Address.IsSixteenBytes == address.IsSixteenBytes;
    public override string ToString() => address.ToString();
}

internal sealed class RangeValue(CidrText range) : CelObject
{
    public static readonly T RangeType = T.Opaque("net.CIDR");

    public CidrText Range => range;
    public override T Type => RangeType;
    public override long? Size => (range.Length + 7) / 8;
    public override bool SameAs(CelObject other) =>
        other is RangeValue theirs && theirs.Range.Length == range.Length && theirs.Range.Address.Bits == range.Address.Bits && theirs.Range.Address.IsSixteenBytes == range.Address.IsSixteenBytes;
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{range.Address}/{range.Length}");
}

/// <summary>IP addresses and ranges: <c>cidr("10.0.0.0/8").containsIP(ip("10.1.2.3"))</c>.</summary>
internal static class Addresses
{
    private static readonly T Ip = AddressValue.AddressType, Cidr = RangeValue.RangeType;

    public static CelLibrary Library { get; } = new("kubernetes.net.ip",
        new("ip", CelOverload.Function("string_to_ip", [T.String], Ip, s => Parse(s.AsString)), CelOverload.Member("cidr_ip", [Cidr], Ip, c => Value(Range(c).Address))),
        new("family", CelOverload.Member("ip_family", [Ip], T.Int, a => CelValue.Int(Of(a).IsSixteenBytes ? 6 : 4))),
        new("ip.isCanonical", CelOverload.Function("ip_is_canonical", [T.String], T.Bool, s => Parse(s.AsString) is { IsError: false } ip ? CelValue.Bool(ip.ToString() == s.AsString) : Parse(s.AsString))),
        new("isUnspecified", CelOverload.Member("ip_is_unspecified", [Ip], T.Bool, a => CelValue.Bool(Of(a).Bits == 0))),
        new("isLoopback", CelOverload.Member("ip_is_loopback", [Ip], T.Bool, a => CelValue.Bool(Of(a) is var ip && (ip.IsSixteenBytes ? ip.Bits == 1 : First(ip) == 127)))),
        new("isLinkLocalMulticast", CelOverload.Member("ip_is_link_local_multicast", [Ip], T.Bool, a => CelValue.Bool(IsLinkLocalMulticast(Of(a))))),
        new("isLinkLocalUnicast", CelOverload.Member("ip_is_link_local_unicast", [Ip], T.Bool, a => CelValue.Bool(IsLinkLocalUnicast(Of(a))))),
        new("isGlobalUnicast", CelOverload.Member("ip_is_global_unicast", [Ip], T.Bool, a => CelValue.Bool(IsGlobalUnicast(Of(a))))),
        new("isIP", CelOverload.Function("is_ip", [T.String], T.Bool, s => CelValue.Bool(!Parse(s.AsString).IsError))),
        new("cidr", CelOverload.Function("string_to_cidr", [T.String], Cidr, s => ParseRange(s.AsString))),
        new("containsIP",
            CelOverload.Member("cidr_contains_ip_string", [Cidr, T.String], T.Bool, (c, s) => Parse(s.AsString) is { IsError: false } ip ? Contains(c, Of(ip)) : Parse(s.AsString)),
            CelOverload.Member("cidr_contains_ip_ip", [Cidr, Ip], T.Bool, (c, a) => Contains(c, Of(a)))),
        new("containsCIDR",
            CelOverload.Member("cidr_contains_cidr_string", [Cidr, T.String], T.Bool, (c, s) => ParseRange(s.AsString) is { IsError: false } other ? ContainsRange(c, other) : ParseRange(s.AsString)),
            CelOverload.Member("cidr_contains_cidr", [Cidr, Cidr], T.Bool, ContainsRange)),
        new("prefixLength", CelOverload.Member("cidr_prefix_length", [Cidr], T.Int, c => CelValue.Int(Range(c).Length))),
        new("masked", CelOverload.Member("cidr_masked", [Cidr], Cidr, c => CelValue.Object(new RangeValue(Range(c) with { Address = Range(c).Masked })))),
        new("isCIDR", CelOverload.Function("is_cidr", [T.String], T.Bool, s => CelValue.Bool(!ParseRange(s.AsString).IsError))),
        new("string",
            CelOverload.Function("ip_to_string", [Ip], T.String, (CelValue a) => CelValue.String(a.ToString())),
            CelOverload.Function("cidr_to_string", [Cidr], T.String, (CelValue c) => CelValue.String(c.ToString()))))
    {
        Types = [Ip, Cidr],
    };

    private static CelValue Value(IpText address) => CelValue.Object(new AddressValue(address));
    private static IpText Of(CelValue value) => ((AddressValue)value.AsObject).Address;
    private static CidrText Range(CelValue value) => ((RangeValue)value.AsObject).Range;
    private static int First(IpText ip) => (int)(ip.Bits >> 24);

    private static CelValue Parse(string text)
    {
        var quoted = GoText.Quote(text);
        if (text.Contains(':', StringComparison.Ordinal) && text.IndexOf('%', StringComparison.Ordinal) is > 0 and var zone && zone + 1 < text.Length && IpText.TryParse(text.AsSpan(0, zone), out _))
            return CelValue.Error($"IP address {quoted} with zone value is not allowed");
        if (!IpText.TryParse(text, out var ip) || ip.HasLeadingZeros) return CelValue.Error($"IP Address {quoted} parse error during conversion from string: {NetText.AddressError(text)}");
        return ip.IsMapped ? CelValue.Error($"IPv4-mapped IPv6 address {quoted} is not allowed") : Value(ip);
    }

    private static CelValue ParseRange(string text)
    {
        const string Prefix = "network address parse error during conversion from string: ";
        if (NetText.PrefixError(text) is { } error) return CelValue.Error(Prefix + Prefix + error);
        CidrText.TryParse(text, out var range);
        return range.Address.IsMapped ? CelValue.Error($"{Prefix}IPv4-mapped IPv6 address {GoText.Quote(text)} is not allowed") : CelValue.Object(new RangeValue(range));
    }

    private static CelValue Contains(CelValue range, IpText ip)
    {
        var within = Range(range);
        return CelValue.Bool(ip.IsSixteenBytes == within.Address.IsSixteenBytes && (within with { Address = ip }).Masked.Bits == within.Masked.Bits);
    }

    private static CelValue ContainsRange(CelValue range, CelValue other) =>
        CelValue.Bool(Range(other).Length >= Range(range).Length && Contains(range, Range(other).Address).IsTrue);

    private static bool IsLinkLocalMulticast(IpText ip) => ip.IsSixteenBytes ? (ip.Bits >> 112 & 0xff0f) == 0xff02 : ip.Bits >> 8 == 0xe00000;

    private static bool IsLinkLocalUnicast(IpText ip) => ip.IsSixteenBytes ? (ip.Bits >> 112 & 0xffc0) == 0xfe80 : ip.Bits >> 16 == 0xa9fe;

    private static bool IsGlobalUnicast(IpText ip)
    {
        if (ip.IsSixteenBytes) return ip.Bits > 1 && ip.Bits >> 120 != 0xff && !IsLinkLocalUnicast(ip);
        return ip.Bits != 0 && ip.Bits != 0xffffffff && First(ip) != 127 && (First(ip) & 0xf0) != 0xe0 && !IsLinkLocalUnicast(ip);
    }
}

/// <summary>What Go's netip says of texts that are no address.</summary>
internal static class NetText
{
    public static string AddressError(string text)
    {
        var quoted = GoText.Quote(text);
        foreach (var c in text)
        {
            if (c == '.') return $"ParseAddr({quoted}): {Dotted(text)}";
            if (c == ':') return $"ParseAddr({quoted}): {(text.Contains("::", StringComparison.Ordinal) || text.Count(x => x == ':') >= 7 ? "unexpected character" : "address string too short")}";
            if (c == '%') return $"ParseAddr({quoted}): missing IPv6 address";
        }
        return $"ParseAddr({quoted}): unable to parse IP";
    }

    private static string Dotted(string text)
    {
        var fields = text.Split('.');
        foreach (var field in fields)
        {
            if (field.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0) return $"unexpected character (at {GoText.Quote(text[text.AsSpan().IndexOfAnyExcept("0123456789.")..])})";
            if (field.Length == 0) return "IPv4 field must have at least one digit";
            if (field.Length > 1 && field[0] == '0') return "IPv4 field has octet with leading zero";
            if (field.Length > 3 || int.Parse(field, CultureInfo.InvariantCulture) > 255) return "IPv4 field has value >255";
        }
        return fields.Length < 4 ? "IPv4 address too short" : "IPv4 address too long";
    }

    /// <summary>Null when the text is a range as netip reads it.</summary>
    public static string? PrefixError(string text)
    {
        string Error(string what) => $"netip.ParsePrefix({GoText.Quote(text)}): {what}";
        var slash = text.LastIndexOf('/');
        if (slash < 0) return Error("no '/'");
        var address = text[..slash];
        var digits = text[(slash + 1)..];
        if (address.Contains('%', StringComparison.Ordinal)) return Error("IPv6 zones cannot be present in a prefix");
        if (!IpText.TryParse(address, out var ip) || ip.HasLeadingZeros) return Error(AddressError(address));
        if (digits.Length == 0 || digits.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0 || (digits.Length > 1 && digits[0] == '0')) return Error($"bad bits after slash: {GoText.Quote(digits)}");
        return digits.Length > 3 || int.Parse(digits, CultureInfo.InvariantCulture) > (ip.IsSixteenBytes ? 128 : 32) ? Error("prefix length out of range") : null;
    }
}
