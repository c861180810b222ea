using System.Net;
using System.Net.Sockets;

namespace Coracle.Controllers;

/// <summary>A range of addresses cut into smaller ones of equal size, by number. Pure.</summary>
internal sealed class AddressRanges
{
    private readonly IPNetwork whole;
    private readonly int prefix;
    private readonly int shift;

    /// <param name="whole">What is cut up.</param>
    /// <param name="prefix">Length of the pieces' prefix; that of the whole when longer.</param>
    public AddressRanges(IPNetwork whole, int prefix)
    {
        this.whole = whole;
        this.prefix = Math.Max(prefix, whole.PrefixLength);
        shift = (whole.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32) - this.prefix;
        Count = 1L << Math.Min(this.prefix - whole.PrefixLength, 40);
    }

    public long Count { get; }

    public IPNetwork this[long index]
    {
        get
        {
            var bits = Number(whole.BaseAddress) + ((UInt128)index << shift);
            return new(Address(bits), prefix);
        }
    }

    /// <summary>The pieces that share addresses with another range; null when there are none.</summary>
    public (long First, long Last)? Overlap(IPNetwork other)
    {
        if (other.BaseAddress.AddressFamily != whole.BaseAddress.AddressFamily) return null;
        if (!whole.Contains(other.BaseAddress)) return other.Contains(whole.BaseAddress) ? (0, Count - 1) : null;
        var first = (Number(other.BaseAddress) - Number(whole.BaseAddress)) >> shift;
        var length = other.PrefixLength >= prefix ? 1 : 1L << (prefix - Math.Max(other.PrefixLength, whole.PrefixLength));
        return ((long)first, (long)first + length - 1);
    }

    private static UInt128 Number(IPAddress address)
    {
        UInt128 number = 0;
        foreach (var part in address.GetAddressBytes()) number = (number << 8) | part;
        return number;
    }

    private IPAddress Address(UInt128 number)
    {
        var bytes = new byte[whole.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? 16 : 4];
        for (var i = bytes.Length - 1; i >= 0; i--, number >>= 8) bytes[i] = (byte)number;
        return new(bytes);
    }
}
