using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Coracle.Tests.Access;

/// <summary>What is outside of a cluster, on a real port with TLS: an issuer of tokens, an authorizer, and a place for audit events.</summary>
internal sealed class TlsWorld : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly RSA _key = RSA.Create(2048);
    private readonly List<string> _audited = [];

    private TlsWorld(WebApplication app, X509Certificate2 certificate) => (_app, _certificate) = (app, certificate);

    public string Url => _app.Urls.First().Replace("[::]", "127.0.0.1", StringComparison.Ordinal);
    public string Authority => _certificate.ExportCertificatePem();

    public string Audited
    {
        get
        {
            lock (_audited) return string.Join('\n', _audited);
        }
    }

    public static async Task<TlsWorld> StartAsync(CancellationToken cancel)
    {
        var certificate = Certificate();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(certificate);
        }));
        var app = builder.Build();
        var world = new TlsWorld(app, certificate);
        app.Run(world.Answer);
        await app.StartAsync(cancel);
        return world;
    }

    private async Task Answer(HttpContext http)
    {
        switch (http.Request.Path.Value)
        {
            case "/.well-known/openid-configuration":
                await http.Response.WriteAsync($$$"""{"issuer":"{{{Url}}}","jwks_uri":"{{{Url}}}/keys"}""");
                break;
            case "/keys":
                var parameters = _key.ExportParameters(false);
                await http.Response.WriteAsync($$$"""{"keys":[{"kty":"RSA","kid":"k","use":"sig","n":"{{{Text(parameters.Modulus!)}}}","e":"{{{Text(parameters.Exponent!)}}}"}]}""");
                break;
            case "/authorize":
                using (var body = await System.Text.Json.JsonDocument.ParseAsync(http.Request.Body))
                {
                    var isAnn = body.RootElement.GetProperty("spec").GetProperty("user").GetString()!.EndsWith("ann", StringComparison.Ordinal);
                    http.Response.StatusCode = 201;
                    await http.Response.WriteAsync($$$"""{"status":{"allowed":{{{(isAnn ? "true" : "false")}}}}}""");
                }
                break;
            case "/audit":
                using (var reader = new StreamReader(http.Request.Body))
                {
                    var events = await reader.ReadToEndAsync();
                    lock (_audited) _audited.Add(events);
                }
                break;
            default:
                http.Response.StatusCode = 404;
                break;
        }
    }

    /// <summary>A token of the issuer for a user.</summary>
    public string Token(string user)
    {
        var signed = $"{Text("""{"alg":"RS256","kid":"k"}"""u8)}.{Text(System.Text.Encoding.UTF8.GetBytes($$$"""{"iss":"{{{Url}}}","aud":"api","sub":"{{{user}}}","exp":{{{DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()}}}}"""))}";
        return $"{signed}.{Text(_key.SignData(System.Text.Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>A kubeconfig for what is at a path.</summary>
    public string Kubeconfig(string path) => $$$"""
        apiVersion: v1
        kind: Config
        current-context: c
        contexts: [{name: c, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "{{{Url}}}{{{path}}}", certificate-authority-data: "{{{Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Authority))}}}"}}]
        users: [{name: u, user: {token: we-are-the-server}}]
        """;

    private static string Text(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=outside", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
        _key.Dispose();
    }
}
