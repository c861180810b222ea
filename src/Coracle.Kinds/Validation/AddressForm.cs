using System.Net;
using System.Net.Sockets;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>
/// How addresses are written (upstream: util/validation/ip.go). Forms that programs read differently, leading zeros and IPv4 inside IPv6, are refused unless
/// the object had them before; others that are merely unusual are warned of.
/// </summary>
internal static class AddressForm
{
    /// <summary>Adds what is wrong with the address; true when nothing is.</summary>
    internal static bool Strict(FieldPath path, string value, IReadOnlySet<string> accepted, FieldErrors errors)
    {
        if (accepted.Contains(value)) return true;
        var before = errors.Count;
        if (Checks.ParseIp(value) is not { } ip) errors.Invalid(path, value, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        else if (HasLeadingZeros(value)) errors.Invalid(path, value, "must not have leading 0s");
        else if (ip.IsIPv4MappedToIPv6) errors.Invalid(path, value, "must not be an IPv4-mapped IPv6 address");
        return errors.Count == before;
    }

    internal static void Warn(FieldPath path, string value, List<string> warnings)
    {
        if (Checks.ParseIp(value) is not { } ip) return;
        if (HasLeadingZeros(value) || ip.IsIPv4MappedToIPv6)
            warnings.Add($"{path}: non-standard IP address {GoText.Quote(value)} will be considered invalid in a future Kubernetes release: use {GoText.Quote(Plain(ip).ToString())}");
        else if (ip.AddressFamily == AddressFamily.InterNetworkV6 && ip.ToString() != value)
            warnings.Add($"{path}: IPv6 address {GoText.Quote(value)} should be in RFC 5952 canonical format ({GoText.Quote(ip.ToString())})");
    }

    internal static void WarnOfRange(FieldPath path, string value, List<string> warnings)
    {
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || Checks.ParseIp(value[..slash]) is not { } ip || !int.TryParse(value.AsSpan(slash + 1), out var length)) return;
        var bits = ip.GetAddressBytes().Length * 8;
        if (length < 0 || length > bits) return;
        var network = Network(ip, length);
        var before = warnings.Count;
        var range = $"{Plain(network)}/{length}";
        if (!network.Equals(ip)) warnings.Add($"{path}: CIDR value {GoText.Quote(value)} is ambiguous in this context (should be {GoText.Quote(range)} or {GoText.Quote($"{ip}/{bits}")}?)");
        if (HasLeadingZeros(value[..slash]) || ip.IsIPv4MappedToIPv6 || value[slash + 1] == '0' && value.Length > slash + 2)
            warnings.Add($"{path}: non-standard CIDR value {GoText.Quote(value)} will be considered invalid in a future Kubernetes release: use {GoText.Quote(range)}");
        if (warnings.Count == before && ip.AddressFamily == AddressFamily.InterNetworkV6 && $"{ip}/{length}" != value)
            warnings.Add($"{path}: IPv6 CIDR value {GoText.Quote(value)} should be in RFC 5952 canonical format ({GoText.Quote($"{ip}/{length}")})");
    }

    private static IPAddress Network(IPAddress ip, int length)
    {
        var bytes = ip.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++) bytes[i] &= (byte)(0xff << (8 - Math.Clamp(length - 8 * i, 0, 8)));
        return new IPAddress(bytes);
    }

    private static IPAddress Plain(IPAddress ip) => ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip;

    private static bool HasLeadingZeros(string value) =>
        !value.Contains(':', StringComparison.Ordinal) && value.Split('.').Any(part => part.Length > 1 && part[0] == '0');
}
