using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Coracle.ApiServer.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coracle.ApiServer.Tests.Aggregation;

/// <summary>A small API server of others, on loopback over TLS: it serves widgets of example.com/v1 to whoever comes through the front proxy.</summary>
public sealed class ExtensionServer : IAsyncDisposable
{
    public const string Widget = """{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"one","namespace":"default","uid":"1","resourceVersion":"7"}}""";

    private readonly WebApplication _app;
    private readonly CertificateAuthority _frontProxy;

    private ExtensionServer(WebApplication app, CertificateAuthority frontProxy, CertificateAuthority authority) => (_app, _frontProxy, Authority) = (app, frontProxy, authority);

    /// <summary>Signs the certificate that the server shows.</summary>
    public CertificateAuthority Authority { get; }

    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <summary>What has been asked, the line and the headers.</summary>
    public ConcurrentQueue<(string Line, IHeaderDictionary Headers)> Asked { get; } = new();

    /// <summary>Answers every request with 503, as a server does that is about to go.</summary>
    public bool IsIll { get; set; }

    /// <summary>It knows the second edition of OpenAPI and no other.</summary>
    public bool IsOld { get; set; }

    public static async Task<ExtensionServer> StartAsync(CertificateAuthority frontProxy, int port = 0)
    {
        var authority = CertificateAuthority.Create("extension", TimeSpan.FromDays(1), TimeProvider.System);
        var certificate = authority.IssueServer("widgets.default.svc", ["widgets.default.svc"], [], TimeSpan.FromHours(1)).Certificate;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.ClientCertificateValidation = static (_, _, _) => true;
            });
        }));
        var app = builder.Build();
        var server = new ExtensionServer(app, frontProxy, authority);
        ((IApplicationBuilder)app).Run(server.Handle);
        await app.StartAsync();
        return server;
    }

    private async Task Handle(HttpContext http)
    {
        Asked.Enqueue(($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}", new HeaderDictionary(http.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase))));
        var trusted = http.Connection.ClientCertificate is { } shown && _frontProxy.HasSigned(shown) && shown.GetNameInfo(X509NameType.SimpleName, false) == "front-proxy-client";
        if (!trusted)
        {
            http.Response.StatusCode = 401;
            return;
        }
        if (IsIll)
        {
            http.Response.StatusCode = 503;
            return;
        }
        switch (http.Request.Path.Value)
        {
            case "/apis" when http.Request.Headers.Accept.ToString().Contains("as=APIGroupDiscoveryList", StringComparison.Ordinal):
                await Json(http, Discovery, "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
                break;
            case "/apis/example.com/v1": await Json(http, Resources); break;
            case "/openapi/v3" when !IsOld: await Json(http, """{"paths":{"apis":{"serverRelativeURL":"/openapi/v3/apis?hash=1"},"apis/example.com/v1":{"serverRelativeURL":"/openapi/v3/apis/example.com/v1?hash=AB"}}}"""); break;
            case "/openapi/v3/apis/example.com/v1": await Json(http, """{"openapi":"3.0.0","info":{"title":"widgets","version":"v1"}}"""); break;
            case "/openapi/v2": await Json(http, OpenApi); break;
            case "/apis/example.com/v1/widgets" when http.Request.Query["watch"] == "true": await Watch(http); break;
            case "/apis/example.com/v1/widgets" or "/apis/example.com/v1/namespaces/default/widgets" when http.Request.Method == "GET":
                await Json(http, $$"""{"apiVersion":"example.com/v1","kind":"WidgetList","metadata":{"resourceVersion":"7"},"items":[{{Widget}}]}""");
                break;
            case "/apis/example.com/v1/namespaces/default/widgets" when http.Request.Method == "POST":
                using (var body = new StreamReader(http.Request.Body)) await Json(http, await body.ReadToEndAsync(), status: 201);
                break;
            case "/apis/example.com/v1/namespaces/default/widgets/one": await Json(http, Widget); break;
            case "/apis/example.com/v1/namespaces/default/widgets/one/exec": await Echo(http); break;
            default:
                await Json(http, """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"no such path here","reason":"NotFound","code":404}""", status: 404);
                break;
        }
    }

    private static async Task Json(HttpContext http, string json, string type = "application/json", int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        http.Response.Headers["X-Widgets"] = "yes";
        await http.Response.WriteAsync(json);
    }

    private static async Task Watch(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync($$"""{"type":"ADDED","object":{{Widget}}}""" + "\n");
        await http.Response.Body.FlushAsync();
        await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    // Says back what it hears, in a protocol of its own.
    private static async Task Echo(HttpContext http)
    {
        http.Response.Headers.Upgrade = "echo";
        await using var stream = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        var buffer = new byte[1024];
        for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read));
            await stream.FlushAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private const string Resources =
        """{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"example.com/v1","resources":[{"name":"widgets","singularName":"widget","namespaced":true,"kind":"Widget","verbs":["create","get","list","watch"],"shortNames":["wd"]}]}""";

    private const string Discovery =
        """
        {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[{"metadata":{"name":"example.com"},"versions":[{"version":"v1","resources":[
        {"resource":"widgets","responseKind":{"group":"example.com","version":"v1","kind":"Widget"},"scope":"Namespaced","singularResource":"widget","verbs":["create","get","list","watch"],"shortNames":["wd"]}],"freshness":"Current"}]}]}
        """;

    private const string OpenApi =
        """
        {"swagger":"2.0","info":{"title":"widgets","version":"v1"},"paths":{"/apis/":{"get":{}},"/apis/example.com/v1/widgets":{"get":{"responses":{"200":{"schema":{"$ref":"#/definitions/com.example.v1.WidgetList"}}}}},
        "/apis/example.com/v1/namespaces/{namespace}/widgets":{"post":{"consumes":["application/json"],"produces":["application/json"],"operationId":"createWidget","parameters":[{"$ref":"#/parameters/widget"},{"in":"query","name":"dryRun","type":"string","uniqueItems":true}],
        "responses":{"201":{"description":"Created","schema":{"$ref":"#/definitions/com.example.v1.Widget"}}},"x-kubernetes-action":"post"},"parameters":[{"in":"path","name":"namespace","required":true,"type":"string"}]}},
        "parameters":{"widget":{"in":"body","name":"body","required":true,"schema":{"$ref":"#/definitions/com.example.v1.Widget"}}},
        "definitions":{"com.example.v1.WidgetList":{"properties":{"items":{"items":{"$ref":"#/definitions/com.example.v1.Widget"}},"metadata":{"$ref":"#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"},"first":{"description":"The first.","$ref":"#/definitions/com.example.v1.Widget"}}},
        "com.example.v1.Widget":{"type":"object"},"com.example.v1.Other":{"type":"object"},"io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta":{"description":"another one","type":"object"}}}
        """;
}
