using System.Net;
using System.Security.Cryptography;
using System.Text;
using Coracle.Node.Network;

namespace Coracle.Node.Proxy;

/// <summary>
/// Names of chains and sets: a prefix that says what it is, and 80 bits of a hash of whose it is. The same thing has the same name in
/// every process, so a later process takes over what an earlier one loaded.
/// </summary>
internal static class Names
{
    public static string ClusterChain(ServiceKey service, ServicePortSpec port) => "svc-" + Hash(Identity(service, port));

    public static string LocalChain(ServiceKey service, ServicePortSpec port) => "local-" + Hash(Identity(service, port));

    public static string ExternalChain(ServiceKey service, ServicePortSpec port) => "ext-" + Hash(Identity(service, port));

    public static string GuardChain(ServiceKey service, ServicePortSpec port) => "guard-" + Hash(Identity(service, port));

    public static string EndpointChain(ServiceKey service, ServicePortSpec port, IPEndPoint target) =>
        "ep-" + Hash($"{Identity(service, port)} {target}");

    /// <summary>The time-out is part of the name, because a set's time-out cannot be changed in place.</summary>
    public static string AffinitySet(ServiceKey service, ServicePortSpec port, IPEndPoint target, int timeoutSeconds) =>
        "aff-" + Hash($"{Identity(service, port)} {target} {timeoutSeconds}");

    /// <summary>Whose an element is, for readers of the table. nft takes no comment above 128 characters, and no quote inside.</summary>
    public static string Comment(ServiceKey service, ServicePortSpec? port = null)
    {
        var text = (port is null ? service.ToString() : $"{service}:{port.Name}").Replace('"', '?');
        return text.Length <= CommentLengthMax ? text : text[..CommentLengthMax];
    }

    private const int CommentLengthMax = 120;

    private static string Identity(ServiceKey service, ServicePortSpec port) => $"{service}:{port.Name}/{port.Protocol.Lower()}";

    private static string Hash(string identity) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 10));
}
