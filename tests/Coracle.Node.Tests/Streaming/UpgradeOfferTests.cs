using Coracle.Node.Streaming;

namespace Coracle.Node.Tests.Streaming;

public sealed class UpgradeOfferTests
{
    private static UpgradeOffer Decide(StreamingKind kind, params (string Name, string Value)[] headers) => UpgradeOffer.Decide(kind,
        name => headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value));

    [Fact]
    public void The_clients_first_choice_that_we_know_is_taken()
    {
        var accepted = Assert.IsType<UpgradeOffer.Accepted>(Decide(StreamingKind.RemoteCommand,
            ("Connection", "Upgrade"), ("Upgrade", "SPDY/3.1"),
            ("X-Stream-Protocol-Version", "v9.channel.k8s.io, v4.channel.k8s.io"), ("X-Stream-Protocol-Version", "channel.k8s.io")));
        Assert.Equal(new StreamingProtocol(false, "v4.channel.k8s.io"), accepted.Protocol);
        Assert.Contains(KeyValuePair.Create("X-Stream-Protocol-Version", "v4.channel.k8s.io"), accepted.Headers);
        Assert.Contains(KeyValuePair.Create("Upgrade", "SPDY/3.1"), accepted.Headers);
    }

    [Fact]
    public void A_client_whose_protocols_we_do_not_know_is_told_which_we_do()
    {
        var refused = Assert.IsType<UpgradeOffer.Refused>(Decide(StreamingKind.RemoteCommand,
            ("Connection", "Upgrade"), ("Upgrade", "SPDY/3.1"), ("X-Stream-Protocol-Version", "v9.channel.k8s.io")));
        Assert.Equal(403, refused.StatusCode);
        Assert.Equal("unable to upgrade: unable to negotiate protocol: client supports [v9.channel.k8s.io], server accepts "
            + "[v4.channel.k8s.io v3.channel.k8s.io v2.channel.k8s.io channel.k8s.io]", refused.Text);
        Assert.Equal(4, refused.Headers.Count(h => h.Key == "X-Accepted-Stream-Protocol-Versions"));
    }

    [Fact]
    public void A_WebSocket_is_accepted_as_RFC_6455_says()
    {
        var accepted = Assert.IsType<UpgradeOffer.Accepted>(Decide(StreamingKind.RemoteCommand,
            ("connection", "keep-alive, Upgrade"), ("upgrade", "WebSocket"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Sec-WebSocket-Protocol", "base64url.bearer.authorization.k8s.io.dG9rZW4, v5.channel.k8s.io")));
        Assert.Contains(KeyValuePair.Create("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), accepted.Headers);
        Assert.Contains(KeyValuePair.Create("Sec-WebSocket-Protocol", "v5.channel.k8s.io"), accepted.Headers);
        Assert.True(accepted.Protocol.HasCloseSignal);
    }

    [Fact]
    public void A_WebSocket_may_name_no_protocol_and_is_then_sent_none()
    {
        var accepted = Assert.IsType<UpgradeOffer.Accepted>(Decide(StreamingKind.Output,
            ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Key", "x")));
        Assert.Equal("", accepted.Protocol.Name);
        Assert.DoesNotContain(accepted.Headers, h => h.Key == "Sec-WebSocket-Protocol");
    }

    [Fact]
    public void Ports_are_forwarded_by_tunnel_when_the_client_can()
    {
        var accepted = Assert.IsType<UpgradeOffer.Accepted>(Decide(StreamingKind.PortForward,
            ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Key", "x"), ("Sec-WebSocket-Protocol", "SPDY/3.1+portforward.k8s.io")));
        Assert.True(accepted.Protocol.IsTunnel);
    }

    [Fact]
    public void A_plain_request_asks_for_nothing() => Assert.IsType<UpgradeOffer.NotAsked>(Decide(StreamingKind.Output));

    [Fact]
    public void Logs_know_no_SPDY() => Assert.IsType<UpgradeOffer.Refused>(Decide(StreamingKind.Output,
        ("Connection", "Upgrade"), ("Upgrade", "SPDY/3.1"), ("X-Stream-Protocol-Version", "v4.channel.k8s.io")));
}
