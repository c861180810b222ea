using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Coracle.Hosting;

namespace Coracle.ApiServer.Tests.Admission;

/// <summary>The way out to webhooks, over TLS on loopback.</summary>
public sealed class WebhookTransportTests : IDisposable
{
    private readonly HttpWebhookTransport _transport = new();
    private readonly X509Certificate2 _authority = NewAuthority();

    public void Dispose()
    {
        _transport.Dispose();
        _authority.Dispose();
    }

    private static X509Certificate2 NewAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private X509Certificate2 Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [1, 2, 3]);
        using var whole = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
    }

    /// <summary>Answers one request with what it was sent.</summary>
    private static async Task<string> ServeOne(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(certificate);
        var buffer = new byte[64 * 1024];
        var text = "";
        while (!text.EndsWith("{\"ask\":1}", StringComparison.Ordinal))
        {
            var read = await tls.ReadAsync(buffer, TestContext.Current.CancellationToken);
            if (read == 0) break;
            text += Encoding.UTF8.GetString(buffer, 0, read);
        }
        await tls.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{\"answer\":1}"u8.ToArray(), TestContext.Current.CancellationToken);
        return text;
    }

    private WebhookCall Call(string host, IPEndPoint endpoint, string bundle) =>
        new(new Uri($"https://{host}:{endpoint.Port}/ask?timeout=10s"), endpoint, Encoding.ASCII.GetBytes(bundle), "{\"ask\":1}"u8.ToArray());

    [Fact]
    public async Task A_webhook_is_called_by_its_name_at_its_address_and_trusted_by_its_bundle()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var certificate = Issue("hook.default.svc");
        var served = ServeOne(listener, certificate);
        var answer = await _transport.PostAsync(Call("hook.default.svc", (IPEndPoint)listener.LocalEndpoint, _authority.ExportCertificatePem()), TestContext.Current.CancellationToken);
        Assert.Equal((200, "{\"answer\":1}"), (answer.Status, Encoding.UTF8.GetString(answer.Body.Span)));
        var asked = await served;
        Assert.StartsWith("POST /ask?timeout=10s HTTP/1.1\r\n", asked, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json\r\n", asked, StringComparison.Ordinal);
        Assert.Contains("Host: hook.default.svc:", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversion_webhook_is_called_over_TLS_and_trusted_by_the_definitions_bundle()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var certificate = Issue("localhost");
        var bundle = Convert.ToBase64String(Encoding.ASCII.GetBytes(_authority.ExportCertificatePem()));
        await using var crds = await CustomResources.Crds.StartAsync(webhooks: _transport);
        await crds.Define("""
            {"metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},"conversion":{"strategy":"Webhook","webhook":{
            "conversionReviewVersions":["v1"],"clientConfig":{"url":"https://localhost:PORT/convert","caBundle":"BUNDLE"}}},"versions":[
            {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"string"}}}}}}},
            {"name":"v2","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"b":{"type":"string"}}}}}}}]}}
            """.Replace("PORT", ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("BUNDLE", bundle, StringComparison.Ordinal));
        await crds.Api.Create(CustomResources.Crds.Widgets, CustomResources.Crds.Object("one", """{"a":"x"}"""));
        var served = ConvertOne(listener, certificate);
        var read = await crds.Api.Get("/apis/example.com/v2/namespaces/default/widgets/one");
        Assert.Equal(("example.com/v2", "x"), (read.At("apiVersion"), read.At("spec.b")));
        await served;
    }

    private static async Task ConvertOne(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(certificate);
        var buffer = new byte[64 * 1024];
        var text = "";
        while (Body(text) is null)
        {
            var read = await tls.ReadAsync(buffer, TestContext.Current.CancellationToken);
            if (read == 0) return;
            text += Encoding.UTF8.GetString(buffer, 0, read);
        }
        var request = System.Text.Json.Nodes.JsonNode.Parse(Body(text)!)!["request"]!;
        var obj = request["objects"]![0]!.DeepClone();
        (obj["apiVersion"], obj["spec"]) = ("example.com/v2", new System.Text.Json.Nodes.JsonObject { ["b"] = (string?)obj["spec"]!["a"] });
        var answer = $$$"""{"kind":"ConversionReview","apiVersion":"apiextensions.k8s.io/v1","response":{"uid":"{{{request["uid"]}}}","result":{"status":"Success"},"convertedObjects":[{{{obj.ToJsonString()}}}]}}""";
        await tls.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(answer)}\r\nConnection: close\r\n\r\n{answer}"), TestContext.Current.CancellationToken);
    }

    // Once all of it is there.
    private static string? Body(string request)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return null;
        var length = request.Split("\r\n").First(h => h.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))["Content-Length: ".Length..];
        return Encoding.UTF8.GetByteCount(request[(end + 4)..]) >= int.Parse(length, System.Globalization.CultureInfo.InvariantCulture) ? request[(end + 4)..] : null;
    }

    [Theory]
    [InlineData("hook.default.svc", false, "tls: failed to verify certificate: x509: certificate signed by unknown authority")]
    [InlineData("other.default.svc", true, "tls: failed to verify certificate: x509: certificate is not valid for other.default.svc")]
    public async Task Whoever_cannot_show_the_right_certificate_is_not_spoken_to(string host, bool rightBundle, string message)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var certificate = Issue("hook.default.svc");
        using var stranger = NewAuthority();
        var served = ServeOne(listener, certificate);
        var bundle = (rightBundle ? _authority : stranger).ExportCertificatePem();
        var refused = await Assert.ThrowsAsync<WebhookException>(async () =>
            await _transport.PostAsync(Call(host, (IPEndPoint)listener.LocalEndpoint, bundle), TestContext.Current.CancellationToken));
        Assert.Equal(message, refused.Message);
        await Record.ExceptionAsync(() => served);
    }

    [Fact]
    public async Task Nobody_there_is_told_in_Gos_words()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = (IPEndPoint)listener.LocalEndpoint;
        listener.Stop();
        var refused = await Assert.ThrowsAsync<WebhookException>(async () => await _transport.PostAsync(Call("hook.default.svc", endpoint, ""), TestContext.Current.CancellationToken));
        Assert.Equal($"dial tcp {endpoint}: connect: connection refused", refused.Message);
    }
}
