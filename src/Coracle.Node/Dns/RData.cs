using System.Collections.Immutable;

namespace Coracle.Node.Dns;

/// <summary>A record's data: bytes, with the names among them kept apart, because in a message names may be compressed.</summary>
public sealed class RData : IEquatable<RData>
{
    private readonly ImmutableArray<Part> _parts;

    internal RData(ImmutableArray<Part> parts) => _parts = parts;

    internal ImmutableArray<Part> Parts => _parts;

    /// <summary>The first name in it; null if it has none.</summary>
    public DnsName? FirstName => _parts.FirstOrDefault(p => p.Name is not null).Name;

    /// <summary>What comes before the first name, or everything.</summary>
    public ReadOnlyMemory<byte> FirstBytes => _parts is [{ Name: null } first, ..] ? first.Bytes : default;

    /// <summary>What comes after the last name; empty if it ends with a name.</summary>
    public ReadOnlyMemory<byte> LastBytes => _parts is [.., { Name: null } last] ? last.Bytes : default;

    public static RData Bytes(ReadOnlyMemory<byte> bytes) => new([new Part(null, bytes)]);

    public static RData Of(DnsName name) => new([new Part(name, default)]);

    public static RData Of(ReadOnlyMemory<byte> before, DnsName name) => new([new Part(null, before), new Part(name, default)]);

    public static RData Of(DnsName first, DnsName second, ReadOnlyMemory<byte> after) =>
        new([new Part(first, default), new Part(second, default), new Part(null, after)]);

    public bool Equals(RData? other) => other is not null && _parts.AsSpan().SequenceEqual(other._parts.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as RData);

    public override int GetHashCode() => _parts.Length;

    /// <summary>Either a name or bytes.</summary>
    internal readonly record struct Part(DnsName? Name, ReadOnlyMemory<byte> Bytes)
    {
        public bool Equals(Part other) => Equals(Name, other.Name) && Bytes.Span.SequenceEqual(other.Bytes.Span);

        public override int GetHashCode() => HashCode.Combine(Name, Bytes.Length);
    }
}

/// <summary>
/// Where names stand in a record's data. Older types may arrive with compressed names and so must be taken apart to be passed on
/// (RFC 3597, section 4); everything else is opaque.
/// </summary>
internal static class RDataLayout
{
    /// <summary>
    /// One letter a field: a digit for so many bytes, <c>n</c> for a name, <c>s</c> for a counted string, <c>*</c> for the rest.
    /// </summary>
    public static string Of(DnsType type) => type switch
    {
        DnsType.NS or DnsType.CNAME or DnsType.PTR or DnsType.DNAME => "n",
        DnsType.MD or DnsType.MF or DnsType.MB or DnsType.MG or DnsType.MR => "n",
        DnsType.MX or DnsType.AFSDB or DnsType.RT or DnsType.KX => "2n",
        DnsType.SOA => "nn*",
        DnsType.MINFO or DnsType.RP => "nn",
        DnsType.PX => "2nn",
        DnsType.SRV => "6n",
        DnsType.NAPTR => "4sssn",
        _ => "*",
    };

    /// <summary>Names may be compressed on sending in the types of RFC 1035 only.</summary>
    public static bool MayCompress(DnsType type) =>
        type is DnsType.NS or DnsType.CNAME or DnsType.PTR or DnsType.MX or DnsType.SOA
            or DnsType.MD or DnsType.MF or DnsType.MB or DnsType.MG or DnsType.MR or DnsType.MINFO;
}
