using System.Buffers.Binary;
using System.Net;
using Coracle.Fuzz.Tests.Fuzzing;
using Coracle.Node.Containerd;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;
using Coracle.Node.Dns;
using Coracle.Node.Network;
using Coracle.Node.Streaming;

namespace Coracle.Fuzz.Tests.Targets;

/// <summary>What a node reads of clients, pods and its runtime: streams, names, messages, log lines, archives.</summary>
internal static class NodeTargets
{
    /// <summary>A connection from which a client's bytes come, and then nothing more. What is written to it is thrown away.</summary>
    private sealed class OneWay(byte[] bytes) : Stream
    {
        private int at;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var length = Math.Min(buffer.Length, bytes.Length - at);
            bytes.AsSpan(at, length).CopyTo(buffer.Span);
            at += length;
            return new(length);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
        public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).Result;
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;
        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.CompletedTask;
        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public override bool CanRead => true;
        public override bool CanWrite => true;
        public override bool CanSeek => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) { }
    }

    public static IEnumerable<FuzzTarget> All =>
    [
        new("spdy", () => [new(0, SpdyClient()), new(1, SpdyServer())], Spdy) { Iterations = 400, AllocatedMax = 64 * 1024 * 1024 },
        new("web-socket", WebSockets, WebSocket) { Iterations = 400, AllocatedMax = 64 * 1024 * 1024 },
        new("exec", () => [new(0, SpdyClient()), .. WebSockets()], Exec) { Iterations = 200, AllocatedMax = 64 * 1024 * 1024 },
        new("port-forward", () => [new(0, SpdyForward()), .. WebSockets(), new(6, Framed(2, SpdyForward()))], PortForward) { Iterations = 200, AllocatedMax = 64 * 1024 * 1024 },
        new("upgrade", () => Corpus.Of("upgrade, keep-alive\nwebsocket\nv5.channel.k8s.io, v4.channel.k8s.io\ndGhlIHNhbXBsZSBub25jZQ==", "Upgrade\nSPDY/3.1\nv4.channel.k8s.io\nx"), Upgrade) { Words = ["upgrade", ",", "\n", "websocket", "SPDY/3.1", "SPDY/3.1+portforward.k8s.io", "base64url.bearer.authorization.k8s.io.YQ", "portforward.k8s.io", "binary.k8s.io"], Iterations = 600 },
        new("upgrade-answer", () => Corpus.Of("HTTP/1.1 101 Switching Protocols\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\nrest", "HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nhello"), UpgradeAnswer) { Words = ["\r\n", "\r\n\r\n", ": ", "HTTP/1.1 101", "Content-Length: 99999999999", "Content-Length: 1"], Iterations = 600 },
        new("outcome", () => Corpus.Of("""{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code: x","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"7"}]}}""", "text"), seed => CommandOutcome.Parse(seed.Bytes)) { Shape = Shape.Json, Iterations = 600 },
        new("dns", Queries, Dns) { Iterations = 1500 },
        new("resolv-conf", () => Corpus.Of("nameserver 1.2.3.4\nsearch a b\noptions ndots:5\n# x"), seed => _ = ResolvConf.Parse(Corpus.Text(seed)).Upstreams(IPAddress.Loopback)) { Words = ["nameserver ", "search ", "options ", "\n", "::1%lo"], Iterations = 600 },
        new("grpc", () => [new(0, GrpcFraming.Frame(new VersionResponse { RuntimeName = "containerd", Version = "1" })), new(0, GrpcFraming.Frame(Pods()))], Grpc) { Iterations = 600, AllocatedMax = 80 * 1024 * 1024 },
        new("log-line", () => Corpus.Of("2026-11-21T19:03:29.561557269Z stdout F text", "2026-11-21T19:03:29Z stderr P:x part", "2026-11-21T19:03:29+01:00 stdout F "), Line) { Words = ["Z", "+00:00", "stdout", "stderr", " ", "F", "P", "P:", "2026-", "9999-12-31T23:59:59.999999999-14:00"], Iterations = 1500 },
        new("archive", Archives, Archive) { Iterations = 40, Words = ["index.json", "manifest.json", "oci-layout", "blobs/sha256/", "../", "manifests", "digest", "sha256:", "size", "mediaType", "layers", "config"] },
    ];

    // ---- streams

    private static byte[] SpdyClient()
    {
        var block = new SpdyHeaderBlock();
        var frames = new MemoryStream();
        frames.Write(SpdyFrames.InitialWindow(65536));
        foreach (var (id, type) in ((int, string)[])[(1, "error"), (3, "stdin"), (5, "stdout"), (7, "stderr"), (9, "resize")])
            frames.Write(SpdyFrames.SynStream(id, block.Encode([new("streamtype", type)])));
        Data(frames, 3, fin: false, "hello"u8);
        Data(frames, 9, fin: false, "{\"Width\":80,\"Height\":24}"u8);
        frames.Write(SpdyFrames.WindowUpdate(5, 1000));
        frames.Write(SpdyFrames.Ping([0, 0, 0, 1]));
        Data(frames, 3, fin: true, default);
        frames.Write(SpdyFrames.RstStream(9, SpdyReset.Cancel));
        frames.Write(SpdyFrames.GoAway(9));
        return frames.ToArray();
    }

    private static byte[] SpdyServer()
    {
        var block = new SpdyHeaderBlock();
        var frames = new MemoryStream();
        frames.Write(SpdyFrames.SynReply(1, block.Encode([new("a", "b")])));
        Data(frames, 1, fin: true, "output"u8);
        frames.Write(SpdyFrames.Control(SpdyControl.Headers, 0, [0, 0, 0, 1, .. block.Encode([new("c", "d")])]));
        return frames.ToArray();
    }

    private static byte[] SpdyForward()
    {
        var block = new SpdyHeaderBlock();
        var frames = new MemoryStream();
        frames.Write(SpdyFrames.SynStream(1, block.Encode([new("streamtype", "error"), new("port", "80"), new("requestid", "0")])));
        Data(frames, 1, fin: true, default);
        frames.Write(SpdyFrames.SynStream(3, block.Encode([new("streamtype", "data"), new("port", "80"), new("requestid", "0")])));
        Data(frames, 3, fin: false, "GET / HTTP/1.0\r\n\r\n"u8);
        frames.Write(SpdyFrames.SynStream(5, block.Encode([new("streamtype", "data"), new("port", "99999")])));
        return frames.ToArray();
    }

    private static void Data(Stream into, int id, bool fin, ReadOnlySpan<byte> data)
    {
        Span<byte> header = stackalloc byte[SpdyFrames.HeaderLength];
        SpdyFrames.DataHeader(header, id, fin, data.Length);
        into.Write(header);
        into.Write(data);
    }

    private static void Spdy(Seed seed) => Done(async () =>
    {
        var connection = SpdyConnection.Start(new OneWay(seed.Bytes), isServer: seed.Tag == 0);
        await foreach (var stream in connection.Incoming.ReadAllAsync())
        {
            await Refusable(async () => await connection.Accept(stream, default));
            _ = Drained(stream);
        }
        await connection.Closed;
        await connection.Close(TimeSpan.Zero, TimeProvider.System);
    });

    // A message of a client's, which are masked.
    private static byte[] Framed(int opcode, ReadOnlySpan<byte> data)
    {
        var frame = new MemoryStream();
        frame.WriteByte((byte)(0x80 | opcode));
        if (data.Length < 126) frame.WriteByte((byte)(0x80 | data.Length));
        else
        {
            frame.WriteByte(0x80 | 126);
            frame.Write([(byte)(data.Length >> 8), (byte)data.Length]);
        }
        frame.Write([0, 0, 0, 0]);
        frame.Write(data);
        return frame.ToArray();
    }

    private static readonly StreamingProtocol[] Protocols =
        [new(true, "v5.channel.k8s.io"), new(true, "v4.channel.k8s.io"), new(true, "v4.base64.channel.k8s.io"), new(true, "base64.channel.k8s.io"), new(true, ""), new(true, "SPDY/3.1+portforward.k8s.io")];

    private static IReadOnlyList<Seed> WebSockets() =>
    [
        .. Enumerable.Range(0, 5).Select(i => new Seed(i + 1, i is 2 or 3
            ? [.. Framed(1, "0aGVsbG8="u8), .. Framed(1, "4eyJXaWR0aCI6ODB9"u8), .. Framed(1, "0"u8), .. Framed(8, [3, 232])]
            : [.. Framed(2, "\0hello"u8), .. Framed(2, [4, .. "{\"Width\":80}"u8]), .. Framed(9, "ping"u8), .. Framed(2, [255, 0]), .. Framed(2, "\0more"u8), .. Framed(8, [3, 232])])),
    ];

    private static void WebSocket(Seed seed) => Done(async () =>
    {
        var channels = WebSocketChannels.Start(new OneWay(seed.Bytes), Protocols[seed.Tag - 1], count: 5, quiet: Task.CompletedTask);
        for (var i = 0; i < 5; i++) _ = Drained(channels[i]);
        await channels.Closed;
        await channels.DisposeAsync();
    });

    private static void Exec(Seed seed) => Done(() => Refusable(async () =>
    {
        var protocol = seed.Tag == 0 ? new StreamingProtocol(false, "v4.channel.k8s.io") : Protocols[seed.Tag - 1];
        var session = await RemoteCommandServer.Accept(new OneWay(seed.Bytes), protocol, new RemoteCommandStreams { Stdin = true, Stdout = true, Tty = seed.Bytes.Length % 2 == 0, Stderr = true }, TimeProvider.System, default);
        foreach (var stream in session.Streams) _ = Drained(stream);
        await session.Closed;
        session.Abort();
    }));

    private static void PortForward(Seed seed) => Done(() => Refusable(async () =>
    {
        var protocol = seed.Tag == 0 ? new StreamingProtocol(false, "portforward.k8s.io") : Protocols[seed.Tag - 1];
        var server = await PortForwardServer.Accept(new OneWay(seed.Bytes), protocol, [80, 443], TimeProvider.System);
        await foreach (var connection in server.Connections(default))
        {
            Sound.True(connection.Port is > 0 and <= ushort.MaxValue, "a port is one");
            _ = Drained(connection.Streams.Data);
            _ = Drained(connection.Streams.Error);
        }
        await server.Closed;
    }));

    private static async Task Drained(Stream stream)
    {
        try
        {
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer) > 0) { }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException) { }
    }

    // A connection that says what cannot be is broken off: that is all.
    private static async Task Refusable(Func<Task> run)
    {
        try { await run(); }
        catch (IOException) { }
    }

    // What goes on in other threads is waited for; a connection that is at its end must be done with.
    private static void Done(Func<Task> run)
    {
        var task = run();
        try
        {
            if (!task.Wait(TimeSpan.FromSeconds(60))) throw new UnsoundException("a connection that has ended is never done with");
        }
        catch (AggregateException e) when (e.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
        }
    }

    private static void Upgrade(Seed seed)
    {
        var lines = Corpus.Text(seed).Split('\n');
        string? Line(int i) => i < lines.Length ? lines[i] : null;
        foreach (var kind in Enum.GetValues<StreamingKind>())
            _ = UpgradeOffer.Decide(kind, name => name switch
            {
                "Connection" => [Line(0)], "Upgrade" => [Line(1)], "Sec-WebSocket-Protocol" or "X-Stream-Protocol-Version" => [Line(2), .. lines.Skip(4)], "Sec-WebSocket-Key" => [Line(3)], _ => [],
            });
    }

    private static void UpgradeAnswer(Seed seed) => Done(() => Refusable(async () => await HttpUpgrade.ToSpdy(new OneWay(seed.Bytes), new Uri("https://node/exec/a/b"), ["v4.channel.k8s.io"], [], default)));

    // ---- names

    private static readonly Lazy<DnsResponder> Responder = new(() =>
    {
        var directory = new NetworkDirectory();
        directory.MarkComplete();
        return new(new ZoneOptions { NameServers = [IPAddress.Parse("10.96.0.10")] }, directory, new Forwarder(new ForwarderOptions(), TimeProvider.System, () => 7), TimeProvider.System, new Random(1));
    });

    private static IReadOnlyList<Seed> Queries()
    {
        static byte[] Query(string name, DnsType type) => DnsWriter.Write(new DnsMessage { Id = 1, RecursionDesired = true, Questions = [new DnsQuestion(DnsName.Parse(name), type, DnsClass.IN)], Edns = new Edns(4096) }, DnsLimits.MessageMax);
        byte[] pointed = [0, 1, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 1, 1, (byte)'a', 1, (byte)'b', 0, 0, 1, 0, 1, 0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 4, 1, (byte)'c', 0xc0, 14, 0xc0, 0x1d, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4, 0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0];
        return [new(0, Query("kubernetes.default.svc.cluster.local", DnsType.A)), new(0, Query("_https._tcp.kubernetes.default.svc.cluster.local", DnsType.SRV)), new(0, Query("1.0.96.10.in-addr.arpa", DnsType.PTR)), new(0, Query("example.com", DnsType.AAAA)), new(0, pointed)];
    }

    private static void Dns(Seed seed)
    {
        if (DnsReader.TryRead(seed.Bytes, out var message))
        {
            var written = DnsWriter.Write(message, DnsLimits.MessageMax);
            Sound.True(DnsReader.TryRead(written, out var again), "a message that was written can be read");
            Sound.Same(written, DnsWriter.Write(again!, DnsLimits.MessageMax), "a message that was read back is written the same");
            Sound.True(DnsWriter.Write(message, DnsLimits.UdpPayloadMin).Length <= DnsLimits.UdpPayloadMin || message.Questions.Length > 1, "a message is cut to what its reader takes");
        }
        foreach (var overTcp in (bool[])[true, false])
        {
            var answer = Responder.Value.RespondAsync(seed.Bytes, overTcp).AsTask();
            Sound.True(answer.Wait(TimeSpan.FromSeconds(60)), "a query is answered");
            if (answer.Result is { } bytes) Sound.True(DnsReader.TryRead(bytes, out _), "an answer can be read");
        }
    }

    // ---- the runtime

    private static ListPodSandboxResponse Pods()
    {
        var response = new ListPodSandboxResponse();
        response.Items.Add(new PodSandbox { Id = "a", Metadata = new PodSandboxMetadata { Name = "n", Namespace = "ns", Uid = "u" }, Labels = { ["k"] = "v" } });
        return response;
    }

    private static void Grpc(Seed seed)
    {
        Done(async () =>
        {
            try
            {
                var from = new OneWay(seed.Bytes);
                while (await GrpcFraming.Read(from, ListPodSandboxResponse.Parser, default) is not null) { }
            }
            // What the channel makes a status of.
            catch (Exception e) when (e is GrpcException or IOException or Google.Protobuf.InvalidProtocolBufferException) { }
        });
        _ = GrpcFraming.DecodeMessage(Corpus.Text(seed));
    }

    private static void Line(Seed seed)
    {
        foreach (var range in seed.Bytes.AsSpan().Split((byte)'\n'))
            if (LogLine.TryParse(seed.Bytes.AsSpan()[range], out var line)) _ = line.FixedTimestamp();
    }

    private static IReadOnlyList<Seed> Archives()
    {
        var tar = new MemoryStream();
        using (var writer = new System.Formats.Tar.TarWriter(tar, leaveOpen: true))
        {
            void Add(string name, string content) => writer.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Utf8.GetBytes(content)) });
            Add("oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
            Add("index.json", """{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:aa","size":10,"annotations":{"io.containerd.image.name":"docker.io/library/x:1"}}]}""");
            Add("blobs/sha256/aa", """{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:bb","size":5},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:cc","size":3}]}""");
            Add("blobs/sha256/bb", """{"architecture":"amd64","rootfs":{"type":"layers","diff_ids":["sha256:cc"]}}""");
            Add("blobs/sha256/cc", "abc");
            Add("manifest.json", """[{"Config":"blobs/sha256/bb","RepoTags":["x:1"],"Layers":["blobs/sha256/cc"]}]""");
            writer.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.SymbolicLink, "link") { LinkName = "blobs/sha256/cc" });
        }
        return [new(0, tar.ToArray())];
    }

    private static void Archive(Seed seed)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, seed.Bytes);
            Done(async () =>
            {
                try
                {
                    await using var archive = await ImageArchive.Open(file, default);
                    _ = await archive.Images("amd64", "x", default);
                }
                catch (Exception e) when (e is InvalidDataException or IOException) { }
            });
        }
        finally
        {
            File.Delete(file);
        }
    }
}
