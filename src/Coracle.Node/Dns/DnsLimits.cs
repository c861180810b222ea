namespace Coracle.Node.Dns;

/// <summary>Sizes of messages.</summary>
public static class DnsLimits
{
    /// <summary>The UDP size we offer with EDNS: the largest that no common path fragments.</summary>
    public const int UdpPayload = 1232;

    /// <summary>What a UDP client takes that says nothing about it.</summary>
    public const int UdpPayloadMin = 512;

    /// <summary>The largest UDP response we send, whatever the client offers.</summary>
    public const int UdpPayloadMax = 4096;

    /// <summary>Over TCP, a length has 16 bits.</summary>
    public const int MessageMax = 65535;
}
