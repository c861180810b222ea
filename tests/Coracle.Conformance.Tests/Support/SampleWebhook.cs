using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Coracle.ApiServer;

namespace Coracle.Conformance.Tests;

/// <summary>Stands where the pod of a webhook would: what is POSTed to a path of its service is answered here, in the process.</summary>
internal sealed class SampleWebhook : WebhookTransport
{
    private readonly Dictionary<string, Func<JsonObject, CancellationToken, ValueTask<JsonObject>>> _paths = [];

    /// <summary>The authority that would have signed its certificate, as configurations have it.</summary>
    public static string CaBundle { get; } = NewAuthority();

    /// <summary>What a path answers to a whole review.</summary>
    public void On(string path, Func<JsonObject, CancellationToken, ValueTask<JsonObject>> answer) => _paths[path] = answer;

    public override async ValueTask<WebhookAnswer> PostAsync(WebhookCall call, CancellationToken cancel)
    {
        if (call.Endpoint is null) throw new WebhookException($"dial tcp: lookup {call.Url.Host}: no such host");
        if (call.CaBundle.IsEmpty) throw new WebhookException("tls: failed to verify certificate: x509: certificate signed by unknown authority");
        if (!_paths.TryGetValue(call.Url.AbsolutePath, out var path)) return new WebhookAnswer(404, "404 page not found\n"u8.ToArray());
        var answer = await path((JsonObject)JsonNode.Parse(call.Body.Span)!, cancel);
        return new WebhookAnswer(200, Encoding.UTF8.GetBytes(answer.ToJsonString()));
    }

    private static string NewAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=e2e-server-cert-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
    }

    /// <summary>A deployment and a service before it, in a namespace; complete when the service has its endpoint.</summary>
    public static async Task Deploy(Cluster cluster, string ns, string service, int port)
    {
        await cluster.Create($"/apis/apps/v1/namespaces/{ns}/deployments", Samples.Deployment(service, 1));
        await cluster.Create($"/api/v1/namespaces/{ns}/services", $$$"""
            {"metadata":{"name":"{{{service}}}"},"spec":{"selector":{"app":"{{{service}}}"},"ports":[{"protocol":"TCP","port":{{{port}}},"targetPort":9444}]}}
            """);
        await cluster.Until($"/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D{service}",
            found => found.Items.Any(slice => slice.Text("endpoints.0.conditions.ready") == "true"));
    }
}
