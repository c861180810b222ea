using System.Net;
using System.Text.Json.Nodes;
using Coracle.Kinds.Discovery.V1;
using Coracle.Node.Network.Tests.Support;
using static Coracle.Node.Network.Tests.Support.Specs;
using Core = Coracle.Kinds.Core.V1;

namespace Coracle.Node.Network.Tests.Network;

public sealed class NetworkTests
{
    [Fact]
    public void A_slice_that_is_relabelled_leaves_its_former_service()
    {
        var slice = Slice("a", 80, Endpoint("10.244.0.1"));
        var snapshot = NetworkSnapshot.Empty.WithService(Service("a", "10.96.0.1")).WithSlice(slice).WithSlice(slice with { ServiceName = "b" });

        Assert.Empty(snapshot.Services[Key("a")].Slices);
        Assert.Single(snapshot.Services[Key("b")].Slices);
        Assert.DoesNotContain(Key("b"), snapshot.WithoutSlice("default", "a-1").Services.Keys);
    }

    [Fact]
    public void A_deleted_service_leaves_its_slices_for_when_it_comes_back()
    {
        var snapshot = NetworkSnapshot.Empty.WithService(Service("a", "10.96.0.1")).WithSlice(Slice("a", 80, Endpoint("10.244.0.1"))).WithoutService(Key("a"));

        Assert.Null(snapshot.Services[Key("a")].Spec);
        Assert.Single(snapshot.WithService(Service("a", "10.96.0.2")).Services[Key("a")].Slices);
    }

    [Fact]
    public void What_did_not_change_is_the_same_object_in_both_snapshots()
    {
        var before = NetworkSnapshot.Empty.WithService(Service("a", "10.96.0.1")).WithService(Service("b", "10.96.0.2"));
        var after = before.WithService(Service("b", "10.96.0.3"));

        Assert.Same(before.Services[Key("a")], after.Services[Key("a")]);
    }

    [Fact]
    public void Watchers_of_the_directory_hear_of_every_change_and_of_nothing_else()
    {
        var directory = new NetworkDirectory();
        var heard = 0;
        directory.Changed += () => heard++;

        directory.SetService(Service("a", "10.96.0.1"));
        directory.RemoveService(Key("unknown"));
        directory.RemoveSlice("default", "unknown");
        directory.MarkComplete();

        Assert.Equal(2, heard);
    }

    [Theory]
    [InlineData("10.0.0.0/8", 16, "", true)]
    [InlineData("10.244.0.0/16", 24, "10.244.0.0/17", true)]
    [InlineData("10.244.0.0/16", 24, "10.0.0.0/8", false)]
    [InlineData("10.244.0.0/24", 24, "10.244.0.7/32", false)]
    [InlineData("10.244.0.0/24", 24, "10.245.0.0/16", true)]
    public void A_chosen_subnet_collides_with_nothing(string pool, int prefix, string taken, bool found)
    {
        IPNetwork[] others = taken.Length > 0 ? [IPNetwork.Parse(taken)] : [];

        var chosen = SubnetChoice.Pick(IPNetwork.Parse(pool), prefix, others, "instance");

        Assert.Equal(found, chosen is not null);
        Assert.DoesNotContain(others, other => chosen is { } c && SubnetChoice.Overlap(c, other));
    }

    [Fact]
    public void An_instance_finds_its_subnet_again_and_others_tend_to_find_another()
    {
        var pool = IPNetwork.Parse("10.128.0.0/9");

        Assert.Equal(SubnetChoice.Pick(pool, 16, [], "a"), SubnetChoice.Pick(pool, 16, [], "a"));
        Assert.True(Enumerable.Range(0, 50).Select(i => SubnetChoice.Pick(pool, 16, [], $"instance-{i}")).Distinct().Count() > 30);
    }

    [Fact]
    public void Routes_of_the_machine_are_read()
    {
        const string listing =
            """
            default via 192.0.2.1 dev eth0
            10.244.1.0/24 dev crcl01 proto kernel scope link src 10.244.1.1
            local 192.0.2.2 dev eth0 table local proto kernel scope host src 192.0.2.2
            broadcast 192.0.2.255 dev eth0 table local
            unreachable 10.9.0.0/16
            """;

        Assert.Equal(
            ["10.244.1.0/24", "192.0.2.2/32", "192.0.2.255/32", "10.9.0.0/16"],
            SubnetChoice.ParseRoutes(listing).Select(n => n.ToString()));
    }

    [Fact]
    public async Task Routes_to_other_nodes_are_added_changed_and_removed_and_others_left_alone()
    {
        var commands = new List<string>();
        var routes = new PodRoutes(IPNetwork.Parse("10.244.0.0/16"), (command, _) =>
        {
            commands.Add(command.ToString());
            return Task.FromResult(new CommandResult(0, "10.244.2.0/24 via 192.0.2.2 dev eth0 \n10.244.3.0/24 via 192.0.2.3 dev eth0\n10.244.4.0/24 via 192.0.2.4 dev eth0\n10.99.0.0/24 via 192.0.2.9 dev eth0\n", ""));
        });

        Assert.Null(await routes.SyncAsync(
            new Dictionary<IPNetwork, IPAddress>
            {
                [IPNetwork.Parse("10.244.2.0/24")] = IPAddress.Parse("192.0.2.2"),
                [IPNetwork.Parse("10.244.3.0/24")] = IPAddress.Parse("192.0.2.33"),
                [IPNetwork.Parse("10.244.5.0/24")] = IPAddress.Parse("192.0.2.5"),
            },
            CancellationToken.None));

        Assert.Equal(
            [
                "ip -4 route show proto 142",
                "ip -4 route replace 10.244.3.0/24 via 192.0.2.33 proto 142",
                "ip -4 route replace 10.244.5.0/24 via 192.0.2.5 proto 142",
                "ip -4 route delete 10.244.4.0/24 proto 142",
            ],
            commands);
    }

    private static BridgeOptions Bridge(string directory = "/x") => new()
    {
        BridgeName = BridgeOptions.NameFor("some instance"),
        Pods = IPNetwork.Parse("10.244.1.0/24"),
        CniDirectory = Path.Combine(directory, "cni"),
        IpamDirectory = Path.Combine(directory, "ipam"),
    };

    [Fact]
    public void A_bridges_name_fits_the_kernels_limit_and_tells_instances_apart()
    {
        Assert.InRange(BridgeOptions.NameFor("a").Length, 1, 15);
        Assert.NotEqual(BridgeOptions.NameFor("a"), BridgeOptions.NameFor("b"));
        Assert.StartsWith(BridgeOptions.NamePrefix, BridgeOptions.NameFor("a"));
    }

    [Fact]
    public void The_CNI_configuration_says_what_the_plugins_expect()
    {
        var expected = JsonNode.Parse(
            $$"""
            {"cniVersion":"0.4.0","name":"pods","plugins":[
             {"type":"bridge","bridge":"{{Bridge().BridgeName}}","isGateway":true,"hairpinMode":true,"mtu":1400,
              "ipam":{"type":"host-local","dataDir":"/x/ipam","ranges":[[{"subnet":"10.244.1.0/24","gateway":"10.244.1.1"}]],"routes":[{"dst":"0.0.0.0/0"}]} },
             {"type":"portmap","capabilities":{"portMappings":true} }]}
            """);

        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(CniConfig.Render(Bridge() with { Mtu = 1400 }))));
    }

    [Fact]
    public async Task A_kernel_without_bridge_netfilter_is_reported_not_failed_on()
    {
        var directory = Directory.CreateTempSubdirectory("coracle-bridge-").FullName;
        try
        {
            var network = new BridgeNetwork(Bridge(directory), (command, _) => Task.FromResult(
                command.Arguments[0].Contains("bridge-nf", StringComparison.Ordinal)
                    ? new CommandResult(1, "", "No such file or directory")
                    : new CommandResult(0, "", "")));

            var setup = await network.EnsureAsync(CancellationToken.None);

            Assert.Equal((true, false), (setup.Ok, setup.BridgeNetfilter));
            Assert.True(File.Exists(Path.Combine(directory, "cni", "10-coracle.conflist")));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task A_bridge_that_cannot_be_made_is_an_error_and_no_configuration_is_written()
    {
        var directory = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var network = new BridgeNetwork(Bridge(directory), (command, _) => Task.FromResult(
            command.File == "ip" ? new CommandResult(2, "", "Operation not permitted\n") : new CommandResult(0, "", "")));

        var setup = await network.EnsureAsync(CancellationToken.None);

        Assert.Contains("Operation not permitted", setup.Error);
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public async Task A_command_that_is_not_there_or_takes_too_long_is_a_result_not_an_exception()
    {
        var run = HostCommands.WithLimit(TimeSpan.FromMilliseconds(200), TimeProvider.System);

        Assert.Contains("cannot run no-such-command", (await run(new Command("no-such-command"), CancellationToken.None)).Error);
        Assert.Contains("did not end within", (await run(new Command("sleep", "60"), CancellationToken.None)).Error);
        Assert.Equal("seen", (await run(new Command("cat") { Input = "seen" }, CancellationToken.None)).Output);
        Assert.Equal(1, (await run(new Command("false"), CancellationToken.None)).ExitCode);
    }

    [Fact]
    public void A_service_is_read_from_its_API_object()
    {
        var service = new Core.Service
        {
            Metadata = { Namespace = "shop", Name = "web" },
            Spec =
            {
                Type = "LoadBalancer",
                ClusterIP = "10.96.0.7",
                ClusterIPs = ["10.96.0.7", "fd00::7"],
                ExternalIPs = ["198.51.100.1", "nonsense"],
                Ports = [new() { Name = "http", Protocol = "TCP", Port = 80, NodePort = 30080 }, new() { Name = "odd", Protocol = "QUIC", Port = 1 }],
                SessionAffinity = "ClientIP",
                SessionAffinityConfig = new() { ClientIP = new() { TimeoutSeconds = 60 } },
                LoadBalancerSourceRanges = [" 192.0.2.77/24 ", "nonsense", "1.2.3.4/99"],
                ExternalTrafficPolicy = "Local",
                InternalTrafficPolicy = "Cluster",
            },
            Status = { LoadBalancer = new() { Ingress = [new() { Ip = "198.51.100.2" }, new() { Ip = "198.51.100.3", IpMode = "Proxy" }, new() { Hostname = "lb" }] } },
        };

        var spec = FromKinds.Service(service);

        Assert.Equal(new ServiceKey("shop", "web"), spec.Key);
        Assert.Equal("10.96.0.7 fd00::7 | 198.51.100.1 | 198.51.100.2 | 192.0.2.0/24", string.Join(" | ",
            string.Join(' ', spec.ClusterIPs), string.Join(' ', spec.ExternalIPs), string.Join(' ', spec.LoadBalancerIPs), string.Join(' ', spec.LoadBalancerSourceRanges)));
        Assert.Equal([new ServicePortSpec("http", TransportProtocol.Tcp, 80, 30080)], spec.Ports);
        Assert.Equal((TimeSpan.FromSeconds(60), true, false, false), (spec.ClientIPAffinity, spec.ExternalPolicyLocal, spec.InternalPolicyLocal, spec.IsHeadless));
    }

    [Fact]
    public void A_headless_service_and_an_alias_have_no_cluster_IP()
    {
        var headless = FromKinds.Service(new Core.Service { Spec = { Type = "ClusterIP", ClusterIP = "None", ClusterIPs = ["None"] } });
        var alias = FromKinds.Service(new Core.Service { Spec = { Type = "ExternalName", ExternalName = "example.com" } });

        Assert.Equal((true, 0), (headless.IsHeadless, headless.ClusterIPs.Length));
        Assert.Equal((ServiceType.ExternalName, "example.com", false), (alias.Type, alias.ExternalName, alias.IsHeadless));
    }

    [Fact]
    public void A_slice_is_read_from_its_API_object()
    {
        var slice = new EndpointSlice
        {
            Metadata = { Namespace = "shop", Name = "web-abc", Labels = new() { ["kubernetes.io/service-name"] = "web" } },
            AddressType = "IPv4",
            Ports = [new() { Name = "http", Port = 8080, Protocol = "TCP" }, new() { Name = "none" }],
            Endpoints =
            [
                new() { Addresses = ["10.244.0.1", "10.244.0.9"], NodeName = "node", Hostname = "web-0", Hints = new() { ForZones = [new() { Name = "a" }], ForNodes = [new() { Name = "n" }] } },
                new() { Addresses = ["10.244.0.2"], Conditions = { Ready = false, Serving = true, Terminating = true } },
                new() { Addresses = [] },
            ],
        };

        var spec = FromKinds.Slice(slice)!;

        Assert.Equal(new ServiceKey("shop", "web"), spec.Service);
        Assert.Equal([new EndpointPortSpec("http", TransportProtocol.Tcp, 8080)], spec.Ports);
        Assert.Equal(["10.244.0.1", "10.244.0.2"], spec.Endpoints.Select(e => e.Address.ToString()));
        Assert.Equal((true, true, false, "node", "web-0"), (spec.Endpoints[0].Ready, spec.Endpoints[0].Serving, spec.Endpoints[0].Terminating, spec.Endpoints[0].NodeName, spec.Endpoints[0].Hostname));
        Assert.Equal((false, true, true), (spec.Endpoints[1].Ready, spec.Endpoints[1].Serving, spec.Endpoints[1].Terminating));
        Assert.Equal(["a", "n"], spec.Endpoints[0].ZoneHints.Concat(spec.Endpoints[0].NodeHints));
    }

    [Fact]
    public void A_slice_of_no_service_or_of_names_is_none_of_ours()
    {
        Assert.Null(FromKinds.Slice(new EndpointSlice { AddressType = "IPv4" }));
        Assert.Null(FromKinds.Slice(new EndpointSlice { AddressType = "FQDN", Metadata = { Labels = new() { ["kubernetes.io/service-name"] = "web" } } }));
    }
}
