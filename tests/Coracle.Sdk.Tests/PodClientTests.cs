using System.Net.WebSockets;
using System.Text;
using Coracle.Sdk.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace Coracle.Sdk.Tests;

public sealed class PodClientTests
{
    private static readonly Key Pod = new("a", "p");

    private static async Task<string> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[1000];
        var got = await socket.ReceiveAsync(buffer, default);
        return Encoding.Latin1.GetString(buffer, 0, got.Count);
    }

    private static Task SendAsync(WebSocket socket, byte channel, string text, bool end = true) =>
        socket.SendAsync(new([channel, .. Encoding.UTF8.GetBytes(text)]), WebSocketMessageType.Binary, end, default);

    private static async Task<(PodCommandResult Result, string Out, string Err, string Query)> RunAsync(Func<WebSocket, Task> serve, PodCommand command, string protocol = "v5.channel.k8s.io")
    {
        var query = "";
        await using var server = await HttpServer.StartAsync(async context =>
        {
            query = context.Request.Path + context.Request.QueryString;
            using var socket = await context.WebSockets.AcceptWebSocketAsync(protocol);
            await serve(socket);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        });
        await using var transport = new HttpTransport(server.Config());
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        var result = await new Client(transport).ExecAsync(Pod, command with { Stdout = output, Stderr = errors });
        return (result, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(errors.ToArray()), query);
    }

    [Fact]
    public async Task A_command_gets_its_input_to_the_end_and_gives_its_output_and_exit_code()
    {
        var input = "";
        var run = await RunAsync(async socket =>
        {
            while (await ReceiveAsync(socket) is var message && message != "\u00ff\0") input += message;
            await SendAsync(socket, 1, "out1 ");
            await SendAsync(socket, 2, "err");
            await SendAsync(socket, 1, "out2");
            await SendAsync(socket, 3, """{"metadata":{},"status":"Failure","message":"command terminated with non-zero exit code","reason":"NonZeroExitCode","details":{"causes":[{"reason":"ExitCode","message":"3"}]}}""");
        }, new() { Arguments = ["sh", "-c", "a b"], Container = "c", Stdin = new MemoryStream("hello"u8.ToArray()) });
        Assert.Equal("\0hello", input);
        Assert.Equal((3, "out1 out2", "err"), (run.Result.ExitCode, run.Out, run.Err));
        Assert.Equal("/api/v1/namespaces/a/pods/p/exec?container=c&stdin=true&stdout=true&stderr=true&command=sh&command=-c&command=a%20b", run.Query);
    }

    [Fact]
    public async Task A_success_has_exit_code_zero()
    {
        var run = await RunAsync(socket => SendAsync(socket, 3, """{"metadata":{},"status":"Success"}"""), new() { Arguments = ["true"] });
        Assert.True(run.Result.Ok);
    }

    [Fact]
    public async Task A_connection_that_ends_before_the_status_is_no_success() =>
        await Assert.ThrowsAsync<TransportException>(() => RunAsync(socket => SendAsync(socket, 1, "half"), new() { Arguments = ["x"] }));

    [Fact]
    public async Task A_command_that_could_not_be_started_throws_why()
    {
        var failure = await Assert.ThrowsAsync<ApiException>(() => RunAsync(
            socket => SendAsync(socket, 3, """{"status":"Failure","reason":"InternalError","message":"no such file"}"""), new() { Arguments = ["x"] }));
        Assert.Equal("no such file", failure.Message);
    }

    [Fact]
    public async Task A_forwarded_port_is_a_stream_both_ways()
    {
        await using var server = await HttpServer.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("v4.channel.k8s.io");
            await socket.SendAsync(new([0, 0x90, 0x1f]), WebSocketMessageType.Binary, true, default);
            await socket.SendAsync(new([1, 0x90, 0x1f]), WebSocketMessageType.Binary, true, default);
            var got = await ReceiveAsync(socket);
            await SendAsync(socket, 0, "echo ");
            await SendAsync(socket, 0, got[1..]);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        });
        await using var transport = new HttpTransport(server.Config());
        await using var stream = await new Client(transport).ConnectAsync(Pod, 8080);
        await stream.WriteAsync("ping"u8.ToArray());
        Assert.Equal("echo ping", await new StreamReader(stream).ReadToEndAsync());
    }

    [Fact]
    public async Task A_log_is_read_as_it_comes_and_a_refusal_is_thrown()
    {
        await using var server = await HttpServer.StartAsync(context =>
        {
            if (context.Request.Query["container"] == "no") context.Response.StatusCode = 400;
            return context.Response.WriteAsync(context.Request.Query["container"] == "no" ? """{"kind":"Status","code":400,"reason":"BadRequest","message":"container no is not valid"}""" : "line 1\nline 2\n");
        });
        await using var transport = new HttpTransport(server.Config());
        var client = new Client(transport);
        using var reader = new StreamReader(await client.ReadLogAsync(Pod, new() { TailLines = 2 }));
        Assert.Equal("line 1\nline 2\n", await reader.ReadToEndAsync());
        Assert.Equal("container no is not valid", (await Assert.ThrowsAsync<ApiException>(async () => await client.ReadLogAsync(Pod, new() { Container = "no" }))).Message);
    }
}
