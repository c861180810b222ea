using System.Buffers.Binary;
using Coracle.Node.Streaming;

namespace Coracle.Node.Tests.Streaming;

public sealed class SpdyConnectionTests
{
    private static (SpdyConnection Client, SpdyConnection Server) Connect()
    {
        var (near, far) = InMemoryDuplex.Pair();
        return (SpdyConnection.Start(near, isServer: false), SpdyConnection.Start(far, isServer: true));
    }

    private static async Task<(SpdyStream Ours, SpdyStream Theirs)> Open(SpdyConnection client, SpdyConnection server, string name, CancellationToken cancel)
    {
        var opening = client.OpenStream([KeyValuePair.Create("name", name)], cancel);
        var theirs = await server.Incoming.ReadAsync(cancel);
        await server.Accept(theirs, cancel);
        return (await opening, theirs);
    }

    [Fact]
    public async Task Bytes_arrive_in_both_directions_and_each_ends_by_itself()
    {
        var cancel = Wires.Limit;
        var (client, server) = Connect();
        var (ours, theirs) = await Open(client, server, "a", cancel);
        Assert.Equal("a", theirs.Headers["name"]);

        var pattern = Wires.Pattern(3 * 1024 * 1024);
        var sending = Task.Run(async () =>
        {
            await ours.WriteAsync(pattern, cancel);
            await ours.CompleteWrites(cancel);
        }, cancel);
        var received = new MemoryStream();
        await theirs.CopyToAsync(received, cancel);
        await sending;
        Assert.Equal(pattern, received.ToArray());

        await theirs.WriteText("still here", cancel);
        await theirs.CompleteWrites(cancel);
        Assert.Equal("still here", await ours.ReadToEnd(cancel));
        await client.DisposeAsync();
        await server.Closed.WaitAsync(cancel);
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_holds_its_own_writer_back_and_no_other()
    {
        var cancel = Wires.Limit;
        var (client, server) = Connect();
        var (stalled, unread) = await Open(client, server, "stalled", cancel);
        var (other, theirs) = await Open(client, server, "other", cancel);

        var sending = stalled.WriteAsync(new byte[4 * 1024 * 1024], cancel).AsTask();
        for (var i = 0; i < 100; i++)
        {
            await other.WriteText($"{i:000}", cancel);
            Assert.Equal($"{i:000}", await theirs.ReadText(3, cancel));
        }
        Assert.False(sending.IsCompleted);

        unread.Dispose(); // what is thrown away is as good as read
        await sending;
        await client.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_lost_connection_fails_reads_and_writes_but_never_looks_like_an_end()
    {
        var cancel = Wires.Limit;
        var (near, far) = InMemoryDuplex.Pair();
        var client = SpdyConnection.Start(near, isServer: false);
        var server = SpdyConnection.Start(far, isServer: true);
        var (ours, _) = await Open(client, server, "a", cancel);
        var reading = ours.ReadAsync(new byte[1], cancel);

        far.Abort();

        await Assert.ThrowsAsync<IOException>(async () => await reading);
        await client.Closed.WaitAsync(cancel);
        await Assert.ThrowsAsync<IOException>(async () => await ours.WriteAsync(new byte[1], cancel));
        await Assert.ThrowsAsync<IOException>(async () => await client.OpenStream([], cancel));
    }

    [Fact]
    public async Task A_refused_stream_is_an_error_to_who_opens_it()
    {
        var cancel = Wires.Limit;
        var (client, server) = Connect();
        var opening = client.OpenStream([], cancel);
        (await server.Incoming.ReadAsync(cancel)).Abort();

        await Assert.ThrowsAsync<IOException>(async () => await opening);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Closing_in_order_delivers_what_was_written()
    {
        var cancel = Wires.Limit;
        var (client, server) = Connect();
        var (ours, theirs) = await Open(client, server, "a", cancel);
        await theirs.WriteText("last words", cancel);
        var closing = server.Close(TimeSpan.FromMinutes(1), TimeProvider.System);

        Assert.Equal("last words", await ours.ReadToEnd(cancel));
        await client.DisposeAsync();
        await closing;
    }

    [Fact]
    public async Task Disposing_a_connection_wakes_who_waits_on_its_streams()
    {
        var cancel = Wires.Limit;
        var (client, server) = Connect();
        var (ours, _) = await Open(client, server, "a", cancel);
        var (stalled, _) = await Open(client, server, "b", cancel);
        var reading = ours.ReadAsync(new byte[1], cancel);
        var writing = stalled.WriteAsync(new byte[4 * 1024 * 1024], cancel).AsTask();

        await client.DisposeAsync();

        await Assert.ThrowsAsync<IOException>(async () => await reading);
        await Assert.ThrowsAsync<IOException>(async () => await writing);
        await server.DisposeAsync();
    }

    // ---- peers that mean no good

    [Fact]
    public async Task A_peer_that_asks_and_does_not_read_the_answers_loses_the_connection()
    {
        var cancel = Wires.Limit;
        var (near, far) = InMemoryDuplex.Pair();
        var server = SpdyConnection.Start(near, isServer: true);
        var asking = Task.Run(async () =>
        {
            var ping = SpdyFrames.Ping([0, 0, 0, 1]);
            for (var i = 0; i < 100_000; i++) await far.WriteAsync(ping, cancel);
        }, cancel);
        await Assert.ThrowsAsync<IOException>(() => asking);
        await server.Closed.WaitAsync(cancel);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Streams_that_are_opened_and_ended_at_once_are_refused_when_too_many_wait()
    {
        var cancel = Wires.Limit;
        var (near, far) = InMemoryDuplex.Pair();
        var server = SpdyConnection.Start(near, isServer: true);
        await Expect(far, SpdyControl.Settings, cancel);
        var opening = Task.Run(async () =>
        {
            var headers = new SpdyHeaderBlock();
            for (var id = 1; id < 2 * 2100; id += 2)
            {
                await far.WriteAsync(SpdyFrames.SynStream(id, headers.Encode([])), cancel);
                await far.WriteAsync(SpdyFrames.RstStream(id, SpdyReset.Cancel), cancel);
            }
        }, cancel);
        await Expect(far, SpdyControl.RstStream, cancel); // the first of those beyond the limit
        await opening;
        Assert.Equal(2000, server.Incoming.Count);
        await server.DisposeAsync();
    }

    // ---- peers that know no windows, as Go's spdystream

    [Fact]
    public async Task A_peer_that_never_updates_a_window_still_gets_everything()
    {
        var cancel = Wires.Limit;
        var (near, far) = InMemoryDuplex.Pair();
        var client = SpdyConnection.Start(near, isServer: false);
        var opening = client.OpenStream([], cancel);
        await Expect(far, SpdyControl.Settings, cancel);
        await Expect(far, SpdyControl.SynStream, cancel);
        await far.WriteAsync(SpdyFrames.SynReply(1, new SpdyHeaderBlock().Encode([])), cancel);
        var stream = await opening;

        const int total = 1024 * 1024;
        var sending = stream.WriteAsync(new byte[total], cancel).AsTask();
        var received = 0;
        while (received < total)
            received += (await ReadFrame(far, cancel)).Length;
        await sending;
        Assert.Equal(total, received);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_peer_that_ignores_our_window_waits_and_loses_nothing()
    {
        var cancel = Wires.Limit;
        var (near, far) = InMemoryDuplex.Pair();
        var server = SpdyConnection.Start(near, isServer: true);
        await far.WriteAsync(SpdyFrames.SynStream(1, new SpdyHeaderBlock().Encode([])), cancel);
        var stream = await server.Incoming.ReadAsync(cancel);
        await server.Accept(stream, cancel);
        _ = Task.Run(() => far.CopyToAsync(Stream.Null, cancel), cancel);

        var pattern = Wires.Pattern(2 * 1024 * 1024);
        var sending = Task.Run(async () =>
        {
            var header = new byte[8];
            SpdyFrames.DataHeader(header, 1, fin: true, pattern.Length);
            await far.WriteAsync(header, cancel);
            await far.WriteAsync(pattern, cancel);
        }, cancel);
        var received = new MemoryStream();
        await stream.CopyToAsync(received, cancel);
        await sending;
        Assert.Equal(pattern, received.ToArray());
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_reset_with_cancel_ends_a_stream_in_order_and_any_other_does_not()
    {
        var cancel = Wires.Limit;
        var (near, far) = InMemoryDuplex.Pair();
        var server = SpdyConnection.Start(near, isServer: true);
        var headers = new SpdyHeaderBlock();
        foreach (var (id, status) in new[] { (1, SpdyReset.Cancel), (3, SpdyReset.ProtocolError) })
        {
            await far.WriteAsync(SpdyFrames.SynStream(id, headers.Encode([])), cancel);
            var stream = await server.Incoming.ReadAsync(cancel);
            var data = new byte[8 + 2];
            SpdyFrames.DataHeader(data, id, fin: false, 2);
            (data[8], data[9]) = ((byte)'o', (byte)'k');
            await far.WriteAsync(data, cancel);
            await far.WriteAsync(SpdyFrames.RstStream(id, status), cancel);

            if (status == SpdyReset.Cancel)
                Assert.Equal("ok", await stream.ReadToEnd(cancel));
            else
                await Assert.ThrowsAsync<IOException>(() => stream.ReadToEnd(cancel));
        }
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_ping_is_answered_and_an_answer_is_not()
    {
        var cancel = Wires.Limit;
        var (near, far) = InMemoryDuplex.Pair();
        var server = SpdyConnection.Start(near, isServer: true);
        await Expect(far, SpdyControl.Settings, cancel);
        await far.WriteAsync(SpdyFrames.Ping([0, 0, 0, 2]), cancel); // a server's own number: an answer
        await far.WriteAsync(SpdyFrames.Ping([0, 0, 0, 7]), cancel);

        Assert.Equal(7, BinaryPrimitives.ReadInt32BigEndian(await Expect(far, SpdyControl.Ping, cancel)));
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("4745542f20485454")] // HTTP
    [InlineData("8003000100ffffff")] // a control frame of 16 MB
    public async Task What_is_not_SPDY_ends_the_connection(string hex)
    {
        var cancel = Wires.Limit;
        var (near, far) = InMemoryDuplex.Pair();
        var server = SpdyConnection.Start(near, isServer: true);
        await far.WriteAsync(Convert.FromHexString(hex), cancel);
        if (hex.StartsWith("47", StringComparison.Ordinal))
            await far.CompleteWrites(cancel); // as a data frame it is one of a stream that is not there
        await server.Closed.WaitAsync(cancel);
    }

    private static async Task<byte[]> Expect(Stream from, SpdyControl type, CancellationToken cancel)
    {
        var (header, body) = await ReadWhole(from, cancel);
        Assert.Equal((true, type), (header.IsControl, header.Type));
        return body;
    }

    private static async Task<SpdyFrameHeader> ReadFrame(Stream from, CancellationToken cancel) => (await ReadWhole(from, cancel)).Header;

    private static async Task<(SpdyFrameHeader Header, byte[] Body)> ReadWhole(Stream from, CancellationToken cancel)
    {
        var bytes = new byte[8];
        await from.ReadExactlyAsync(bytes, cancel);
        var header = SpdyFrameHeader.Parse(bytes);
        var body = new byte[header.Length];
        await from.ReadExactlyAsync(body, cancel);
        return (header, body);
    }
}
