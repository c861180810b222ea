using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Coracle.Node.Dns;

/// <summary>A query or a response. The EDNS pseudo-record is not among <see cref="Additional"/> but in <see cref="Edns"/>.</summary>
public sealed record DnsMessage
{
    public ushort Id { get; init; }

    public bool IsResponse { get; init; }

    /// <summary>0 for a plain query, which is all that is served.</summary>
    public int OpCode { get; init; }

    public bool Authoritative { get; init; }

    public bool Truncated { get; init; }

    public bool RecursionDesired { get; init; }

    public bool RecursionAvailable { get; init; }

    public bool AuthenticData { get; init; }

    public bool CheckingDisabled { get; init; }

    /// <summary>With the upper bits from EDNS, if there is any.</summary>
    public DnsCode Code { get; init; }

    public ImmutableArray<DnsQuestion> Questions { get; init; } = [];

    public ImmutableArray<DnsRecord> Answers { get; init; } = [];

    public ImmutableArray<DnsRecord> Authority { get; init; } = [];

    public ImmutableArray<DnsRecord> Additional { get; init; } = [];

    public Edns? Edns { get; init; }

    /// <summary>An empty response to a query: same id, question and flags that are to be copied.</summary>
    public DnsMessage Respond(DnsCode code) => new()
    {
        Id = Id,
        IsResponse = true,
        OpCode = OpCode,
        RecursionDesired = RecursionDesired,
        RecursionAvailable = true,
        CheckingDisabled = CheckingDisabled,
        Code = code,
        Questions = Questions,
        Edns = Edns is null ? null : new Edns(DnsLimits.UdpPayload) { DnssecOk = Edns.DnssecOk },
    };
}

/// <summary>What is asked.</summary>
public sealed record DnsQuestion(DnsName Name, DnsType Type, DnsClass Class = DnsClass.IN);

/// <summary>EDNS(0), RFC 6891. Options are dropped on reading: none is needed between a pod and its node.</summary>
/// <param name="UdpPayload">The largest UDP message the sender takes.</param>
public sealed record Edns(int UdpPayload)
{
    public int Version { get; init; }

    public bool DnssecOk { get; init; }
}

/// <summary>A resource record.</summary>
public sealed record DnsRecord(DnsName Name, DnsType Type, DnsClass Class, uint Ttl, RData Data)
{
    public static DnsRecord Address(DnsName name, uint ttl, IPAddress address) =>
        new(name, address.AddressFamily == AddressFamily.InterNetworkV6 ? DnsType.AAAA : DnsType.A, DnsClass.IN, ttl, RData.Bytes(address.GetAddressBytes()));

    public static DnsRecord CName(DnsName name, uint ttl, DnsName target) => new(name, DnsType.CNAME, DnsClass.IN, ttl, RData.Of(target));

    public static DnsRecord Ptr(DnsName name, uint ttl, DnsName target) => new(name, DnsType.PTR, DnsClass.IN, ttl, RData.Of(target));

    public static DnsRecord Srv(DnsName name, uint ttl, int priority, int weight, int port, DnsName target)
    {
        byte[] numbers = [(byte)(priority >> 8), (byte)priority, (byte)(weight >> 8), (byte)weight, (byte)(port >> 8), (byte)port];
        return new DnsRecord(name, DnsType.SRV, DnsClass.IN, ttl, RData.Of(numbers, target));
    }

    /// <summary>The address of an A or AAAA record; null for other records, or if the data is no address.</summary>
    public IPAddress? IPAddress =>
        (Type, Data.FirstBytes.Length) is (DnsType.A, 4) or (DnsType.AAAA, 16) ? new IPAddress(Data.FirstBytes.Span) : null;
}
