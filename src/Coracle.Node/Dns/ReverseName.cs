using System.Globalization;
using System.Net;

namespace Coracle.Node.Dns;

/// <summary>Addresses as names: <c>4.3.2.1.in-addr.arpa</c>, and 32 nibbles under <c>ip6.arpa</c>; and as one label.</summary>
internal static class ReverseName
{
    public static DnsName V4Zone { get; } = DnsName.Parse("in-addr.arpa");

    public static DnsName V6Zone { get; } = DnsName.Parse("ip6.arpa");

    /// <summary>The address that a reverse name stands for; null if it is not a complete one.</summary>
    public static IPAddress? Parse(string[] labels) => labels switch
    {
        [.. var digits, "in-addr", "arpa"] when digits.Length == 4 => ParseV4(digits),
        [.. var nibbles, "ip6", "arpa"] when nibbles.Length == 32 => ParseV6(nibbles),
        _ => null,
    };

    /// <summary><c>10-244-0-7</c>, <c>fd00--7</c>: what stands for an endpoint without a hostname.</summary>
    public static string Dashed(IPAddress address) => address.ToString().Replace('.', '-').Replace(':', '-');

    /// <summary>The inverse of <see cref="Dashed"/>; null if it is no address.</summary>
    public static IPAddress? ParseDashed(string label)
    {
        var isV4 = label.Count(c => c == '-') == 3 && !label.Contains("--", StringComparison.Ordinal);
        return isV4 ? ParseV4([.. label.Split('-').Reverse()])
            : IPAddress.TryParse(label.Replace('-', ':'), out var address) && label.Contains('-') ? address
            : null;
    }

    private static IPAddress? ParseV4(string[] reversed)
    {
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < 4; i++)
        {
            var text = reversed[3 - i];
            if (!byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bytes[i]) || (text.Length > 1 && text[0] == '0'))
            {
                return null;
            }
        }

        return new IPAddress(bytes);
    }

    private static IPAddress? ParseV6(string[] reversed)
    {
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < 16; i++)
        {
            var text = reversed[31 - (2 * i)] + reversed[30 - (2 * i)];
            if (text.Length != 2 || !byte.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
            {
                return null;
            }
        }

        return new IPAddress(bytes);
    }
}
