using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Coracle.Hosting;
using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;
using Coracle.Sdk.Webhooks;

namespace Coracle.Testing.Tests;

/// <summary>A webhook server's certificate: made, kept, told of, renewed; in virtual time, and over HTTPS.</summary>
public sealed class WebhookCertificateTests
{
    private static readonly Key Secret = new("default", "webhook-certificates");

    private static WebhookCertificateOptions Options { get; } = new()
    {
        Namespace = "default", DnsNames = ["localhost", "webhooks.default.svc"], Configurations = ["rules"], AuthorityLifetime = TimeSpan.FromMinutes(300), ServingLifetime = TimeSpan.FromMinutes(90),
    };

    private sealed class Frozen : IValidator<ConfigMap>
    {
        public ValueTask<Verdict> ValidateCreateAsync(ConfigMap obj, AdmissionRequest request, CancellationToken cancel) => new(Verdict.Allow);

        public ValueTask<Verdict> ValidateUpdateAsync(ConfigMap old, ConfigMap obj, AdmissionRequest request, CancellationToken cancel) =>
            new(old.Data?.Count == obj.Data?.Count ? Verdict.Allow : Verdict.Deny("frozen"));
    }

    private static WebhookSet Webhooks() => new WebhookSet().Validate(new Frozen());

    private static async Task<WebhookCertificates> KeepAsync(TestCluster cluster, CancellationToken cancel = default)
    {
        WebhookCertificates? kept = null;
        await cluster.RunAsync((host, informers) => host.Add((kept = new WebhookCertificates(informers, Options)).Controller), cancel);
        await cluster.UntilAsync<Secret>("default/webhook-certificates", s => kept!.Current?.CertificatePem == Encoding.ASCII.GetString(s.Data!["tls.crt"]));
        return kept!;
    }

    private static async Task<byte[]> BundleAsync(TestCluster cluster) =>
        (await cluster.Client.GetAsync<ValidatingWebhookConfiguration>(new Key("rules"))).Webhooks![0].ClientConfig.CaBundle ?? [];

    // As a server would, at this time, that knows nothing but the bundle.
    private static bool IsGood(X509Certificate2 certificate, byte[] bundle, DateTimeOffset at)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(Encoding.ASCII.GetString(bundle));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        return chain.Build(certificate) && certificate.MatchesHostname("localhost") && certificate.MatchesHostname("webhooks.default.svc");
    }

    [Fact]
    public async Task Over_many_renewals_the_certificate_is_good_at_every_moment_by_what_servers_were_told()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 0 });
        await WebhookConfigurations.InstallAsync(cluster.Client, Webhooks(), "rules", WebhookPlace.Service("default", "webhooks"));
        var kept = await KeepAsync(cluster);
        await cluster.UntilAsync<ValidatingWebhookConfiguration>("rules", c => c.Webhooks![0].ClientConfig.CaBundle is { Length: > 0 });
        var (certificates, bundles) = (new HashSet<string>(), new HashSet<string>());
        for (var minute = 0; minute < 1000; minute += 4)
        {
            var (bundle, serving) = (await BundleAsync(cluster), kept.Current!);
            Assert.True(IsGood(serving.Certificate, bundle, cluster.Clock.Now), $"after {minute} minutes");
            certificates.Add(serving.CertificatePem);
            bundles.Add(Encoding.ASCII.GetString(bundle));
            await cluster.Clock.Advance(TimeSpan.FromMinutes(4));
        }
        // Renewed when a third is left: each 60 minutes, and each 200; an authority that has ended is forgotten.
        Assert.InRange(certificates.Count, 15, 18);
        Assert.InRange(bundles.Count, 8, 12);
        Assert.All(bundles, b => Assert.InRange(b.Split("BEGIN CERTIFICATE").Length - 1, 1, 2));
    }

    [Fact]
    public async Task Whoever_takes_the_authority_out_it_is_put_in_again()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 0 });
        await WebhookConfigurations.InstallAsync(cluster.Client, Webhooks(), "rules", WebhookPlace.Service("default", "webhooks"));
        var kept = await KeepAsync(cluster);
        for (var i = 0; i < 3; i++)
        {
            await cluster.UntilAsync<ValidatingWebhookConfiguration>("rules", c => c.Webhooks![0].ClientConfig.CaBundle.AsSpan().SequenceEqual(kept.Current!.Bundle.Span));
            var configuration = await cluster.Client.GetAsync<ValidatingWebhookConfiguration>(new Key("rules"));
            configuration.Webhooks![0].ClientConfig.CaBundle = null;
            await cluster.Client.UpdateAsync(configuration);
        }
    }

    [Fact]
    public async Task A_secret_that_was_deleted_or_spoilt_is_made_anew()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 0 });
        var kept = await KeepAsync(cluster);
        var first = kept.Current!;
        var secret = await cluster.Client.GetAsync<Secret>(Secret);
        secret.Data!["tls.key"] = "none"u8.ToArray();
        await cluster.Client.UpdateAsync(secret);
        await cluster.UntilAsync<Secret>("default/webhook-certificates", s => s.Data!["tls.key"].Length > 100 && Encoding.ASCII.GetString(s.Data["tls.crt"]) == kept.Current!.CertificatePem);
        Assert.NotEqual(first.CertificatePem, kept.Current!.CertificatePem);
        await cluster.Client.DeleteAsync<Secret>(Secret);
        await cluster.UntilAsync<Secret>("default/webhook-certificates", s => Encoding.ASCII.GetString(s.Data!["tls.crt"]) == kept.Current!.CertificatePem);
    }

    [Fact]
    public async Task Replicas_serve_with_one_certificate_whoever_made_it()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 0 });
        var (one, two) = (await KeepAsync(cluster), await KeepAsync(cluster));
        Assert.Equal(one.Current!.CertificatePem, two.Current!.CertificatePem);
        await cluster.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(one.Current!.CertificatePem, two.Current!.CertificatePem);
        Assert.True(IsGood(one.Current.Certificate, two.Current.Bundle.ToArray(), cluster.Clock.Now));
    }

    [Fact]
    public async Task A_server_asks_over_HTTPS_and_goes_on_when_the_certificate_is_another()
    {
        using var network = new HttpWebhookTransport();
        // The network's clock is the machine's: the first certificate is good now, and so is the one that takes its place after 61 minutes of the cluster's.
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 0, Webhooks = network, Start = DateTimeOffset.UtcNow - TimeSpan.FromMinutes(61) });
        var kept = await KeepAsync(cluster);
        await using var server = await WebhookServer.StartAsync(Webhooks(), kept, new(IPAddress.Loopback, 0));
        await WebhookConfigurations.InstallAsync(cluster.Client, Webhooks(), "rules", WebhookPlace.Url($"https://localhost:{server.Port}"));
        await cluster.UntilAsync<ValidatingWebhookConfiguration>("rules", c => c.Webhooks![0].ClientConfig.CaBundle is { Length: > 0 });

        await MapAsync(cluster, "before");
        var first = kept.Current!.CertificatePem;
        await cluster.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.NotEqual(first, kept.Current!.CertificatePem);
        using var renewed = new HttpWebhookTransport(); // connections that are open go on with the old one
        await using var second = await TestCluster.StartAsync(await cluster.SnapshotAsync(), new() { Webhooks = renewed });
        await MapAsync(second, "after");
    }

    private static async Task MapAsync(TestCluster cluster, string name)
    {
        var map = await cluster.Client.CreateAsync(new ConfigMap { Metadata = new() { Namespace = "default", Name = name } });
        map.Data = new() { ["a"] = "1" };
        Assert.Equal("""admission webhook "vconfigmap-v1.core.k8s.io" denied the request: frozen""", (await cluster.Client.TryUpdateAsync(map)).Failure?.Message);
    }

    [Fact]
    public async Task The_server_is_ready_once_it_has_a_certificate_and_refuses_what_is_too_long()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 0, Start = DateTimeOffset.UtcNow });
        var kept = await KeepAsync(cluster);
        var certificate = kept.Current!.Certificate;
        var has = true;
        await using var server = await WebhookServer.StartAsync(Webhooks(), () => has ? certificate : null, new(IPAddress.Loopback, 0));
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == certificate.GetCertHashString() } });
        client.BaseAddress = new($"https://localhost:{server.Port}");
        var stop = TestContext.Current.CancellationToken;
        Assert.Equal("ok", await client.GetStringAsync("/readyz", stop));
        has = false;
        Assert.Equal(HttpStatusCode.InternalServerError, (await client.GetAsync("/readyz", stop)).StatusCode);
        Assert.Equal("ok", await client.GetStringAsync("/healthz", stop));
        has = true;
        var long_ = new ByteArrayContent(new byte[WebhookSet.BodyBytesMax + 100]);
        long_.Headers.ContentType = new("application/json");
        var refused = await client.PostAsync("/validate--v1-configmap", long_, stop);
        Assert.Contains("request entity is too large; limit is 7340032 bytes", await refused.Content.ReadAsStringAsync(stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync("/elsewhere", null, stop)).StatusCode);
    }
}
