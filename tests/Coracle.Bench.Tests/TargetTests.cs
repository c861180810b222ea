using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Coracle.Bench.Http;
using Coracle.Sdk;

namespace Coracle.Bench.Tests;

public sealed class TargetTests
{
    private static async Task<Endpoint> Endpoint(string user, string server = "https://127.0.0.1:6443/behind/a/path/") => await Bench.Http.Endpoint.ResolveAsync(Kubeconfig.Parse($$"""
        current-context: c
        contexts: [{name: c, context: {cluster: k, user: u} }]
        clusters: [{name: k, cluster: {server: "{{server}}", certificate-authority-data: {{Authority}} } }]
        users: [{name: u, user: {{user}} }]
        """).ToConfig(), CancellationToken.None);

    private static readonly string Authority = MakeAuthority();

    private static string MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=ca", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(certificate.ExportCertificatePem()));
    }

    [Fact]
    public async Task A_kubeconfigs_token_address_and_authority_are_used()
    {
        var endpoint = await Endpoint("{token: secret}");
        Assert.Equal("Bearer secret", endpoint.Authorization);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 6443), endpoint.Address);
        Assert.Equal("/behind/a/path", endpoint.Root);
        Assert.Equal("127.0.0.1:6443", endpoint.Host);
        Assert.Single(endpoint.Tls().CertificateChainPolicy!.CustomTrustStore);
        Assert.Equal(
            "GET /behind/a/path/api HTTP/1.1\r\nHost: 127.0.0.1:6443\r\nUser-Agent: coracle-bench\r\nAccept: application/json\r\nAuthorization: Bearer secret\r\n\r\n",
            System.Text.Encoding.UTF8.GetString(new RequestBytes(endpoint).Get("/api")));
    }

    [Fact]
    public async Task A_client_certificate_is_shown()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=admin", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        string Data(string pem) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(pem));
        var endpoint = await Endpoint($"{{client-certificate-data: {Data(certificate.ExportCertificatePem())}, client-key-data: {Data(key.ExportPkcs8PrivateKeyPem())}}}");
        Assert.Equal("CN=admin", endpoint.Tls().ClientCertificateContext!.TargetCertificate.Subject);
        Assert.Equal("", endpoint.Authorization);
    }

    [Fact]
    public async Task An_address_that_is_no_url_of_a_server_is_refused() =>
        Assert.Contains("https://", (await Assert.ThrowsAsync<BenchException>(() => Endpoint("{}", "ftp://127.0.0.1"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(2048)]
    [InlineData(4000)]
    public void A_pod_has_the_size_that_is_asked_for_and_is_json(int bytes)
    {
        var pod = PodText.Pod("p-0000001", bytes);
        Assert.Equal(bytes, pod.Length);
        using var parsed = JsonDocument.Parse(pod);
        Assert.Equal("p-0000001", parsed.RootElement.GetProperty("metadata").GetProperty("name").GetString());
        Assert.NotEqual("default-scheduler", parsed.RootElement.GetProperty("spec").GetProperty("schedulerName").GetString());
    }

    [Fact]
    public async Task Requests_that_create_pods_differ_in_the_name_alone()
    {
        var requests = new RequestBytes(await Endpoint("{}"));
        var request = new Bench.Runs.PodRequest(requests, "/pods", 2048);
        var buffer = request.NewBuffer();
        foreach (var i in (long[])[7, 1234567])
            Assert.Equal(requests.WithBody("POST", "/pods", PodText.Pod(Target.PodName(i), 2048)), request.Fill(buffer, i).ToArray());
    }

    [Fact]
    public void The_other_bodies_are_json_too()
    {
        JsonDocument.Parse(PodText.Deployment(3)).Dispose();
        using var patch = JsonDocument.Parse(PodText.Stamp(42));
        Assert.Equal("42", patch.RootElement.GetProperty("metadata").GetProperty("annotations").GetProperty(PodText.StampAnnotation).GetString());
    }

    [Fact]
    public void The_owner_of_a_listening_port_is_found_and_no_other()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Equal([Environment.ProcessId], ServerProcess.Listening(new Uri($"https://127.0.0.1:{port}")));
        Assert.Empty(ServerProcess.Listening(new Uri("https://192.0.2.1:6443")));
        listener.Stop();
        Assert.Empty(ServerProcess.Listening(new Uri($"https://127.0.0.1:{port}")));
    }

    [Fact]
    public void What_a_process_uses_is_read_and_what_is_gone_is_unknown()
    {
        var own = new ServerProcess([Environment.ProcessId]);
        Assert.True(own.CpuSeconds() > 0);
        Assert.True(own.ResidentMb() > 1);
        Assert.Null(new ServerProcess([int.MaxValue]).CpuSeconds());
        Assert.Null(new ServerProcess([]).ResidentMb());
    }
}
