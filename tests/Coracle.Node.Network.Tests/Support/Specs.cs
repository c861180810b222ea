using System.Net;

namespace Coracle.Node.Network.Tests.Support;

/// <summary>Short spellings of services and slices.</summary>
internal static class Specs
{
    public static ServiceSpec Service(string name, string clusterIP, params ServicePortSpec[] ports) => new()
    {
        Key = Key(name),
        ClusterIPs = clusterIP.Length > 0 ? [.. clusterIP.Split(',').Select(IPAddress.Parse)] : [],
        Ports = [.. ports.Length > 0 ? ports : [Tcp(80)]],
    };

    public static ServiceKey Key(string name) => name.Split('/') is [var ns, var n] ? new ServiceKey(ns, n) : new ServiceKey("default", name);

    public static ServicePortSpec Tcp(int port, int nodePort = 0, string name = "") => new(name, TransportProtocol.Tcp, port, nodePort);

    public static ServicePortSpec Udp(int port, int nodePort = 0, string name = "") => new(name, TransportProtocol.Udp, port, nodePort);

    public static EndpointSliceSpec Slice(string service, int port, params EndpointSpec[] endpoints) =>
        Slice(service, [new EndpointPortSpec("", TransportProtocol.Tcp, port)], endpoints);

    public static EndpointSliceSpec Slice(string service, EndpointPortSpec[] ports, params EndpointSpec[] endpoints) => new()
    {
        Namespace = Key(service).Namespace,
        Name = Key(service).Name + "-1",
        ServiceName = Key(service).Name,
        Ports = [.. ports],
        Endpoints = [.. endpoints],
    };

    public static EndpointSpec Endpoint(string address, string node = "node") => new(IPAddress.Parse(address)) { NodeName = node };

    public static EndpointPortSpec UdpPort(int port, string name = "") => new(name, TransportProtocol.Udp, port);

    public static EndpointPortSpec TcpPort(int port, string name = "") => new(name, TransportProtocol.Tcp, port);
}
