using System.Net.WebSockets;
using Coracle.Node.Streaming;

namespace Coracle.Node.Tests.Streaming;

public sealed class PortForwardTests
{
    /// <summary>A pod whose port 80 answers "port 80:" and then what it is sent, and which has no other port.</summary>
    private static Task<PortForwardStreams> Pod(int port, CancellationToken cancel)
    {
        if (port != 80)
            throw new IOException("connection refused");
        var (asker, runner) = PortForwardStreams.Pair();
        _ = Serve();
        return Task.FromResult(asker);

        async Task Serve()
        {
            await runner.Data.WriteText($"port {port}:", cancel);
            await runner.Data.CopyToAsync(runner.Data, cancel);
            await runner.Data.CompleteWrites(cancel);
            await runner.Error.CompleteWrites(cancel);
        }
    }

    private static async Task<(DuplexStream Data, DuplexStream Error)> Open(SpdyConnection client, int port, string id, CancellationToken cancel)
    {
        var error = await client.OpenStream(Headers("error"), cancel);
        await error.CompleteWrites(cancel);
        return (await client.OpenStream(Headers("data"), cancel), error);

        KeyValuePair<string, string>[] Headers(string type) =>
        [
            KeyValuePair.Create("streamtype", type), KeyValuePair.Create("port", $"{port}"), KeyValuePair.Create("requestid", id),
        ];
    }

    private static async Task<(SpdyConnection Client, Task Relay)> Connect(bool tunnel, CancellationToken cancel)
    {
        var (near, far) = InMemoryDuplex.Pair();
        Stream client = tunnel
            ? WebSocketStream.Create(WebSocket.CreateFromStream(near, new WebSocketCreationOptions { IsServer = false }),
                WebSocketMessageType.Binary, closeTimeout: TimeSpan.FromSeconds(1))
            : near;
        var protocol = tunnel ? new StreamingProtocol(true, "SPDY/3.1+portforward.k8s.io") : new StreamingProtocol(false, "portforward.k8s.io");
        var server = await PortForwardServer.Accept(far, protocol, [], TimeProvider.System);
        return (SpdyConnection.Start(client, isServer: false), PortForwardRelay.Run(server, Pod, "p", cancel));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Many_connections_share_one_client_and_each_ends_by_itself(bool tunnel)
    {
        var cancel = Wires.Limit;
        var (client, relay) = await Connect(tunnel, cancel);
        var connections = new List<(DuplexStream Data, DuplexStream Error)>();
        for (var i = 0; i < 20; i++)
            connections.Add(await Open(client, 80, $"{i}", cancel));
        foreach (var (data, error) in connections)
        {
            await data.WriteText("ping", cancel);
            Assert.Equal("port 80:ping", await data.ReadText(12, cancel));
            await data.CompleteWrites(cancel);
            Assert.Equal("", await data.ReadToEnd(cancel));
            Assert.Equal("", await error.ReadToEnd(cancel));
        }
        await client.DisposeAsync();
        await relay;
    }

    [Fact]
    public async Task A_port_that_does_not_answer_is_told_on_the_error_stream()
    {
        var cancel = Wires.Limit;
        var (client, relay) = await Connect(tunnel: false, cancel);
        var (_, error) = await Open(client, 81, "0", cancel);
        Assert.Equal("error forwarding port 81 to pod p, uid : connection refused", await error.ReadToEnd(cancel));
        await client.DisposeAsync();
        await relay;
    }

    [Fact]
    public async Task Clients_without_request_ids_are_served_too()
    {
        var cancel = Wires.Limit;
        var (client, relay) = await Connect(tunnel: false, cancel);
        await client.OpenStream([KeyValuePair.Create("streamtype", "error"), KeyValuePair.Create("port", "80")], cancel);
        var data = await client.OpenStream([KeyValuePair.Create("streamtype", "data"), KeyValuePair.Create("port", "80")], cancel);
        Assert.Equal("port 80:", await data.ReadText(8, cancel));
        await client.DisposeAsync();
        await relay;
    }

    [Fact]
    public async Task A_stream_without_a_port_is_refused()
    {
        var cancel = Wires.Limit;
        var (client, relay) = await Connect(tunnel: false, cancel);
        await Assert.ThrowsAsync<IOException>(() => client.OpenStream([KeyValuePair.Create("streamtype", "data")], cancel));
        await Assert.ThrowsAsync<IOException>(() =>
            client.OpenStream([KeyValuePair.Create("streamtype", "data"), KeyValuePair.Create("port", "70000")], cancel));
        await client.DisposeAsync();
        await relay;
    }

    [Fact]
    public async Task Over_plain_channels_each_begins_with_its_port()
    {
        var cancel = Wires.Limit;
        var (near, far) = InMemoryDuplex.Pair();
        var socket = WebSocket.CreateFromStream(near, new WebSocketCreationOptions { IsServer = false });
        var server = await PortForwardServer.Accept(far, new StreamingProtocol(true, "v4.channel.k8s.io"), [80, 81], TimeProvider.System);
        var relay = PortForwardRelay.Run(server, Pod, "p", cancel);
        await socket.SendAsync("\0hello"u8.ToArray().AsMemory(), WebSocketMessageType.Binary, true, cancel);

        var channels = new string[] { "", "", "", "" };
        var buffer = new byte[4096];
        while (channels[0].Length < 2 + 13 || channels[3].Length < 20)
        {
            var message = await socket.ReceiveAsync(buffer.AsMemory(), cancel);
            channels[buffer[0]] += System.Text.Encoding.Latin1.GetString(buffer, 1, message.Count - 1);
        }
        Assert.Equal("P\0port 80:hello", channels[0]);
        Assert.Equal("P\0", channels[1]);
        Assert.Equal("Q\0", channels[2]);
        Assert.StartsWith("Q\0error forwarding port 81", channels[3], StringComparison.Ordinal);
        socket.Abort();
        await relay;
    }
}
