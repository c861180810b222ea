using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Access;

/// <summary>Who may ask for certificates, decide about them and sign them.</summary>
public sealed class CertificateRequestTests : IAsyncLifetime
{
    private const string Requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    private static readonly How Ann = new() { Token = "ann" };
    private Api _api = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await Api.StartAsync();
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/clusterroles", """{"metadata":{"name":"csr"},"rules":[{"apiGroups":["certificates.k8s.io"],"resources":["certificatesigningrequests","certificatesigningrequests/approval","certificatesigningrequests/status"],"verbs":["*"]},{"apiGroups":["certificates.k8s.io"],"resources":["signers"],"resourceNames":["example.com/*"],"verbs":["approve"]}]}""");
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", """{"metadata":{"name":"csr"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"csr"},"subjects":[{"kind":"User","name":"ann"}]}""");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    private static string Request(string name, string signer = "example.com/mine", string subject = "CN=a")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = new CertificateRequest(new X500DistinguishedName(subject), key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        return $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"request":"{{{Convert.ToBase64String(Encoding.UTF8.GetBytes(pem))}}}","signerName":"{{{signer}}}","usages":["client auth"],"username":"forged","groups":["system:masters"]}}""";
    }

    private const string Approved = """{"status":{"conditions":[{"type":"Approved","status":"True","reason":"Fine"}]}}""";

    private Task<Answer> Patch(string path, string body) => _api.Send("PATCH", $"{Requests}/{path}", body, Ann with { ContentType = Api.Merge });

    [Fact]
    public async Task A_request_says_who_asks_whatever_it_said_itself()
    {
        var created = await _api.Send("POST", Requests, Request("a"), Ann);
        Assert.Equal((201, "ann", """["system:authenticated"]"""), (created.Code, created.At("spec.username"), created.At("spec.groups")));
        var changed = await Patch("a", """{"metadata":{"labels":{"a":"b"}},"spec":{"username":"forged"},"status":{"certificate":"YQ=="}}""");
        Assert.Equal((200, "ann", "b", null), (changed.Code, changed.At("spec.username"), changed.At("metadata.labels.a"), changed.At("status.certificate")));
    }

    [Fact]
    public async Task Deciding_needs_the_signers_approve_and_signing_its_sign()
    {
        await _api.Send("POST", Requests, Request("a"), Ann);
        await _api.Send("POST", Requests, Request("b", "other.com/b"), Ann);
        var approved = await Patch("a/approval", Approved);
        Assert.Equal((200, "Approved"), (approved.Code, approved.At("status.conditions.0.type")));
        Assert.NotNull(approved.At("status.conditions.0.lastUpdateTime"));
        Assert.NotNull(approved.At("status.conditions.0.lastTransitionTime"));
        Assert.Equal((403, "Forbidden", "certificatesigningrequests.certificates.k8s.io \"b\" is forbidden: user not permitted to approve requests with signerName \"other.com/b\""), (await Patch("b/approval", Approved)).Status);
        Assert.Equal((403, "Forbidden", "certificatesigningrequests.certificates.k8s.io \"a\" is forbidden: user not permitted to sign requests with signerName \"example.com/mine\""),
            (await Patch("a/status", """{"status":{"conditions":[{"type":"Approved","status":"True"},{"type":"Failed","status":"True"}]}}""")).Status);
    }

    [Fact]
    public async Task What_was_decided_cannot_be_taken_back_or_come_by_another_way()
    {
        await _api.Send("POST", Requests, Request("a"), Ann);
        Assert.Equal(422, (await _api.Patch($"{Requests}/a/status", Approved)).Code);
        await Patch("a/approval", Approved);
        Assert.Equal(422, (await Patch("a/approval", """{"status":{"conditions":[]}}""")).Code);
    }

    [Fact]
    public async Task Nobody_asks_for_a_certificate_of_an_administrator()
    {
        var refused = await _api.Send("POST", Requests, Request("a", "kubernetes.io/kube-apiserver-client", "O=system:masters,CN=a"), Ann);
        Assert.Equal((403, "certificatesigningrequests.certificates.k8s.io \"a\" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed"), (refused.Code, refused.Message));
    }
}
