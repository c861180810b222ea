using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Coracle.Controllers.Certificates;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Certificates.V1;

namespace Coracle.Controllers.Tests.Certificates;

public sealed class CertificateTests
{
    private const string KubeletClient = "kubernetes.io/kube-apiserver-client-kubelet";
    private const string KubeletServing = "kubernetes.io/kubelet-serving";
    private const string Client = "kubernetes.io/kube-apiserver-client";
    private readonly List<(bool ForServer, TimeSpan Lifetime)> _signed = [];

    private SimulatedCluster Cluster(int seed) => new(seed,
        ApprovingReconciler.NewController,
        informers => SigningReconciler.NewController(informers, (pem, forServer, lifetime) =>
        {
            _signed.Add((forServer, lifetime));
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var certificate = new CertificateRequest("CN=signed", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1000));
            return certificate.ExportCertificatePem();
        }),
        CleaningReconciler.NewController);

    private static CertificateSigningRequest Request(string signer, string subject = "O=system:nodes,CN=system:node:n1", string usage = "client auth", string? dns = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(subject), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (dns is not null) names.AddDnsName(dns);
        if (dns is not null) names.AddIpAddress(IPAddress.Parse("10.0.0.1"));
        if (dns is not null) request.CertificateExtensions.Add(names.Build());
        return new()
        {
            Metadata = new() { Name = "asked" },
            Spec = new() { Request = Encoding.UTF8.GetBytes(request.CreateSigningRequestPem()), SignerName = signer, Usages = [usage, "digital signature"], ExpirationSeconds = 3600 },
        };
    }

    private static void Approve(SimulatedCluster cluster)
    {
        var request = cluster.Get<CertificateSigningRequest>("", "asked").DeepCopy();
        request.Status.Conditions = [new() { Type = "Approved", Status = "True", Reason = "Test" }];
        cluster.Do(async () => (await cluster.Client.For<CertificateSigningRequest>().TryUpdateSubresourceAsync(request, "approval", null, default)).OrThrow());
        cluster.Pass(0.1);
    }

    private static string Conditions(CertificateSigningRequest request) => string.Join(' ', (request.Status.Conditions ?? []).Select(c => $"{c.Type}:{c.Reason}"));

    [Fact]
    public void A_nodes_request_for_itself_is_approved_and_signed()
    {
        var cluster = Cluster(1);
        cluster.Create(Request(KubeletClient));
        cluster.Pass(0.1);
        var request = cluster.Get<CertificateSigningRequest>("", "asked");
        Assert.Equal("Approved:AutoApproved", Conditions(request));
        Assert.NotEmpty(request.Status.Certificate!);
        Assert.NotNull(request.Status.Conditions![0].LastTransitionTime);
        Assert.Equal([(false, TimeSpan.FromHours(1))], _signed);
        Assert.Empty(cluster.Faults);
    }

    [Fact]
    public void What_is_no_nodes_request_waits_for_somebody_to_decide()
    {
        var cluster = Cluster(2);
        cluster.Create(Request(KubeletClient, "O=system:masters,CN=ann"));
        cluster.Pass(0.1);
        Assert.Equal("", Conditions(cluster.Get<CertificateSigningRequest>("", "asked")));
    }

    [Fact]
    public void Requests_of_other_signers_are_approved_by_nobody_and_signed_by_nobody()
    {
        var cluster = Cluster(3);
        cluster.Create(Request("example.com/mine"));
        Approve(cluster);
        Assert.Empty(cluster.Get<CertificateSigningRequest>("", "asked").Status.Certificate ?? []);
        Assert.Empty(_signed);
    }

    [Theory]
    [InlineData(Client, "CN=ann", "client auth", null, "Approved:Test")]
    [InlineData(Client, "CN=ann", "server auth", null, "Approved:Test Failed:SignerValidationFailure")]
    [InlineData(KubeletServing, "O=system:nodes,CN=system:node:n1", "server auth", "n1", "Approved:Test")]
    [InlineData(KubeletServing, "O=system:nodes,CN=system:node:n1", "server auth", null, "Approved:Test Failed:SignerValidationFailure")]
    [InlineData(KubeletServing, "O=others,CN=system:node:n1", "server auth", "n1", "Approved:Test Failed:SignerValidationFailure")]
    public void An_approved_request_is_signed_or_told_why_not(string signer, string subject, string usage, string? dns, string conditions)
    {
        var cluster = Cluster(4);
        cluster.Create(Request(signer, subject, usage, dns));
        Approve(cluster);
        var request = cluster.Get<CertificateSigningRequest>("", "asked");
        Assert.Equal(conditions, Conditions(request));
        Assert.Equal(!conditions.Contains("Failed", StringComparison.Ordinal), request.Status.Certificate is { Length: > 0 });
        Assert.Equal(request.Status.Certificate is null ? [] : [(signer == KubeletServing, TimeSpan.FromHours(1))], _signed);
    }

    [Fact]
    public void Requests_go_when_they_have_had_their_time()
    {
        var cluster = Cluster(5);
        cluster.Create(Request("example.com/mine"));
        cluster.Pass(23 * 3600);
        Assert.NotNull(cluster.Find<CertificateSigningRequest>("", "asked"));
        cluster.Pass(3700);
        Assert.Null(cluster.Find<CertificateSigningRequest>("", "asked"));

        cluster.Create(Request(KubeletClient));
        cluster.Pass(3000);
        Assert.NotNull(cluster.Find<CertificateSigningRequest>("", "asked"));
        cluster.Pass(700);
        Assert.Null(cluster.Find<CertificateSigningRequest>("", "asked"));
    }
}
