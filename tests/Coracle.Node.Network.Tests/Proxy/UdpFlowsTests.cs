using System.Net;
using Coracle.Node.Proxy;

namespace Coracle.Node.Network.Tests.Proxy;

public sealed class UdpFlowsTests
{
    private static UdpFlow Flow(string to, string answeredBy) =>
        new(IPEndPoint.Parse("10.244.1.9:4000"), IPEndPoint.Parse(to), IPAddress.Parse(answeredBy));

    private static UdpService Dns(params string[] serving) =>
        new([IPEndPoint.Parse("10.96.0.10:53"), IPEndPoint.Parse("198.51.100.1:53")], 30053, [.. serving.Select(IPAddress.Parse)]);

    [Theory]
    [InlineData("10.96.0.10:53", "10.244.1.2", false)]
    [InlineData("10.96.0.10:53", "10.244.1.3", true)] // an endpoint that is gone
    [InlineData("10.96.0.10:53", "10.96.0.10", true)] // never translated: the service came later
    [InlineData("198.51.100.1:53", "10.244.1.3", true)]
    [InlineData("192.0.2.1:30053", "10.244.1.3", true)]
    [InlineData("192.0.2.1:30053", "10.244.1.2", false)]
    [InlineData("10.96.0.10:54", "10.244.1.3", false)] // not the service's port
    [InlineData("192.0.2.53:53", "192.0.2.53", false)] // not a service
    public void A_flow_to_a_service_is_stale_if_none_of_its_endpoints_answers(string to, string answeredBy, bool stale) =>
        Assert.Equal(stale, UdpFlows.Stale([Flow(to, answeredBy)], [Dns("10.244.1.2")]).Length == 1);

    [Fact]
    public void A_service_without_endpoints_keeps_its_flows() =>
        Assert.Empty(UdpFlows.Stale([Flow("10.96.0.10:53", "10.244.1.3")], [Dns()]));

    [Fact]
    public void The_listing_of_conntrack_is_read()
    {
        const string listing =
            """
            udp      17 29 src=10.244.1.9 dst=10.96.0.10 sport=4000 dport=53 [UNREPLIED] src=10.244.1.2 dst=10.244.1.9 sport=5353 dport=4000 mark=0 use=1
            udp      17 110 src=10.244.1.9 dst=192.0.2.53 sport=4001 dport=53 src=192.0.2.53 dst=192.0.2.1 sport=53 dport=4001 [ASSURED] mark=0 use=1
            nonsense
            """;

        Assert.Equal(
            [
                new UdpFlow(IPEndPoint.Parse("10.244.1.9:4000"), IPEndPoint.Parse("10.96.0.10:53"), IPAddress.Parse("10.244.1.2")),
                new UdpFlow(IPEndPoint.Parse("10.244.1.9:4001"), IPEndPoint.Parse("192.0.2.53:53"), IPAddress.Parse("192.0.2.53")),
            ],
            NftKernel.ParseFlows(listing));
    }

    [Theory]
    [InlineData("""{"nftables": [{"metainfo": {}}, {"set": {"name": "aff-1", "timeout": 60, "elem": [{"elem": {"val": "10.0.0.1", "expires": 9}}]}}, {"set": {"name": "b", "elem": ["1.2.3.4", {"elem": {"val": "1.2.3.4", "comment": "x"}}]}}, {"set": {"name": "c"}}]}""", "aff-1 10.0.0.1 9")]
    [InlineData("""{"nftables": 7}""", "")]
    [InlineData("nonsense", "")]
    [InlineData("", "")]
    public void The_listing_of_affinity_sets_is_read(string json, string expected) =>
        Assert.Equal(expected, string.Join(' ', NftKernel.ParseAffinity(json).Select(e => $"{e.Set} {e.Client} {e.SecondsLeft}")));
}
