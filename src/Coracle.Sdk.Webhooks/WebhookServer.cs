using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coracle.Sdk.Webhooks;

/// <summary>
/// Serves webhooks over HTTPS (HTTP/1.1 and 2), with a certificate that may change while it runs; besides them /healthz, and /readyz, which is well once there is a certificate.
/// <code>
/// await using var server = await WebhookServer.StartAsync(webhooks, certificates);
/// </code>
/// </summary>
public sealed class WebhookServer : IAsyncDisposable
{
    /// <summary>Where webhook servers listen by custom.</summary>
    public const int DefaultPort = 9443;

    private readonly WebApplication app;

    private WebhookServer(WebApplication app) => this.app = app;

    /// <summary>The port, where any would do.</summary>
    public int Port => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <summary>Listens with the certificate that is kept in the cluster; connections before there is one are closed. Throws <see cref="IOException"/> when the port is taken.</summary>
    public static Task<WebhookServer> StartAsync(WebhookSet webhooks, WebhookCertificates certificates, IPEndPoint? endpoint = null) => StartAsync(webhooks, () => certificates.Current?.Certificate, endpoint);

    /// <summary>Listens with a certificate of one's own, which is asked for with each connection.</summary>
    /// <param name="webhooks">Who answers.</param>
    /// <param name="certificate">The certificate with its key; null while there is none.</param>
    /// <param name="endpoint">All addresses and <see cref="DefaultPort"/> unless given; port 0 for any that is free.</param>
    public static async Task<WebhookServer> StartAsync(WebhookSet webhooks, Func<X509Certificate2?> certificate, IPEndPoint? endpoint = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, endpoint, certificate));
        var app = builder.Build();
        ((IApplicationBuilder)app).Run(http => AnswerAsync(webhooks, certificate, http));
        await app.StartAsync();
        return new(app);
    }

    private static void Configure(KestrelServerOptions kestrel, IPEndPoint? endpoint, Func<X509Certificate2?> certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null; // what is too long is answered for, and not read to its end
        // Any address: of IPv4 alone where a machine has no other.
        if (endpoint is null) kestrel.ListenAnyIP(DefaultPort, Secure);
        else kestrel.Listen(endpoint, Secure);

        void Secure(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(https =>
            {
                https.ServerCertificateSelector = (_, _) => certificate();
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            });
        }
    }

    private static async Task AnswerAsync(WebhookSet webhooks, Func<X509Certificate2?> certificate, HttpContext http)
    {
        var cancel = http.RequestAborted;
        try
        {
            var path = http.Request.Path.Value ?? "/";
            var reply = path is "/healthz" or "/readyz" ? Health(path == "/healthz" || certificate() is not null)
                : await webhooks.AnswerAsync(path, http.Request.ContentType ?? "", await ReadAsync(http.Request.Body, cancel), cancel);
            http.Response.StatusCode = reply.Status;
            http.Response.ContentType = reply.ContentType;
            http.Response.ContentLength = reply.Body.Length;
            await http.Response.Body.WriteAsync(reply.Body, cancel);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The API server went away, or never said what it wanted.
        }
    }

    private static WebhookReply Health(bool well) => new(well ? 200 : 500, "text/plain; charset=utf-8", well ? "ok"u8.ToArray() : "no certificate yet"u8.ToArray());

    // One byte more than may be says as much as the rest would.
    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Stream body, CancellationToken cancel)
    {
        using var read = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (read.Length <= WebhookSet.BodyBytesMax && await body.ReadAsync(buffer, cancel) is > 0 and var count) read.Write(buffer, 0, count);
        return read.GetBuffer().AsMemory(0, (int)read.Length);
    }

    /// <summary>Stops listening; calls under way may end.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
    }
}
