using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Coracle.Node.Dns;
using Coracle.Node.Network.Tests.Support;
using Coracle.Node.Proxy;
using static Coracle.Node.Network.Tests.Support.Specs;

namespace Coracle.Node.Network.Tests.Kernel;

/// <summary>
/// Prints what loads cost on this machine; run by hand:
/// <c>Coracle.Node.Network.Tests --explicit only --filter-class "*.LoadMeasurement" --show-live-output on</c>.
/// </summary>
[Trait("Category", "root")]
[Collection("kernel")]
public sealed class LoadMeasurement(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly Lab _lab = new();

    public ValueTask InitializeAsync() => _lab.InitializeAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(5000)]
    public async Task Loads(int services)
    {
        var snapshot = _lab.Services.Current;
        for (var i = 0; i < services; i++)
        {
            snapshot = snapshot.WithService(Service($"s{i}", $"10.96.{i / 250}.{1 + (i % 250)}")).WithSlice(Endpoints(i, 3));
        }

        var full = new List<double>();
        for (var round = 0; round < 3; round++)
        {
            _lab.Services.Change(_ => snapshot);
            full.Add(await TimeAsync(_lab.NewProxy()));
        }

        var proxy = _lab.NewProxy();
        await proxy.SyncAsync(CancellationToken.None);
        var endpoint = new List<double>();
        var service = new List<double>();
        for (var round = 0; round < 10; round++)
        {
            _lab.Services.SetSlice(Endpoints(0, round % 2 == 0 ? 2 : 3));
            endpoint.Add(await TimeAsync(proxy));
            _lab.Services.Change(now => now.WithService(Service($"new{round}", $"10.97.0.{round}")).WithSlice(
                Slice($"new{round}", 8080, Endpoint("10.201.7.11"), Endpoint("10.201.7.12"), Endpoint("10.201.7.13"))));
            service.Add(await TimeAsync(proxy));
        }

        output.WriteLine(
            $"{services} services x 3 endpoints: full load {Median(full):0} ms, one endpoint changed {Median(endpoint):0.0} ms, one service added {Median(service):0.0} ms");
    }

    [Fact(Explicit = true)]
    public async Task Name_server()
    {
        var directory = new NetworkDirectory();
        var snapshot = NetworkSnapshot.Empty with { IsComplete = true };
        for (var i = 0; i < 1000; i++)
        {
            snapshot = snapshot.WithService(Service($"s{i}", $"10.96.{i / 250}.{1 + (i % 250)}"));
        }

        directory.Change(_ => snapshot);
        var address = IPEndPoint.Parse("127.0.0.1:15353");
        await using var server = new DnsServer(new DnsServerOptions { Listen = [address] }, directory, TimeProvider.System, new Random(1), Forwarder.UnguessableId);
        Assert.Null(server.Start());
        const int clients = 16, queries = 5000;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => AskAsync(address, queries)));
        output.WriteLine($"{clients * queries / Stopwatch.GetElapsedTime(started).TotalSeconds:0} queries/s, client and server in one process");
    }

    private static async Task AskAsync(IPEndPoint server, int count)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(server);
        var buffer = new byte[512];
        var query = DnsWriter.Write(new DnsMessage { Id = 1, Questions = [new DnsQuestion(DnsName.Parse("s7.default.svc.cluster.local"), DnsType.A)] }, 512);
        for (var i = 0; i < count; i++)
        {
            await socket.SendAsync(query);
            await socket.ReceiveAsync(buffer);
        }
    }

    private static EndpointSliceSpec Endpoints(int service, int count) =>
        Slice($"s{service}", 8080, [.. Enumerable.Range(0, count).Select(e => Endpoint($"10.244.{((service * 3) + e) / 250}.{1 + (((service * 3) + e) % 250)}"))]);

    private static async Task<double> TimeAsync(ServiceProxy proxy)
    {
        var started = Stopwatch.GetTimestamp();
        await proxy.SyncAsync(CancellationToken.None);
        Assert.True(proxy.Status.LastError is null, proxy.Status.LastError);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
