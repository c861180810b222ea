using System.Security.Cryptography;
using System.Text;

namespace Coracle.Node.Streaming;

/// <summary>
/// The answer to a request that asks for an upgrade: which protocol, and what to send back. Pure; the HTTP server below is
/// the caller's. Upstream: <c>httpstream.Handshake</c> for SPDY, <c>wsstream</c> for WebSockets.
/// </summary>
public abstract record UpgradeOffer
{
    private UpgradeOffer() { }

    /// <summary>Answer 101 with these headers, then hand the connection to <see cref="RemoteCommandServer"/> or another server of this folder.</summary>
    public sealed record Accepted(StreamingProtocol Protocol, IReadOnlyList<KeyValuePair<string, string>> Headers) : UpgradeOffer;

    /// <summary>Answer with this status, these headers and this text.</summary>
    public sealed record Refused(int StatusCode, string Text, IReadOnlyList<KeyValuePair<string, string>> Headers) : UpgradeOffer;

    /// <summary>The request asks for no upgrade.</summary>
    public sealed record NotAsked : UpgradeOffer;

    private const string ProtocolHeader = "X-Stream-Protocol-Version";
    private static readonly string[] SpdyCommands = ["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"];
    private static readonly string[] SpdyForwards = ["portforward.k8s.io"];

    private static readonly string[] SocketCommands =
    [
        "v5.channel.k8s.io", "v4.channel.k8s.io", "v4.base64.channel.k8s.io", "channel.k8s.io", "base64.channel.k8s.io", "",
    ];

    private static readonly string[] SocketForwards =
        ["SPDY/3.1+portforward.k8s.io", "v4.channel.k8s.io", "v4.base64.channel.k8s.io", "portforward.k8s.io", ""];

    private static readonly string[] SocketOutputs = ["binary.k8s.io", "base64.binary.k8s.io", ""];

    /// <param name="header">The values of a request header, by its name; none when it is missing.</param>
    public static UpgradeOffer Decide(StreamingKind kind, Func<string, IEnumerable<string?>> header)
    {
        if (!Values(header, "Connection").Any(v => v.Contains("upgrade", StringComparison.OrdinalIgnoreCase)))
            return new NotAsked();
        var upgrade = Values(header, "Upgrade").ToArray();
        if (upgrade.Any(v => v.Equals("websocket", StringComparison.OrdinalIgnoreCase)))
            return WebSocket(kind, header);
        if (kind != StreamingKind.Output && upgrade.Any(v => v.Equals("SPDY/3.1", StringComparison.OrdinalIgnoreCase)))
            return Spdy(kind, header);
        return new Refused(400, "unable to upgrade: missing upgrade headers in request", []);
    }

    private static UpgradeOffer Spdy(StreamingKind kind, Func<string, IEnumerable<string?>> header)
    {
        var asked = Values(header, ProtocolHeader).ToArray();
        if (asked.Length == 0)
            return new Refused(400, $"unable to upgrade: header {ProtocolHeader} does not exist in request", []);
        var ours = kind == StreamingKind.RemoteCommand ? SpdyCommands : SpdyForwards;
        if (asked.FirstOrDefault(ours.Contains) is not { } chosen)
        {
            return new Refused(403,
                $"unable to upgrade: unable to negotiate protocol: client supports [{string.Join(' ', asked)}], server accepts [{string.Join(' ', ours)}]",
                [.. ours.Select(o => KeyValuePair.Create("X-Accepted-Stream-Protocol-Versions", o))]);
        }
        return new Accepted(new StreamingProtocol(false, chosen),
        [
            KeyValuePair.Create("Connection", "Upgrade"),
            KeyValuePair.Create("Upgrade", "SPDY/3.1"),
            KeyValuePair.Create(ProtocolHeader, chosen),
        ]);
    }

    private static UpgradeOffer WebSocket(StreamingKind kind, Func<string, IEnumerable<string?>> header)
    {
        var asked = Values(header, "Sec-WebSocket-Protocol").Where(p => !IsBearerToken(p)).ToArray();
        var ours = kind switch
        {
            StreamingKind.RemoteCommand => SocketCommands,
            StreamingKind.PortForward => SocketForwards,
            _ => SocketOutputs,
        };
        var chosen = asked.Length == 0 ? "" : asked.FirstOrDefault(ours.Contains);
        if (chosen is null)
            return new Refused(403, $"requested protocol(s) are not supported: [{string.Join(' ', asked)}]; supports [{string.Join(' ', ours)}]", []);
        if (Values(header, "Sec-WebSocket-Key").FirstOrDefault() is not { } key)
            return new Refused(400, "unable to upgrade: header Sec-WebSocket-Key does not exist in request", []);
        List<KeyValuePair<string, string>> headers =
        [
            KeyValuePair.Create("Connection", "Upgrade"),
            KeyValuePair.Create("Upgrade", "websocket"),
            KeyValuePair.Create("Sec-WebSocket-Accept", AcceptKey(key)),
        ];
        if (chosen.Length > 0)
            headers.Add(KeyValuePair.Create("Sec-WebSocket-Protocol", chosen));
        return new Accepted(new StreamingProtocol(true, chosen), headers);
    }

    /// <summary>A browser can send its token only as a subprotocol, which is for authentication to see, not for us.</summary>
    private static bool IsBearerToken(string protocol) =>
        protocol.StartsWith("base64url.bearer.authorization.k8s.io.", StringComparison.Ordinal);

    /// <summary>RFC 6455, 4.2.2: SHA-1 is what the handshake asks for; nothing is kept secret by it.</summary>
#pragma warning disable CA5350
    private static string AcceptKey(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350

    private static IEnumerable<string> Values(Func<string, IEnumerable<string?>> header, string name) =>
        header(name).SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
