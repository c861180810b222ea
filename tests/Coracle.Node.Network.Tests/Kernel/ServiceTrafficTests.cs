using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Coracle.Node.Dns;
using Coracle.Node.Network.Tests.Support;
using Coracle.Node.Proxy;
using static Coracle.Node.Network.Tests.Support.Specs;

namespace Coracle.Node.Network.Tests.Kernel;

/// <summary>Real packets through real rules, in namespaces of the test's own.</summary>
[Trait("Category", "root")]
[Collection("kernel")]
public sealed class ServiceTrafficTests : IAsyncLifetime
{
    private const string Vip = "10.96.7.10";
    private readonly Lab _lab = new();

    public ValueTask InitializeAsync() => _lab.InitializeAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    private static EndpointSpec[] Pods(params int[] numbers) => [.. numbers.Select(n => Endpoint(Lab.PodAddress(n)))];

    private Task LoadAsync(ServiceSpec service, params int[] pods) =>
        _lab.ChangeAsync(now => now.WithService(service).WithSlice(Slice(service.Key.ToString(), 8080, Pods(pods))));

    [RootFact]
    public async Task A_cluster_IP_reaches_every_endpoint_from_a_pod_and_from_the_node_itself()
    {
        await LoadAsync(Service("web", Vip), 2, 3);

        foreach (var from in (string[])[_lab.Pod(1), _lab.Node])
        {
            var seen = new HashSet<string>();
            for (var i = 0; i < 200 && seen.Count < 2; i++)
            {
                seen.Add((await Client.AskOnceAsync(from, Vip, 80)).Backend);
            }

            Assert.Equal(["pod2", "pod3"], seen.Order());
        }
    }

    [RootFact]
    public async Task A_pod_is_seen_under_its_own_address_through_a_cluster_IP()
    {
        await LoadAsync(Service("web", Vip), 2);

        Assert.Equal(new Reply("pod2", Lab.PodAddress(1)), await Client.AskOnceAsync(_lab.Pod(1), Vip, 80));
    }

    [RootFact]
    public async Task Without_bridge_netfilter_pods_on_one_bridge_still_reach_each_other_through_a_service()
    {
        await _lab.NodeCommandAsync("sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=0");
        var proxy = new ServiceProxy(_lab.Options with { BridgeNetfilter = false }, _lab.Services, new NftKernel(_lab.OnNode), TimeProvider.System);
        _lab.Services.Change(now => now.WithService(Service("web", Vip)).WithSlice(Slice("web", 8080, Pods(2))));
        await proxy.SyncAsync(CancellationToken.None);

        Assert.Equal(new Reply("pod2", Lab.Gateway), await Client.AskOnceAsync(_lab.Pod(1), Vip, 80));
    }

    [RootFact]
    public async Task A_pod_reaches_itself_through_its_service()
    {
        await LoadAsync(Service("web", Vip), 1);

        var reply = await Client.AskOnceAsync(_lab.Pod(1), Vip, 80);

        Assert.Equal("pod1", reply.Backend);
        Assert.NotEqual(Lab.PodAddress(1), reply.Client);
    }

    [RootFact]
    public async Task What_pods_send_out_of_the_pod_network_comes_from_the_node()
    {
        await LoadAsync(Service("web", Vip), 1);

        Assert.Equal(new Reply("ext", Lab.NodeAddress), await Client.AskOnceAsync(_lab.Pod(1), Lab.ExtAddress, 8080));
    }

    [RootFact]
    public async Task A_node_port_answers_the_neighbour_the_node_and_pods()
    {
        await LoadAsync(Service("web", Vip, Tcp(80, nodePort: 30080)), 2);

        Assert.Equal("pod2", (await Client.AskOnceAsync(_lab.Ext, Lab.NodeAddress, 30080)).Backend);
        Assert.Equal("pod2", (await Client.AskOnceAsync(_lab.Node, Lab.NodeAddress, 30080)).Backend);
        Assert.Equal("pod2", (await Client.AskOnceAsync(_lab.Pod(1), Lab.NodeAddress, 30080)).Backend);
        Assert.Equal("pod2", (await Client.AskOnceAsync(_lab.Pod(2), Lab.NodeAddress, 30080)).Backend);
    }

    [RootFact]
    public async Task A_node_port_answers_on_the_nodes_loopback_but_pods_do_not_reach_the_nodes_loopback()
    {
        await LoadAsync(Service("web", Vip, Tcp(80, nodePort: 30080)), 2);
        Assert.Equal("pod2", (await Client.AskOnceAsync(_lab.Node, "127.0.0.1", 30080)).Backend);

        // A pod that sends packets for 127.0.0.1 out to its gateway, which takes some doing.
        using var secret = NetNamespace.Udp(_lab.Node);
        secret.Bind(IPEndPoint.Parse("127.0.0.1:9000"));
        await _lab.IpAsync(_lab.Pod(1), "route", "delete", "local", "127.0.0.1", "dev", "lo", "table", "local");
        await _lab.IpAsync(_lab.Pod(1), "route", "delete", "local", "127.0.0.0/8", "dev", "lo", "table", "local");
        await _lab.IpAsync(_lab.Pod(1), "route", "add", "127.0.0.1", "via", Lab.Gateway, "src", Lab.PodAddress(1));
        await _lab.CommandInAsync(_lab.Pod(1), "sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1");

        using var pod = NetNamespace.Udp(_lab.Pod(1));
        pod.Connect(IPEndPoint.Parse("127.0.0.1:9000"));
        await pod.SendAsync("with the guard"u8.ToArray());
        await _lab.Proxy.TeardownAsync(CancellationToken.None);
        await pod.SendAsync("without"u8.ToArray());
        var buffer = new byte[64];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var length = await secret.ReceiveAsync(buffer, limit.Token);
        Assert.Equal("without", System.Text.Encoding.UTF8.GetString(buffer, 0, length));
    }

    [RootFact]
    public async Task A_firewall_that_drops_what_is_forwarded_gets_an_exception_for_pods()
    {
        await LoadAsync(Service("web", Vip), 2);
        await _lab.NodeCommandAsync("iptables", "-P", "FORWARD", "DROP");
        Assert.True(await Client.IsDroppedAsync(_lab.Pod(1), Lab.ExtAddress, 8080));

        Assert.True((await _lab.Bridge.EnsureAsync(CancellationToken.None)).Ok);
        Assert.True((await _lab.Bridge.EnsureAsync(CancellationToken.None)).Ok);
        Assert.Equal("ext", (await Client.AskOnceAsync(_lab.Pod(1), Lab.ExtAddress, 8080)).Backend);
        Assert.Equal("pod2", (await Client.AskOnceAsync(_lab.Pod(1), Vip, 80)).Backend);

        Assert.Null(await _lab.Bridge.RemoveAsync(CancellationToken.None));
        Assert.Equal("-P FORWARD DROP", (await _lab.NodeCommandAsync("iptables", "-S", "FORWARD")).Trim());
    }

    [RootFact]
    public async Task A_route_leads_to_another_nodes_pods_until_it_is_not_wanted_any_more()
    {
        await LoadAsync(Service("web", Vip));
        await _lab.IpAsync(_lab.Ext, "addr", "add", "10.201.9.5/32", "dev", "lo");
        await _lab.NodeCommandAsync("ip", "route", "delete", "default");
        var routes = new PodRoutes(IPNetwork.Parse("10.201.0.0/16"), _lab.OnNode);

        Assert.Null(await routes.SyncAsync(
            new Dictionary<IPNetwork, IPAddress> { [IPNetwork.Parse("10.201.9.0/24")] = IPAddress.Parse(Lab.ExtAddress) }, CancellationToken.None));
        Assert.Equal(new Reply("ext", Lab.PodAddress(1)), await Client.AskOnceAsync(_lab.Pod(1), "10.201.9.5", 8080));

        Assert.Null(await routes.SyncAsync(new Dictionary<IPNetwork, IPAddress>(), CancellationToken.None));
        Assert.Equal(SocketError.NetworkUnreachable, await Client.RefusalAsync(_lab.Pod(1), "10.201.9.5", 8080));
    }

    [RootFact]
    public async Task External_traffic_under_the_policy_Local_keeps_its_source_and_uses_local_endpoints_only()
    {
        var service = Service("web", Vip, Tcp(80, nodePort: 30080)) with { ExternalPolicyLocal = true };
        await _lab.ChangeAsync(now => now.WithService(service)
            .WithSlice(Slice("web", 8080, Endpoint(Lab.PodAddress(2)), Endpoint(Lab.PodAddress(3), node: "other"))));

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(new Reply("pod2", Lab.ExtAddress), await Client.AskOnceAsync(_lab.Ext, Lab.NodeAddress, 30080));
        }
    }

    [RootFact]
    public async Task Without_a_local_endpoint_the_policy_Local_drops_outsiders_but_serves_pods_and_the_node()
    {
        var service = Service("web", Vip, Tcp(80, nodePort: 30080)) with { ExternalPolicyLocal = true };
        await _lab.ChangeAsync(now => now.WithService(service).WithSlice(Slice("web", 8080, Endpoint(Lab.PodAddress(3), node: "other"))));

        Assert.True(await Client.IsDroppedAsync(_lab.Ext, Lab.NodeAddress, 30080));
        Assert.Equal("pod3", (await Client.AskOnceAsync(_lab.Pod(1), Lab.NodeAddress, 30080)).Backend);
        Assert.Equal("pod3", (await Client.AskOnceAsync(_lab.Node, Lab.NodeAddress, 30080)).Backend);
    }

    [RootFact]
    public async Task External_and_load_balancer_addresses_lead_to_the_service()
    {
        await LoadAsync(
            Service("web", Vip) with
            {
                ExternalIPs = [IPAddress.Parse("198.51.100.7")],
                LoadBalancerIPs = [IPAddress.Parse("198.51.100.8")],
            },
            2);

        Assert.Equal("pod2", (await Client.AskOnceAsync(_lab.Ext, "198.51.100.7", 80)).Backend);
        Assert.Equal("pod2", (await Client.AskOnceAsync(_lab.Ext, "198.51.100.8", 80)).Backend);
        Assert.Equal("pod2", (await Client.AskOnceAsync(_lab.Pod(1), "198.51.100.8", 80)).Backend);
    }

    [RootFact]
    public async Task A_load_balancer_address_serves_its_source_ranges_only()
    {
        var service = Service("web", Vip) with
        {
            LoadBalancerIPs = [IPAddress.Parse("198.51.100.8")],
            LoadBalancerSourceRanges = [IPNetwork.Parse("10.201.0.0/16")],
        };
        await LoadAsync(service, 2);

        Assert.True(await Client.IsDroppedAsync(_lab.Ext, "198.51.100.8", 80));
        Assert.Equal("pod2", (await Client.AskOnceAsync(_lab.Pod(1), "198.51.100.8", 80)).Backend);
    }

    [RootFact]
    public async Task With_affinity_a_client_stays_with_its_endpoint_until_it_is_gone()
    {
        var service = Service("web", Vip) with { ClientIPAffinity = TimeSpan.FromHours(3) };
        await LoadAsync(service, 2, 3);

        var first = (await Client.AskOnceAsync(_lab.Pod(1), Vip, 80)).Backend;
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(first, (await Client.AskOnceAsync(_lab.Pod(1), Vip, 80)).Backend);
        }

        // Also across a restart of the proxy, which loads everything anew.
        await _lab.NewProxy().SyncAsync(CancellationToken.None);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(first, (await Client.AskOnceAsync(_lab.Pod(1), Vip, 80)).Backend);
        }

        var other = first == "pod2" ? 3 : 2;
        await LoadAsync(service, other);
        Assert.Equal($"pod{other}", (await Client.AskOnceAsync(_lab.Pod(1), Vip, 80)).Backend);
    }

    [RootFact]
    public async Task A_service_without_endpoints_refuses_at_once_whoever_asks()
    {
        await LoadAsync(Service("web", Vip, Tcp(80, nodePort: 30080)));

        Assert.Equal(SocketError.ConnectionRefused, await Client.RefusalAsync(_lab.Pod(1), Vip, 80));
        Assert.Equal(SocketError.ConnectionRefused, await Client.RefusalAsync(_lab.Node, Vip, 80));
        Assert.Equal(SocketError.ConnectionRefused, await Client.RefusalAsync(_lab.Ext, Lab.NodeAddress, 30080));
    }

    [RootFact]
    public async Task A_port_that_the_service_does_not_have_is_refused_at_once()
    {
        await LoadAsync(Service("web", Vip), 2);

        Assert.Equal(SocketError.ConnectionRefused, await Client.RefusalAsync(_lab.Pod(1), Vip, 81));
        Assert.Equal(SocketError.ConnectionRefused, await Client.RefusalAsync(_lab.Node, Vip, 81));
    }

    [RootFact]
    public async Task Endpoints_that_come_and_go_are_followed_in_both_directions()
    {
        await LoadAsync(Service("web", Vip));
        Assert.Equal(SocketError.ConnectionRefused, await Client.RefusalAsync(_lab.Pod(1), Vip, 80));

        await LoadAsync(Service("web", Vip), 2);
        Assert.Equal("pod2", (await Client.AskOnceAsync(_lab.Pod(1), Vip, 80)).Backend);

        await LoadAsync(Service("web", Vip), 3);
        Assert.Equal("pod3", (await Client.AskOnceAsync(_lab.Pod(1), Vip, 80)).Backend);

        await LoadAsync(Service("web", Vip));
        Assert.Equal(SocketError.ConnectionRefused, await Client.RefusalAsync(_lab.Pod(1), Vip, 80));
    }

    [RootFact]
    public async Task An_established_connection_survives_changes_and_the_restart_of_the_proxy()
    {
        await LoadAsync(Service("web", Vip), 2);
        using var client = await Client.TcpAsync(_lab.Pod(1), Vip, 80);
        Assert.Equal("pod2", (await client.AskAsync()).Backend);

        await LoadAsync(Service("web", Vip), 3);
        Assert.Equal("pod2", (await client.AskAsync()).Backend);

        var successor = _lab.NewProxy();
        await successor.SyncAsync(CancellationToken.None);
        Assert.Equal(1, successor.Status.FullLoads);
        Assert.Equal("pod2", (await client.AskAsync()).Backend);
        Assert.Equal("pod3", (await Client.AskOnceAsync(_lab.Pod(1), Vip, 80)).Backend);
    }

    [RootFact]
    public async Task A_UDP_client_that_keeps_its_socket_follows_to_the_new_endpoint()
    {
        var service = Service("dns", Vip, Udp(53));
        await _lab.ChangeAsync(now => now.WithService(service).WithSlice(Slice("dns", [UdpPort(8080)], Pods(2))));
        using var client = Client.Udp(_lab.Pod(1), Vip, 53);
        Assert.Equal("pod2", (await client.AskAsync()).Backend);

        await _lab.ChangeAsync(now => now.WithSlice(Slice("dns", [UdpPort(8080)], Pods(3))));

        Assert.Equal("pod3", (await client.AskAsync()).Backend);
    }

    [RootFact]
    public async Task Many_UDP_clients_follow_to_the_new_endpoint()
    {
        var service = Service("dns", Vip, Udp(53));
        await _lab.ChangeAsync(now => now.WithService(service).WithSlice(Slice("dns", [UdpPort(8080)], Pods(2))));
        var clients = Enumerable.Range(0, 20).Select(_ => Client.Udp(_lab.Pod(1), Vip, 53)).ToList();
        foreach (var client in clients)
        {
            Assert.Equal("pod2", (await client.AskAsync()).Backend);
        }

        await _lab.ChangeAsync(now => now.WithSlice(Slice("dns", [UdpPort(8080)], Pods(3))));

        foreach (var client in clients)
        {
            Assert.Equal("pod3", (await client.AskAsync()).Backend);
            client.Dispose();
        }
    }

    [RootFact]
    public async Task A_UDP_client_that_sent_before_there_was_a_service_reaches_it_once_there_is()
    {
        await LoadAsync(Service("other", "10.96.7.99"));
        using var client = Client.Udp(_lab.Pod(1), "198.51.100.9", 53);
        await client.SendAsync();

        var service = Service("dns", Vip, Udp(53)) with { ExternalIPs = [IPAddress.Parse("198.51.100.9")] };
        await _lab.ChangeAsync(now => now.WithService(service).WithSlice(Slice("dns", [UdpPort(8080)], Pods(2))));

        Assert.Equal("pod2", (await client.AskAsync()).Backend);
    }

    [RootFact]
    public async Task A_UDP_flow_to_an_endpoint_that_stays_is_left_alone()
    {
        var service = Service("dns", Vip, Udp(53));
        await _lab.ChangeAsync(now => now.WithService(service).WithSlice(Slice("dns", [UdpPort(8080)], Pods(2))));
        using var client = Client.Udp(_lab.Pod(1), Vip, 53);
        await client.AskAsync();

        await _lab.ChangeAsync(now => now.WithSlice(Slice("dns", [UdpPort(8080)], Pods(2, 3))));

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("pod2", (await client.AskAsync()).Backend);
        }
    }

    [RootFact]
    public async Task Pods_and_the_node_reach_the_nodes_name_server_through_the_DNS_services_cluster_IP()
    {
        const string dnsIP = "10.96.0.10";
        await _lab.ChangeAsync(now => now
            .WithService(FromKinds.Service(ClusterDns.Service(IPAddress.Parse(dnsIP))))
            .WithSlice(FromKinds.Slice(ClusterDns.Slice("node", IPEndPoint.Parse(Lab.Gateway + ":53"), ready: true))!)
            .WithSlice(FromKinds.Slice(ClusterDns.Slice("other", IPEndPoint.Parse("10.201.8.1:53"), ready: true))!)
            .WithService(Service("web", Vip)));
        await using var server = new DnsServer(
            new DnsServerOptions { Listen = [IPEndPoint.Parse(Lab.Gateway + ":53")] },
            _lab.Services, TimeProvider.System, new Random(1), Forwarder.UnguessableId);
        Assert.Null(NetNamespace.In(_lab.Node, server.Start));
        var query = new DnsMessage { Id = 5, Questions = [new DnsQuestion(DnsName.Parse("web.default.svc.cluster.local"), DnsType.A)] };

        foreach (var from in (string[])[_lab.Pod(1), _lab.Pod(2), _lab.Node])
        {
            using var udp = NetNamespace.Udp(from);
            udp.Connect(IPEndPoint.Parse(dnsIP + ":53"));
            await udp.SendAsync(DnsWriter.Write(query, 512));
            var buffer = new byte[512];
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            var length = await udp.ReceiveAsync(buffer, limit.Token);
            Assert.True(DnsReader.TryRead(buffer.AsSpan(0, length), out var response));
            Assert.Equal(Vip, Assert.Single(response.Answers).IPAddress!.ToString());

            using var tcp = NetNamespace.Tcp(from);
            await tcp.ConnectAsync(IPEndPoint.Parse(dnsIP + ":53"), limit.Token);
            await DnsStream.SendAsync(tcp, DnsWriter.Write(query, 512), limit.Token);
            Assert.True(DnsReader.TryRead(await DnsStream.ReceiveAsync(tcp, limit.Token), out response));
            Assert.Equal(Vip, Assert.Single(response.Answers).IPAddress!.ToString());
        }
    }

    [RootFact]
    public async Task The_CNI_plugins_accept_the_bridge_and_the_configuration()
    {
        const string plugins = "/usr/lib/cni";
        Assert.SkipUnless(File.Exists(plugins + "/bridge"), "needs the CNI plugins in " + plugins);
        await LoadAsync(Service("web", Vip), 2);
        var pod = await _lab.AddBareNamespaceAsync();
        var list = JsonNode.Parse(File.ReadAllText(Path.Combine(_lab.BridgeOptions.CniDirectory, "10-coracle.conflist")))!;
        var config = list["plugins"]![0]!.DeepClone();
        config["cniVersion"] = list["cniVersion"]!.DeepClone();
        config["name"] = list["name"]!.DeepClone();
        var bridgeBefore = await BridgeAddressAsync();

        var added = await _lab.OnNode(
            new Command("env", "CNI_COMMAND=ADD", "CNI_CONTAINERID=x", $"CNI_NETNS=/run/netns/{pod}", "CNI_IFNAME=eth0", $"CNI_PATH={plugins}", plugins + "/bridge")
            {
                Input = config.ToJsonString(),
            },
            CancellationToken.None);

        Assert.True(added.Ok, added.Output + added.Error);
        var address = JsonNode.Parse(added.Output)!["ips"]![0]!["address"]!.GetValue<string>().Split('/')[0];
        Assert.Equal(new Reply("pod2", address), await Client.AskOnceAsync(pod, Vip, 80));
        Assert.Equal(bridgeBefore, await BridgeAddressAsync());
        Assert.True(Directory.Exists(_lab.BridgeOptions.IpamDirectory));
        Assert.Null(await _lab.Bridge.RemoveAsync(CancellationToken.None));
        Assert.False(Directory.Exists(_lab.BridgeOptions.IpamDirectory));
        Assert.DoesNotContain("eth0", await _lab.IpAsync(pod, "-o", "link"));

        async Task<string> BridgeAddressAsync() =>
            (await _lab.NodeCommandAsync("ip", "-o", "link", "show", "dev", _lab.BridgeOptions.BridgeName)).Split("link/ether ")[1].Split(' ')[0];
    }

    [RootFact]
    public async Task Another_instances_rules_do_not_touch_this_instances_pods()
    {
        await LoadAsync(Service("web", Vip), 2);
        var others = new NetworkDirectory();
        others.Change(now => (now with { IsComplete = true }).WithService(Service("web", Vip)));
        var other = new ServiceProxy(
            _lab.Options with { InstanceId = "other", PodBridge = BridgeOptions.NameFor("other"), NodePods = IPNetwork.Parse("10.202.0.0/24") },
            others, new NftKernel(_lab.OnNode), TimeProvider.System);
        await other.SyncAsync(CancellationToken.None);
        Assert.True(other.Status.IsHealthy, other.Status.LastError);

        // To the other instance this service has no endpoints.
        Assert.Equal("pod2", (await Client.AskOnceAsync(_lab.Pod(1), Vip, 80)).Backend);

        Assert.True((await other.TeardownAsync(CancellationToken.None)).Ok);
        Assert.Equal("pod2", (await Client.AskOnceAsync(_lab.Pod(1), Vip, 80)).Backend);
    }

    [RootFact]
    public async Task Chains_that_are_no_longer_used_disappear_from_the_kernel()
    {
        var time = new ManualTime();
        var proxy = new ServiceProxy(_lab.Options, _lab.Services, new NftKernel(_lab.OnNode), time);
        using var stopping = new CancellationTokenSource();
        _lab.Services.Change(now => now.WithService(Service("web", Vip)).WithSlice(Slice("web", 8080, Pods(1, 2, 3))));
        var running = proxy.RunAsync(stopping.Token);
        await UntilAsync(() => proxy.Status.FullLoads == 1 && time.PendingTimers == 1);
        Assert.Equal(3, (await _lab.NodeCommandAsync("nft", "list", "chains")).Split("chain ep-").Length - 1);

        _lab.Services.Change(now => now.WithSlice(Slice("web", 8080, Pods(1))));
        while ((await _lab.NodeCommandAsync("nft", "list", "chains")).Split("chain ep-").Length - 1 > 1)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Null(proxy.Status.LastError);
        await stopping.CancelAsync();
        await running;
    }

    [RootFact]
    public async Task The_kernel_takes_every_kind_of_rule_in_both_families()
    {
        foreach (var family in (IpFamily[])[IpFamily.IPv4, IpFamily.IPv6])
        {
            var v6 = family == IpFamily.IPv6;
            var directory = new NetworkDirectory();
            string Address(int n) => v6 ? $"fd01::{n:x}" : $"10.201.7.{n}";
            directory.Change(now => (now with { IsComplete = true })
                .WithService(Service("all", v6 ? "fd00::7" : Vip, Tcp(80, nodePort: 30080, name: "a"), Udp(80, nodePort: 30080, name: "b"), new ServicePortSpec("c", TransportProtocol.Sctp, 80)) with
                {
                    ClientIPAffinity = TimeSpan.FromHours(3),
                    ExternalPolicyLocal = true,
                    ExternalIPs = [IPAddress.Parse(v6 ? "2001:db8::1" : "198.51.100.1")],
                    LoadBalancerIPs = [IPAddress.Parse(v6 ? "2001:db8::2" : "198.51.100.2")],
                    LoadBalancerSourceRanges = [IPNetwork.Parse(v6 ? "2001:db8::/32" : "192.0.2.0/24")],
                })
                .WithSlice(Slice("all",
                    [TcpPort(8080, "a"), UdpPort(8080, "b"), new EndpointPortSpec("c", TransportProtocol.Sctp, 8080)],
                    [.. Enumerable.Range(1, 20).Select(n => Endpoint(Address(n)))])));
            var options = _lab.Options with
            {
                InstanceId = family.ToString(),
                Family = family,
                ClusterPods = IPNetwork.Parse(v6 ? "fd01::/48" : "10.201.0.0/16"),
                NodePods = IPNetwork.Parse(v6 ? "fd01::/64" : "10.201.7.0/24"),
                ServiceAddresses = IPNetwork.Parse(v6 ? "fd00::/108" : "10.96.0.0/12"),
                NodePortAddresses = [IPNetwork.Parse(v6 ? "2001:db8::/32" : "192.0.2.0/24")],
                NonMasqueraded = [IPNetwork.Parse(v6 ? "2001:db8::/32" : "192.0.2.0/24")],
                BridgeNetfilter = false,
            };
            var proxy = new ServiceProxy(options, directory, new NftKernel(_lab.OnNode), TimeProvider.System);

            await proxy.SyncAsync(CancellationToken.None);
            Assert.True(proxy.Status.LastError is null, proxy.Status.LastError);
            directory.Change(now => now.WithSlice(Slice("all", [TcpPort(8080, "a")], Endpoint(Address(1)))));
            await proxy.SyncAsync(CancellationToken.None);
            Assert.True(proxy.Status.LastError is null, proxy.Status.LastError);
        }
    }

    [RootFact]
    public async Task What_nft_refuses_is_explained_with_the_line_it_is_about()
    {
        var result = await new NftKernel(_lab.OnNode).ApplyAsync("add table ip x\nadd rule ip x nowhere accept\n", CancellationToken.None);

        Assert.Contains("in: add rule ip x nowhere accept", result.Error);
        Assert.DoesNotContain("table ip x", await _lab.NodeCommandAsync("nft", "list", "tables"));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }

    [RootFact]
    public async Task Teardown_leaves_nothing_behind()
    {
        await LoadAsync(Service("web", Vip) with { ClientIPAffinity = TimeSpan.FromHours(3) }, 1, 2);
        Assert.Contains(_lab.Options.TableName, await _lab.NodeCommandAsync("nft", "list", "tables"));

        Assert.True((await _lab.Proxy.TeardownAsync(CancellationToken.None)).Ok);
        Assert.Null(await _lab.Bridge.RemoveAsync(CancellationToken.None));

        Assert.Equal("", await _lab.NodeCommandAsync("nft", "list", "ruleset"));
        Assert.DoesNotContain(_lab.BridgeOptions.BridgeName, await _lab.NodeCommandAsync("ip", "-o", "link"));
        Assert.DoesNotContain("veth", await _lab.NodeCommandAsync("ip", "-o", "link"));
        Assert.False(Directory.Exists(_lab.BridgeOptions.IpamDirectory));
        Assert.Empty(Directory.GetFiles(_lab.BridgeOptions.CniDirectory));
        Assert.True((await _lab.Proxy.TeardownAsync(CancellationToken.None)).Ok, "a second teardown finds nothing, which is fine");
    }
}
