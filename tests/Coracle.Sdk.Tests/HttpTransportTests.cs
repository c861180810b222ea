using System.Net.WebSockets;
using System.Text;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace Coracle.Sdk.Tests;

public sealed class HttpTransportTests
{
    private static readonly ApiCall Get = new() { Method = "GET", Path = "/api/v1/namespaces/a/configmaps/x" };

    private static Task Json(HttpContext context, string json, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    [Theory]
    [InlineData(true, "HTTP/2")]
    [InlineData(false, "HTTP/1.1")]
    public async Task A_typed_call_travels_by_the_protocol_wanted_and_comes_back_typed(bool http2, string protocol)
    {
        string? seen = null;
        await using var server = await HttpServer.StartAsync(context =>
        {
            seen = $"{context.Request.Protocol} {context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.Headers.UserAgent}";
            return Json(context, """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"x","namespace":"a","resourceVersion":"5"},"data":{"k":"v"}}""");
        });
        await using var transport = new HttpTransport(server.Config(), new() { Http2 = http2 });
        var map = await new Client(transport, new() { UserAgent = "me" }).GetAsync<ConfigMap>(new("a", "x"));
        Assert.Equal("v", map.Data!["k"]);
        Assert.Equal($"{protocol} GET /api/v1/namespaces/a/configmaps/x me", seen);
    }

    [Fact]
    public async Task A_server_whose_certificate_is_not_of_the_authority_gets_no_call()
    {
        var called = false;
        await using var server = await HttpServer.StartAsync(context =>
        {
            called = true;
            return Json(context, "{}");
        });
        await using var other = await HttpServer.StartAsync(_ => Task.CompletedTask);
        await using var transport = new HttpTransport(server.Config() with { Authorities = other.Config().Authorities });
        await Assert.ThrowsAsync<TransportException>(async () => await transport.SendAsync(Get, default));
        Assert.False(called);
    }

    [Fact]
    public async Task The_servers_certificate_may_carry_the_name_that_the_configuration_says()
    {
        await using var server = await HttpServer.StartAsync(context => Json(context, "{}"), host: "kubernetes.default");
        await using var wrong = new HttpTransport(server.Config());
        await Assert.ThrowsAsync<TransportException>(async () => await wrong.SendAsync(Get, default));
        await using var right = new HttpTransport(server.Config() with { TlsServerName = "kubernetes.default" });
        Assert.Equal(200, (await right.SendAsync(Get, default)).Status);
    }

    [Fact]
    public async Task A_client_certificate_is_shown()
    {
        await using var server = await HttpServer.StartAsync(async context => await Json(context, $"\"{(await context.Connection.GetClientCertificateAsync())?.Subject}\""));
        await using var transport = new HttpTransport(server.Config(new StaticCredentials(HttpServer.Issue(server.Authority, "admin"))));
        Assert.Equal("\"CN=admin\"", Encoding.UTF8.GetString((await transport.SendAsync(Get, default)).Body.Span));
    }

    [Fact]
    public async Task A_token_that_was_renewed_in_its_file_is_read_again_when_the_server_refuses_the_old_one()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "old\n");
        var valid = "Bearer old";
        await using var server = await HttpServer.StartAsync(context => Json(context, "{}", context.Request.Headers.Authorization == valid ? 200 : 401));
        await using var transport = new HttpTransport(server.Config(new TokenFileCredentials(file)));
        Assert.Equal(200, (await transport.SendAsync(Get, default)).Status);
        await File.WriteAllTextAsync(file, "new\n");
        valid = "Bearer new";
        Assert.Equal(200, (await transport.SendAsync(Get, default)).Status);
        valid = "Bearer newest";
        Assert.Equal(401, (await transport.SendAsync(Get, default)).Status);
        File.Delete(file);
    }

    [Fact]
    public async Task A_call_in_anothers_name_names_each_group_by_itself()
    {
        await using var server = await HttpServer.StartAsync(context => Json(context, $"\"{context.Request.Headers["Impersonate-User"]} {string.Join('|', context.Request.Headers["Impersonate-Group"].ToArray())}\""));
        await using var transport = new HttpTransport(server.Config());
        var reply = await transport.SendAsync(Get with { User = new("bob", ["dev", "ops, too"]) }, default);
        Assert.Equal("\"bob dev|ops, too\"", Encoding.UTF8.GetString(reply.Body.Span));
    }

    [Fact]
    public async Task A_call_that_the_server_wants_later_is_made_later()
    {
        var time = new VirtualTime();
        var calls = 0;
        await using var server = await HttpServer.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "7";
            return Json(context, "{}", ++calls < 3 ? 429 : 200);
        });
        await using var transport = new HttpTransport(server.Config(), new() { Time = time, Random = new Random(1), CallTimeout = TimeSpan.FromDays(1) });
        var sent = transport.SendAsync(Get, default).AsTask();
        var began = time.GetUtcNow();
        while (!sent.IsCompleted)
        {
            // A wait of at most nine seconds is the only timer of that size.
            if (time.UntilNextTimer is { } next && next < TimeSpan.FromSeconds(10)) time.Advance(next);
            await Task.Yield();
        }
        Assert.Equal(200, (await sent).Status);
        Assert.Equal(3, calls);
        Assert.InRange(time.GetUtcNow() - began, TimeSpan.FromSeconds(14), TimeSpan.FromSeconds(18));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_given_up_after_the_calls_time()
    {
        var time = new VirtualTime();
        var arrived = new TaskCompletionSource();
        await using var server = await HttpServer.StartAsync(async context =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await using var transport = new HttpTransport(server.Config(), new() { Time = time });
        var sent = transport.SendAsync(Get, default).AsTask();
        await arrived.Task;
        time.Advance(TimeSpan.FromSeconds(61));
        await Assert.ThrowsAsync<TransportException>(() => sent);
    }

    [Fact]
    public async Task The_frames_of_a_watch_come_one_by_one_and_its_end_is_told_from_a_cut()
    {
        var goOn = new SemaphoreSlim(0);
        var big = new string('x', 100_000);
        await using var server = await HttpServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("{\"n\":1}\n{\"n\":2}\n{\"n\":");
            await context.Response.Body.FlushAsync();
            await goOn.WaitAsync();
            await context.Response.WriteAsync($"\"{big}\"}}\n");
            await context.Response.Body.FlushAsync();
            await goOn.WaitAsync();
            if (!context.Request.QueryString.Value!.Contains("cut", StringComparison.Ordinal)) return;
            await context.Response.WriteAsync("{\"n\"");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        await using var transport = new HttpTransport(server.Config());
        foreach (var cut in new[] { false, true })
        {
            await using var reply = await transport.WatchAsync(Get with { Query = cut ? "watch=true&cut=1" : "watch=true" }, default);
            Assert.Equal("{\"n\":1}", Encoding.UTF8.GetString((await reply.Frames!.NextAsync(default)).Span));
            Assert.Equal("{\"n\":2}", Encoding.UTF8.GetString((await reply.Frames.NextAsync(default)).Span));
            var third = reply.Frames.NextAsync(default);
            goOn.Release();
            Assert.Equal(big.Length + 8, (await third).Length);
            goOn.Release();
            if (cut) await Assert.ThrowsAsync<TransportException>(async () => await reply.Frames.NextAsync(default));
            else Assert.True((await reply.Frames.NextAsync(default)).IsEmpty);
        }
    }

    [Fact]
    public async Task A_watch_can_be_cancelled_while_it_waits_and_the_server_learns_of_it()
    {
        var aborted = new TaskCompletionSource();
        await using var server = await HttpServer.StartAsync(async context =>
        {
            context.RequestAborted.Register(aborted.SetResult);
            await context.Response.Body.FlushAsync();
            await aborted.Task;
        });
        await using var transport = new HttpTransport(server.Config());
        var reply = await transport.WatchAsync(Get, default);
        using var cancel = new CancellationTokenSource();
        var next = reply.Frames!.NextAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        await reply.DisposeAsync();
        await aborted.Task;
    }

    [Fact]
    public async Task A_refused_watch_is_a_reply_with_the_reason()
    {
        await using var server = await HttpServer.StartAsync(context => Json(context, """{"kind":"Status","code":410,"reason":"Expired","message":"too old"}""", 410));
        await using var transport = new HttpTransport(server.Config());
        var watch = await new Client(transport).For<ConfigMap>().TryWatchAsync();
        Assert.True(watch.IsGone);
        Assert.Equal("too old", watch.Failure!.Message);
    }

    [Fact]
    public async Task An_upgrade_opens_a_socket_of_a_protocol_that_both_speak()
    {
        await using var server = await HttpServer.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("v5.channel.k8s.io");
            var buffer = new byte[100];
            var got = await socket.ReceiveAsync(buffer, default);
            await socket.SendAsync(buffer.AsMemory(0, got.Count), WebSocketMessageType.Binary, true, default);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        });
        await using var transport = new HttpTransport(server.Config());
        await using var reply = await transport.UpgradeAsync(Get, ["v5.channel.k8s.io", "v4.channel.k8s.io"], default);
        Assert.Equal("v5.channel.k8s.io", reply.Socket!.SubProtocol);
        await reply.Socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Binary, true, default);
        var buffer = new byte[100];
        var echoed = await reply.Socket.ReceiveAsync(buffer.AsMemory(), default);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, echoed.Count));
    }

    [Fact]
    public async Task A_refused_upgrade_is_a_reply_with_the_reason()
    {
        await using var server = await HttpServer.StartAsync(context => Json(context, """{"kind":"Status","code":403,"reason":"Forbidden","message":"no"}""", 403));
        await using var transport = new HttpTransport(server.Config());
        var reply = await transport.UpgradeAsync(Get, ["v5.channel.k8s.io"], default);
        Assert.Equal("Forbidden", ApiStatus.Parse(reply.Status, reply.Body.Span).Reason);
    }
}
