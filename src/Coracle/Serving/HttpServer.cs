using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Coracle.ApiServer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coracle.Serving;

/// <summary>The API server behind Kestrel: HTTP/1.1 and HTTP/2 over TLS.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpServer(WebApplication app) => _app = app;

    /// <summary>The port, where any would do.</summary>
    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <summary>Listens; returns once connections are accepted. Throws <see cref="IOException"/> when the port is taken.</summary>
    public static async Task<HttpServer> StartAsync(Server api, IPAddress address, int port, Func<X509Certificate2> certificate, HttpLimits? limits = null)
    {
        limits ??= new HttpLimits();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, address, port, certificate, limits));
        builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = limits.Listen);
        var app = builder.Build();
        ((IApplicationBuilder)app).Run(http => Handle(api, http, limits));
        await app.StartAsync();
        return new HttpServer(app);
    }

    private static void Configure(KestrelServerOptions kestrel, IPAddress address, int port, Func<X509Certificate2> certificate, HttpLimits limits)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        limits.Apply(kestrel.Limits);
        kestrel.Listen(address, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(https =>
            {
                // Asked for each connection: certificates are renewed while the server runs.
                https.ServerCertificateSelector = (_, _) => certificate();
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                // Whether a certificate means anything is decided by authentication, which knows the cluster's authority.
                https.ClientCertificateValidation = static (_, _, _) => true;
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            });
        });
    }

    private static async Task Handle(Server api, HttpContext http, HttpLimits limits)
    {
        var cancel = http.RequestAborted;
        var request = new HttpApiRequest(http)
        {
            Method = http.Request.Method, Path = http.Request.Path.Value ?? "/", Query = http.Request.QueryString.Value is { Length: > 1 } query ? query[1..] : "",
        };
        try
        {
            var answer = await api.HandleAsync(request, cancel);
            await request.EndOfReading;
            await HttpAnswers.Send(http, answer, limits.StallMax, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The client went away.
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException e)
        {
            if (!http.Response.HasStarted) await HttpAnswers.Send(http, ApiResponse.Of(ApiStatus.BadRequest(e.Message)), limits.StallMax, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
