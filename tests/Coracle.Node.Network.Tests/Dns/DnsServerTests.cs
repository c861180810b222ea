using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Coracle.Node.Dns;
using Coracle.Node.Network.Tests.Support;
using static Coracle.Node.Network.Tests.Support.Specs;

namespace Coracle.Node.Network.Tests.Dns;

/// <summary>The server on loopback, asked through real sockets.</summary>
public sealed class DnsServerTests : IAsyncDisposable
{
    private readonly NetworkDirectory _directory = new();
    private readonly List<DnsServer> _servers = [];

    public DnsServerTests()
    {
        _directory.Change(now => (now with { IsComplete = true, Namespaces = ["default"] })
            .WithService(Service("web", "10.96.0.7"))
            .WithService(Service("out", "") with { Type = ServiceType.ExternalName, ExternalName = "WWW.example.com" })
            .WithService(Service("inner", "") with { Type = ServiceType.ExternalName, ExternalName = "web.default.svc.cluster.local" })
            .WithService(Service("circle", "") with { Type = ServiceType.ExternalName, ExternalName = "circle.default.svc.cluster.local" })
            .WithService(Service("many", "") with { IsHeadless = true })
            .WithSlice(Slice("many", 80, [.. Enumerable.Range(1, 200).Select(i => Endpoint($"10.244.0.{i}"))])));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private (DnsServer Server, IPEndPoint Address) Start(DnsServerOptions? options = null, params IPEndPoint[] upstreams)
    {
        DnsServer? server = null;
        var address = LoopbackPort.Start(free =>
        {
            server = new DnsServer(
                (options ?? new DnsServerOptions { Listen = [] }) with
                {
                    Listen = [free],
                    Forwarding = new ForwarderOptions { Upstreams = [.. upstreams.Select(u => u.Port == 0 ? free : u)] },
                }, _directory, TimeProvider.System, new Random(7), Forwarder.UnguessableId);
            _servers.Add(server);
            return server.Start();
        });
        return (server!, address);
    }

    private static DnsMessage Query(string name, DnsType type = DnsType.A, Edns? edns = null) =>
        new() { Id = 77, RecursionDesired = true, Questions = [new DnsQuestion(DnsName.Parse(name), type)], Edns = edns };

    private static Task<DnsMessage> AskAsync(IPEndPoint server, DnsMessage query) => AskAsync(server, DnsWriter.Write(query, DnsLimits.MessageMax));

    private static async Task<DnsMessage> AskAsync(IPEndPoint server, byte[] query)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(server);
        await socket.SendAsync(query, limit.Token);
        var buffer = new byte[65535];
        var length = await socket.ReceiveAsync(buffer, limit.Token);
        Assert.True(DnsReader.TryRead(buffer.AsSpan(0, length), out var response));
        return response;
    }

    private static async Task<DnsMessage> AskTcpAsync(Socket socket, DnsMessage query)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await DnsStream.SendAsync(socket, DnsWriter.Write(query, DnsLimits.MessageMax), limit.Token);
        Assert.True(DnsReader.TryRead(await DnsStream.ReceiveAsync(socket, limit.Token), out var response));
        return response;
    }

    [Fact]
    public async Task A_cluster_name_is_answered_with_authority_and_in_the_clients_spelling()
    {
        var (_, address) = Start();

        var response = await AskAsync(address, Query("Web.default.SVC.cluster.local"));

        Assert.Equal((77, DnsCode.NoError, true, true, true), (response.Id, response.Code, response.Authoritative, response.RecursionDesired, response.RecursionAvailable));
        Assert.Equal("Web.default.SVC.cluster.local.", response.Questions[0].Name.ToString());
        var record = Assert.Single(response.Answers);
        Assert.Equal(("Web.default.SVC.cluster.local.", "10.96.0.7"), (record.Name.ToString(), record.IPAddress!.ToString()));
    }

    [Fact]
    public async Task A_change_of_the_directory_is_seen_by_the_next_query()
    {
        var (_, address) = Start();
        Assert.Equal(DnsCode.NXDomain, (await AskAsync(address, Query("new.default.svc.cluster.local"))).Code);

        _directory.SetService(Service("new", "10.96.0.8"));

        Assert.Equal("10.96.0.8", Assert.Single((await AskAsync(address, Query("new.default.svc.cluster.local"))).Answers).IPAddress!.ToString());
    }

    [Fact]
    public async Task Before_the_first_list_is_in_no_cluster_name_is_denied()
    {
        _directory.Change(now => now with { IsComplete = false });
        var (server, address) = Start();

        Assert.Equal(DnsCode.ServFail, (await AskAsync(address, Query("later.default.svc.cluster.local"))).Code);
        Assert.False(server.Health.IsHealthy);
        _directory.MarkComplete();
        Assert.Equal(DnsCode.NXDomain, (await AskAsync(address, Query("later.default.svc.cluster.local"))).Code);
        Assert.True(server.Health.IsHealthy);
    }

    [Fact]
    public async Task Other_names_are_forwarded_and_an_ExternalName_is_followed()
    {
        using var upstream = FakeUpstream.Knowing("192.0.2.9");
        var (server, address) = Start(null, upstream.Address);

        Assert.Equal("192.0.2.9", Assert.Single((await AskAsync(address, Query("www.example.org"))).Answers).IPAddress!.ToString());
        var alias = await AskAsync(address, Query("out.default.svc.cluster.local"));
        Assert.Equal([DnsType.CNAME, DnsType.A], alias.Answers.Select(r => r.Type));
        Assert.Equal("WWW.example.com.", alias.Answers[1].Name.ToString());
        var inner = await AskAsync(address, Query("inner.default.svc.cluster.local"));
        Assert.Equal("10.96.0.7", inner.Answers[1].IPAddress!.ToString());
        Assert.Equal(2, server.Health.Counts.Forwarded);
    }

    [Fact]
    public async Task Aliases_that_go_round_in_a_circle_fail()
    {
        var (_, address) = Start();

        Assert.Equal(DnsCode.ServFail, (await AskAsync(address, Query("circle.default.svc.cluster.local"))).Code);
    }

    [Fact]
    public async Task A_large_answer_is_cut_over_UDP_and_whole_over_TCP()
    {
        var (_, address) = Start();
        var query = Query("many.default.svc.cluster.local");

        var plain = await AskAsync(address, query);
        Assert.True(plain.Truncated);
        Assert.Null(plain.Edns);
        var extended = await AskAsync(address, query with { Edns = new Edns(4096) });
        Assert.False(extended.Truncated);
        Assert.Equal(200, extended.Answers.Length);
        Assert.Equal(DnsLimits.UdpPayload, extended.Edns!.UdpPayload);

        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await tcp.ConnectAsync(address);
        Assert.Equal(200, (await AskTcpAsync(tcp, query)).Answers.Length);
        Assert.Single((await AskTcpAsync(tcp, Query("web.default.svc.cluster.local"))).Answers);
    }

    [Fact]
    public async Task Endpoints_come_in_changing_order()
    {
        var (_, address) = Start();
        var firsts = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            firsts.Add((await AskAsync(address, Query("many.default.svc.cluster.local", edns: new Edns(4096)))).Answers[0].IPAddress!.ToString());
        }

        Assert.True(firsts.Count > 3);
    }

    [Fact]
    public async Task What_is_no_plain_query_is_refused_with_the_right_code()
    {
        var (_, address) = Start();
        var web = Query("web.default.svc.cluster.local");

        Assert.Equal(DnsCode.NotImp, (await AskAsync(address, web with { OpCode = 4 })).Code);
        Assert.Equal(DnsCode.FormErr, (await AskAsync(address, web with { Questions = [] })).Code);
        Assert.Equal(DnsCode.FormErr, (await AskAsync(address, web with { Questions = [web.Questions[0], web.Questions[0]] })).Code);
        Assert.Equal(DnsCode.BadVers, (await AskAsync(address, web with { Edns = new Edns(1232) { Version = 1 } })).Code);
        Assert.Equal(DnsCode.Refused, (await AskAsync(address, Query("cluster.local", DnsType.AXFR))).Code);
        Assert.Equal(DnsCode.Refused, (await AskAsync(address, web with { Questions = [web.Questions[0] with { Class = DnsClass.CH }] })).Code);
        Assert.Equal(DnsCode.FormErr, (await AskAsync(address, Convert.FromHexString("004d01000001000000000000c00c00010001"))).Code);
        Assert.Equal(DnsCode.Refused, (await AskAsync(address, Query("www.example.com"))).Code);
    }

    [Fact]
    public async Task Garbage_and_responses_are_not_answered_and_do_no_harm()
    {
        var (_, address) = Start();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(address);
        var random = new Random(20260403);
        var response = DnsWriter.Write(Query("web.default.svc.cluster.local") with { IsResponse = true }, 512);
        for (var i = 0; i < 200; i++)
        {
            var garbage = new byte[random.Next(0, 12)];
            random.NextBytes(garbage);
            await socket.SendAsync(i % 2 == 0 ? garbage : response);
        }

        await socket.SendAsync(DnsWriter.Write(Query("web.default.svc.cluster.local"), 512));
        var buffer = new byte[512];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var length = await socket.ReceiveAsync(buffer, limit.Token);

        Assert.True(DnsReader.TryRead(buffer.AsSpan(0, length), out var only));
        Assert.Single(only.Answers);
    }

    [Fact]
    public async Task An_upstream_that_leads_back_is_found_and_not_asked_again()
    {
        // Port 0 stands for the server's own address.
        var (server, address) = Start(null, new IPEndPoint(IPAddress.Loopback, 0));
        while (!server.Health.Upstreams[0].IsLoop)
        {
            await Task.Yield();
        }

        Assert.Equal(DnsCode.Refused, (await AskAsync(address, Query("www.example.com"))).Code);
    }

    [Fact]
    public async Task A_silent_TCP_client_is_let_go()
    {
        var (_, address) = Start(new DnsServerOptions { Listen = [], TcpIdleTimeout = TimeSpan.FromMilliseconds(50) });
        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await tcp.ConnectAsync(address);
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, 100);
        await tcp.SendAsync(length);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.Equal(0, await tcp.ReceiveAsync(new byte[1], limit.Token));
    }

    [Fact]
    public void An_address_that_is_taken_is_reported_not_thrown()
    {
        var (_, address) = Start();
        var second = new DnsServer(new DnsServerOptions { Listen = [address] }, _directory, TimeProvider.System, new Random(1), Forwarder.UnguessableId);

        Assert.StartsWith($"cannot listen on {address}: ", second.Start());
        Assert.False(second.Health.IsListening);
    }
}
