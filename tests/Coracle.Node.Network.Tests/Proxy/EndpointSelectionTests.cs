using Coracle.Node.Network.Tests.Support;
using Coracle.Node.Proxy;
using static Coracle.Node.Network.Tests.Support.Specs;

namespace Coracle.Node.Network.Tests.Proxy;

public sealed class EndpointSelectionTests
{
    private static readonly ServicePortSpec Port = Tcp(80);
    private static readonly ServicePortSpec NodePort = Tcp(80, nodePort: 30080);

    private static UsableEndpoints Select(ServiceSpec service, ServicePortSpec port, params EndpointSpec[] endpoints)
    {
        var options = Options.Node with { Zone = "zone-a" };
        var view = NetworkSnapshot.Empty.WithService(service).WithSlice(Slice("web", 8080, endpoints)).Services[service.Key];
        return EndpointSelection.For(service, port, EndpointSelection.Of(view, port, options.Family, options.NodeName), options);
    }

    private static string Show(IEnumerable<ServiceEndpoint> endpoints) =>
        string.Join(' ', endpoints.Select(e => e.Target.Address.GetAddressBytes()[3]));

    private static EndpointSpec Ready(int n, string node = "node") => Endpoint($"10.244.0.{n}", node);

    private static EndpointSpec NotReady(int n, string node = "node") => Ready(n, node) with { Ready = false, Serving = false };

    private static EndpointSpec Leaving(int n, string node = "node") => Ready(n, node) with { Ready = false, Terminating = true };

    private static EndpointSpec Gone(int n) => Ready(n) with { Ready = false, Serving = false, Terminating = true };

    [Fact]
    public void Ready_endpoints_are_used_and_no_others() =>
        Assert.Equal("1 4", Show(Select(Service("web", "10.96.0.1", Port), Port, Ready(4), NotReady(2), Leaving(3), Ready(1)).Cluster));

    [Fact]
    public void Without_a_ready_one_those_that_terminate_but_still_serve_are_used() =>
        Assert.Equal("3", Show(Select(Service("web", "10.96.0.1", Port), Port, NotReady(2), Leaving(3), Gone(4)).Cluster));

    [Fact]
    public void Without_any_usable_endpoint_there_is_none() =>
        Assert.False(Select(Service("web", "10.96.0.1", Port), Port, NotReady(2), Gone(4)).HasAny);

    [Fact]
    public void An_endpoint_that_is_ready_while_terminating_counts_as_ready() =>
        // What the endpoints controller writes for services that publish addresses that are not ready.
        Assert.Equal("1 2", Show(Select(Service("web", "10.96.0.1", Port), Port, Ready(1), Ready(2) with { Terminating = true }).Cluster));

    [Fact]
    public void Under_the_internal_policy_Local_only_the_nodes_own_are_used()
    {
        var usable = Select(Service("web", "10.96.0.1", Port) with { InternalPolicyLocal = true }, Port, Ready(1), Ready(2, "other"));

        Assert.Equal(("", "1", "1", true), (Show(usable.Cluster), Show(usable.Local), Show(usable.Reachable), usable.HasAny));
    }

    [Fact]
    public void Local_and_cluster_fall_back_to_terminating_endpoints_independently()
    {
        var service = Service("web", "10.96.0.1", NodePort) with { ExternalPolicyLocal = true };
        var usable = Select(service, NodePort, Leaving(1), Ready(2, "other"), Leaving(3, "other"));

        Assert.Equal(("2", "1", "1 2"), (Show(usable.Cluster), Show(usable.Local), Show(usable.Reachable)));
    }

    [Fact]
    public void The_external_policy_does_not_matter_to_what_is_not_external()
    {
        var usable = Select(Service("web", "10.96.0.1", Port) with { ExternalPolicyLocal = true }, Port, Ready(1), Ready(2, "other"));

        Assert.Equal(("1 2", ""), (Show(usable.Cluster), Show(usable.Local)));
    }

    [Theory]
    [InlineData("zone-a zone-b", "1")]
    [InlineData("zone-b zone-b", "1 2")] // none for here
    [InlineData("zone-a -", "1 2")] // one without a hint
    public void Zone_hints_are_heeded_if_complete_and_one_is_for_here(string hints, string expected)
    {
        var zones = hints.Split(' ');
        EndpointSpec Hinted(int n) => zones[n - 1] == "-" ? Ready(n) : Ready(n) with { ZoneHints = [zones[n - 1]] };

        Assert.Equal(expected, Show(Select(Service("web", "10.96.0.1", Port), Port, Hinted(1), Hinted(2)).Cluster));
    }

    [Fact]
    public void Hints_for_the_node_go_before_hints_for_the_zone()
    {
        var usable = Select(Service("web", "10.96.0.1", Port), Port,
            Ready(1) with { ZoneHints = ["zone-a"], NodeHints = ["other"] },
            Ready(2) with { ZoneHints = ["zone-b"], NodeHints = ["node"] });

        Assert.Equal("2", Show(usable.Cluster));
    }

    [Fact]
    public void Of_endpoints_that_are_in_two_slices_each_counts_once()
    {
        var service = Service("web", "10.96.0.1", Port);
        var view = NetworkSnapshot.Empty.WithService(service)
            .WithSlice(Slice("web", 8080, Ready(1), Ready(2)))
            .WithSlice(Slice("web", 8080, Ready(2), Ready(3)) with { Name = "web-2" })
            .Services[service.Key];

        Assert.Equal("1 2 3", Show(EndpointSelection.Of(view, Port, IpFamily.IPv4, "node")));
    }

    [Fact]
    public void Ports_are_matched_by_name_and_protocol()
    {
        var service = Service("web", "10.96.0.1");
        var view = NetworkSnapshot.Empty.WithService(service)
            .WithSlice(Slice("web", [TcpPort(8080, "http"), UdpPort(9090, "http"), TcpPort(7070, "admin")], Ready(1)))
            .Services[service.Key];

        Assert.Equal("10.244.0.1:9090", Assert.Single(EndpointSelection.Of(view, Udp(80, name: "http"), IpFamily.IPv4, "node")).Target.ToString());
    }
}
