namespace Coracle.Node.Network;

/// <summary>The protocol of a service port (<c>spec.ports[].protocol</c>).</summary>
public enum TransportProtocol
{
    Tcp,
    Udp,
    Sctp,
}

/// <summary>How protocols are spelled in rules, names of records and <c>conntrack</c> arguments.</summary>
public static class TransportProtocols
{
    /// <summary><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</summary>
    public static string Lower(this TransportProtocol protocol) => protocol switch
    {
        TransportProtocol.Tcp => "tcp",
        TransportProtocol.Udp => "udp",
        TransportProtocol.Sctp => "sctp",
        _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol, null),
    };

    /// <summary>Reads the API's spelling (<c>TCP</c>, <c>UDP</c>, <c>SCTP</c>); absent means TCP, anything else is no protocol of ours.</summary>
    public static TransportProtocol? Parse(string? text) => text switch
    {
        null or "" or "TCP" => TransportProtocol.Tcp,
        "UDP" => TransportProtocol.Udp,
        "SCTP" => TransportProtocol.Sctp,
        _ => null,
    };
}
