using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coracle.ApiServer.Tests.Aggregation;

/// <summary>What runs in a pod: a server without TLS, on loopback.</summary>
public sealed class PodServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PodServer(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public ConcurrentQueue<(string Line, Dictionary<string, string> Headers)> Asked { get; } = new();

    public static async Task<PodServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new PodServer(app);
        ((IApplicationBuilder)app).Run(server.Handle);
        await app.StartAsync();
        return server;
    }

    private async Task Handle(HttpContext http)
    {
        Asked.Enqueue(($"{http.Request.Method} {http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}", http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        switch (http.Request.Path.Value)
        {
            case "/page":
                http.Response.ContentType = "text/html; charset=utf-8";
                await http.Response.WriteAsync("""<!doctype html><A HREF='/next?a=1&amp;b=2'>ü</a><img src="pic.png"><a href="http://elsewhere/x"><script>if (a < b) "<a href='/no'>"</script>""");
                break;
            case "/garbled":
                http.Response.ContentType = "text/html";
                http.Response.Headers.ContentEncoding = "gzip";
                await http.Response.WriteAsync("<a href='/x'>this is not packed at all</a>");
                break;
            case "/moved":
                http.Response.StatusCode = 302;
                http.Response.Headers.Location = "/there/";
                break;
            case "/talk":
                http.Response.Headers.Upgrade = "echo";
                await using (var stream = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync())
                {
                    var buffer = new byte[1024];
                    for (int read; (read = await stream.ReadAsync(buffer)) > 0;) await stream.WriteAsync(buffer.AsMemory(0, read));
                }
                break;
            default:
                http.Response.Headers["X-Pod"] = "web";
                http.Response.Headers["Access-Control-Allow-Origin"] = "*";
                using (var body = new StreamReader(http.Request.Body)) await http.Response.WriteAsync($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString} {await body.ReadToEndAsync()}");
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
