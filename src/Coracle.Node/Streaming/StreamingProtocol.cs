namespace Coracle.Node.Streaming;

/// <summary>What a client and we agreed to speak after the HTTP upgrade.</summary>
/// <param name="IsWebSocket">Else SPDY/3.1.</param>
/// <param name="Name">The subprotocol as negotiated, such as <c>v5.channel.k8s.io</c>; empty when the client named none.</param>
public sealed record StreamingProtocol(bool IsWebSocket, string Name)
{
    /// <summary>Data travels as base64 text: for clients in browsers of old.</summary>
    public bool IsBase64 => IsWebSocket && Name.Contains("base64.", StringComparison.Ordinal);

    /// <summary>Over a WebSocket a client can end its input only from v5 on: the bytes 255 and the channel.</summary>
    public bool HasCloseSignal => IsWebSocket && Name == "v5.channel.k8s.io";

    /// <summary>SPDY inside of WebSocket messages, as kubectl 1.31 and later forward ports.</summary>
    public bool IsTunnel => IsWebSocket && Name.StartsWith(TunnelPrefix, StringComparison.Ordinal);

    /// <summary>From v4 on the outcome is a Status as JSON; before, text.</summary>
    public bool StatusIsText => !(Name.StartsWith("v4.", StringComparison.Ordinal) || Name.StartsWith("v5.", StringComparison.Ordinal));

    /// <summary>From v3 on a terminal can be resized (any WebSocket's can).</summary>
    public bool HasResize => IsWebSocket || Name.StartsWith("v3.", StringComparison.Ordinal) || Name.StartsWith("v4.", StringComparison.Ordinal);

    internal const string TunnelPrefix = "SPDY/3.1+";
}

/// <summary>What is to be streamed: it decides which protocols there are.</summary>
public enum StreamingKind
{
    /// <summary>exec and attach</summary>
    RemoteCommand,
    PortForward,

    /// <summary>logs over a WebSocket: <c>binary.k8s.io</c></summary>
    Output,
}
