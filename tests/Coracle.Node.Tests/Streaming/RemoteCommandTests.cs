using System.Net.WebSockets;
using Coracle.Node.Streaming;
using Coracle.Sdk;

namespace Coracle.Node.Tests.Streaming;

public sealed class RemoteCommandTests
{
    private static readonly RemoteCommandStreams All = new() { Stdin = true, Stdout = true, Stderr = true };

    /// <summary>A command that echoes its input up to its end, then says one word on stderr and exits with 3.</summary>
    private static async Task Cat(RemoteCommandSession runner, CancellationToken cancel)
    {
        await runner.Stdin!.CopyToAsync(runner.Stdout!, cancel);
        await runner.Stdout!.CompleteWrites(cancel);
        await runner.Stderr!.WriteText("oops", cancel);
        await runner.Stderr!.CompleteWrites(cancel);
        await runner.Error!.WriteAsync(CommandOutcome.FromExitCode(3, ["cat"]).ToStatusJson(), cancel);
        await runner.Error!.CompleteWrites(cancel);
    }

    [Fact]
    public async Task Over_SPDY_input_ends_output_follows_and_the_exit_code_comes_last()
    {
        var cancel = Wires.Limit;
        var (client, server) = await Wires.SpdySession(All, cancel);
        var (asker, runner) = RemoteCommandSession.Pair(true, true, true, tty: false);
        var command = Cat(runner, cancel);
        var relay = RemoteCommandRelay.Run(server, asker, cancel);

        await client.Stdin!.WriteText("hello", cancel);
        Assert.Equal("hello", await client.Stdout!.ReadText(5, cancel));
        await client.Stdin!.CompleteWrites(cancel);
        Assert.Equal("", await client.Stdout!.ReadToEnd(cancel));
        Assert.Equal("oops", await client.Stderr!.ReadToEnd(cancel));
        Assert.Equal(3, Assert.IsType<CommandOutcome.Exited>(CommandOutcome.Parse(Wires.Bytes(await client.Error!.ReadToEnd(cancel)))).Code);
        await client.DisposeAsync();
        await relay;
        await command;
    }

    [Fact]
    public async Task Before_v4_a_failure_is_text_and_a_success_is_silent()
    {
        var cancel = Wires.Limit;
        foreach (var (code, expected) in new[] { (0, ""), (3, "command terminated with non-zero exit code: error executing command [x], exit code 3") })
        {
            var streams = new RemoteCommandStreams { Stdout = true };
            var (client, server) = await Wires.SpdySession(streams, cancel, "v2.channel.k8s.io");
            var (asker, runner) = RemoteCommandSession.Pair(false, true, false, tty: false);
            var relay = RemoteCommandRelay.Run(server, asker, cancel);
            await runner.Stdout!.CompleteWrites(cancel);
            await runner.Error!.WriteAsync(CommandOutcome.FromExitCode(code, ["x"]).ToStatusJson(), cancel);
            await runner.Error!.CompleteWrites(cancel);

            Assert.Equal(expected, await client.Error!.ReadToEnd(cancel));
            await client.DisposeAsync();
            await relay;
        }
    }

    [Fact]
    public async Task A_client_that_goes_away_ends_the_runtimes_session()
    {
        var cancel = Wires.Limit;
        var (client, server) = await Wires.SpdySession(All, cancel);
        var (asker, runner) = RemoteCommandSession.Pair(true, true, true, tty: false);
        var relay = RemoteCommandRelay.Run(server, asker, cancel);

        await client.DisposeAsync();

        await relay;
        await runner.Closed.WaitAsync(cancel);
    }

    [Fact]
    public async Task A_runtime_that_is_lost_ends_the_clients_session_without_a_success()
    {
        var cancel = Wires.Limit;
        var (client, server) = await Wires.SpdySession(All, cancel);
        var (asker, runner) = RemoteCommandSession.Pair(true, true, true, tty: false);
        var relay = RemoteCommandRelay.Run(server, asker, cancel);

        runner.Abort();

        Assert.Equal("", await client.Error!.ReadToEnd(cancel));
        await client.DisposeAsync();
        await relay;
    }

    [Fact]
    public async Task Sizes_of_the_terminal_arrive_as_they_were_sent()
    {
        var cancel = Wires.Limit;
        var (client, server) = await Wires.SpdySession(new RemoteCommandStreams { Stdin = true, Stdout = true, Stderr = true, Tty = true }, cancel);
        Assert.Null(server.Stderr);
        var (asker, runner) = RemoteCommandSession.Pair(true, true, true, tty: true);
        var relay = RemoteCommandRelay.Run(server, asker, cancel);

        await client.Resize!.WriteText("""{"Width":80,"Height":24}""", cancel);

        Assert.Equal("""{"Width":80,"Height":24}""", await runner.Resize!.ReadText(24, cancel));
        await client.DisposeAsync();
        await relay;
    }

    // ---- WebSockets

    private static (WebSocket Client, Stream Server) Sockets()
    {
        var (near, far) = InMemoryDuplex.Pair();
        return (WebSocket.CreateFromStream(near, new WebSocketCreationOptions { IsServer = false }), far);
    }

    private static async Task<(RemoteCommandSession Server, WebSocket Client)> Accept(string protocol, RemoteCommandStreams streams, CancellationToken cancel,
        TimeProvider? time = null)
    {
        var (client, transport) = Sockets();
        var session = await RemoteCommandServer.Accept(transport, new StreamingProtocol(true, protocol), streams, time ?? TimeProvider.System, cancel);
        return (session, client);
    }

    private static async Task Send(WebSocket socket, CancellationToken cancel, params byte[] message) =>
        await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Binary, true, cancel);

    private static async Task<byte[]?> Receive(WebSocket socket, CancellationToken cancel)
    {
        var message = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var piece = await socket.ReceiveAsync(buffer.AsMemory(), cancel);
            if (piece.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(buffer, 0, piece.Count);
            if (piece.EndOfMessage)
                return message.ToArray();
        }
    }

    private static async Task<Dictionary<byte, string>> ReceiveAll(WebSocket socket, CancellationToken cancel)
    {
        var all = new Dictionary<byte, string>();
        while (await Receive(socket, cancel) is { } message)
            all[message[0]] = all.GetValueOrDefault(message[0], "") + System.Text.Encoding.UTF8.GetString(message, 1, message.Length - 1);
        return all;
    }

    [Fact]
    public async Task Over_v5_a_client_ends_its_input_and_reads_output_outcome_and_goodbye()
    {
        var cancel = Wires.Limit;
        var (server, client) = await Accept("v5.channel.k8s.io", All, cancel);
        var (asker, runner) = RemoteCommandSession.Pair(true, true, true, tty: false);
        var command = Cat(runner, cancel);
        var relay = RemoteCommandRelay.Run(server, asker, cancel);

        Assert.Equal([1], await Receive(client, cancel)); // the session is up
        await Send(client, cancel, 0, (byte)'h', (byte)'i');
        await Send(client, cancel, 255, 0);
        var all = await ReceiveAll(client, cancel);
        await client.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancel);

        Assert.Equal("hi", all[1]);
        Assert.Equal("oops", all[2]);
        Assert.Equal(3, Assert.IsType<CommandOutcome.Exited>(CommandOutcome.Parse(Wires.Bytes(all[3]))).Code);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.CloseStatus);
        await relay;
        await command;
    }

    [Fact]
    public async Task Before_v5_255_is_no_close_signal()
    {
        var cancel = Wires.Limit;
        var (server, client) = await Accept("v4.channel.k8s.io", All, cancel);
        await Send(client, cancel, 255, 0);
        await Send(client, cancel, 0, (byte)'x');
        Assert.Equal("x", await server.Stdin!.ReadText(1, cancel));
        client.Abort();
        await server.Closed.WaitAsync(cancel);
    }

    [Fact]
    public async Task Over_base64_every_message_is_text()
    {
        var cancel = Wires.Limit;
        var (server, client) = await Accept("v4.base64.channel.k8s.io", All, cancel);
        Assert.Equal("1"u8.ToArray(), await Receive(client, cancel));
        await client.SendAsync(Wires.Bytes("0" + Convert.ToBase64String("hi"u8)).AsMemory(), WebSocketMessageType.Text, true, cancel);
        Assert.Equal("hi", await server.Stdin!.ReadText(2, cancel));
        await server.Stdout!.WriteText("ho", cancel);
        Assert.Equal("1" + Convert.ToBase64String("ho"u8), System.Text.Encoding.ASCII.GetString((await Receive(client, cancel))!));
        client.Abort();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_large_output_arrives_whole_at_a_slow_client()
    {
        var cancel = Wires.Limit;
        var (server, client) = await Accept("v5.channel.k8s.io", new RemoteCommandStreams { Stdout = true }, cancel);
        Assert.Equal([1], await Receive(client, cancel));
        var pattern = Wires.Pattern(1024 * 1024);
        var sending = server.Stdout!.WriteAsync(pattern, cancel).AsTask();
        var received = new MemoryStream();
        while (received.Length < pattern.Length)
            received.Write((await Receive(client, cancel)).AsSpan(1));
        await sending;
        Assert.Equal(pattern, received.ToArray());
        client.Abort();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_never_says_goodbye_does_not_hold_the_end_up()
    {
        var cancel = Wires.Limit;
        var (server, client) = await Accept("v5.channel.k8s.io", All, cancel);
        await server.DisposeAsync(); // the client is still there, and silent
        await server.Closed.WaitAsync(cancel);
        client.Abort();
    }

    [Fact]
    public async Task A_quick_commands_output_waits_until_the_client_has_had_time_to_make_its_streams()
    {
        var cancel = Wires.Limit;
        var time = new VirtualTime();
        var (server, client) = await Accept("v5.channel.k8s.io", All, cancel, time);
        var output = server.Stdout!.WriteText("quick", cancel);
        var outcome = server.Error!.WriteText("{}", cancel);

        time.Advance(RemoteCommandServer.Quiet - TimeSpan.FromTicks(1));
        Assert.False(output.IsCompleted);
        Assert.False(outcome.IsCompleted);

        time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([1], await Receive(client, cancel)); // the session is up
        Assert.Equal([1, .. "quick"u8], await Receive(client, cancel));
        Assert.Equal([3, .. "{}"u8], await Receive(client, cancel));
        await output;
        await outcome;

        // From then on nothing waits.
        await server.Stdout!.WriteText("more", cancel);
        Assert.Equal([1, .. "more"u8], await Receive(client, cancel));
        client.Abort();
        await server.Closed.WaitAsync(cancel);
    }

    [Fact]
    public async Task A_client_that_is_gone_before_its_session_is_up_breaks_nothing()
    {
        var cancel = Wires.Limit;
        var time = new VirtualTime();
        var (server, client) = await Accept("v5.channel.k8s.io", All, cancel, time);
        var outcome = server.Error!.WriteText("{}", cancel);
        client.Abort();
        await server.Closed.WaitAsync(cancel);
        server.Abort();
        time.Advance(RemoteCommandServer.Quiet);
        await outcome.ContinueWith(task => Assert.True(task.Exception is null || task.Exception.InnerException is IOException), cancel);
    }
}
