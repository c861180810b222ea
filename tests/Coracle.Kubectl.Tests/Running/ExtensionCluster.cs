using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Coracle.Kubectl.Tests;

/// <summary>A cluster, and beside it an API server of others on loopback: it serves widgets of example.com/v1, and metrics that are always the same.</summary>
public sealed class ExtensionCluster() : Cluster("sim:1"), IAsyncDisposable
{
    private WebApplication? _extension;

    protected override async Task Prepare()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(Certificate())));
        _extension = builder.Build();
        ((IApplicationBuilder)_extension).Run(Answer);
        await _extension.StartAsync();
        var address = _extension.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Values["extension"] = new Uri(address).Port.ToString(CultureInfo.InvariantCulture);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var own = new CertificateRequest("CN=extension", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pfx), null);
    }

    private static Task Answer(HttpContext http)
    {
        const string meta = "\"metadata\":{\"name\":\"one\",\"namespace\":\"default\",\"creationTimestamp\":\"2020-01-01T00:00:00Z\"}";
        const string usage = "\"timestamp\":\"2020-01-01T00:00:00Z\",\"window\":\"10s\"";
        var path = http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var body = path switch
        {
            ["apis", "example.com", "v1"] => """{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"example.com/v1","resources":[{"name":"widgets","singularName":"widget","namespaced":true,"kind":"Widget","verbs":["get","list"],"shortNames":["wd"]}]}""",
            ["apis", "example.com", "v1", "namespaces", _, "widgets", "one"] => $$"""{"apiVersion":"example.com/v1","kind":"Widget",{{meta}}}""",
            ["apis", "example.com", "v1", .., "widgets"] => $$"""{"apiVersion":"example.com/v1","kind":"WidgetList","metadata":{},"items":[{"apiVersion":"example.com/v1","kind":"Widget",{{meta}}}]}""",
            ["apis", "metrics.k8s.io", "v1beta1"] =>
                """{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"metrics.k8s.io/v1beta1","resources":[{"name":"nodes","singularName":"","namespaced":false,"kind":"NodeMetrics","verbs":["get","list"]},{"name":"pods","singularName":"","namespaced":true,"kind":"PodMetrics","verbs":["get","list"]}]}""",
            ["apis", "metrics.k8s.io", "v1beta1", "nodes"] =>
                $$$"""{"kind":"NodeMetricsList","apiVersion":"metrics.k8s.io/v1beta1","metadata":{},"items":[{"metadata":{"name":"sim-0"},{{{usage}}},"usage":{"cpu":"8","memory":"64Gi"}}]}""",
            ["apis", "metrics.k8s.io", "v1beta1", "namespaces", var ns, "pods"] =>
                $$$"""{"kind":"PodMetricsList","apiVersion":"metrics.k8s.io/v1beta1","metadata":{},"items":[{"metadata":{"name":"web","namespace":"{{{ns}}}"},{{{usage}}},"containers":[{"name":"main","usage":{"cpu":"5m","memory":"16Mi"}}]}]}""",
            _ => "",
        };
        http.Response.StatusCode = body.Length > 0 ? 200 : 404;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        if (_extension is not null) await _extension.DisposeAsync();
    }
}
