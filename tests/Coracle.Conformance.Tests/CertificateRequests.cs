using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/auth/certificates.go.</summary>
public sealed class CertificateRequests(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

    private static CertificateRequest Request(ECDsa key)
    {
        var request = new CertificateRequest("CN=e2e.example.com", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("e2e.example.com");
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static string Base64(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));

    [Fact, Behaviour("CertificateSigningRequest API")]
    public async Task CertificateSigningRequest_API_operations()
    {
        const string signer = "example.com/e2e-csr";
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var body = $$$"""
            {"metadata":{"generateName":"e2e-example-csr-"},"spec":{"request":"{{{Base64(Request(key).CreateSigningRequestPem())}}}","signerName":"{{{signer}}}","expirationSeconds":3600,
            "usages":["digital signature","key encipherment","server auth"]}}
            """;
        var resources = (await cluster.Get("/apis/certificates.k8s.io/v1")).Is(200).Json["resources"]!.AsArray().Select(r => r!.Text("name")).ToList();
        Assert.Subset(resources.ToHashSet(), new HashSet<string> { "certificatesigningrequests", "certificatesigningrequests/approval", "certificatesigningrequests/status" });

        await cluster.Create(Path, body);
        await cluster.Create(Path, body);
        var created = await cluster.Create(Path, body);
        var one = $"{Path}/{created.Name}";
        var read = (await cluster.Get(one)).Is(200);
        Assert.Equal((created.Uid, "3600"), (read.Uid, read["spec.expirationSeconds"]));
        var list = (await cluster.Get($"{Path}?fieldSelector=spec.signerName%3D{Uri.EscapeDataString(signer)}")).Is(200);
        Assert.Equal(3, list.Items.Count);

        await using (var watch = await cluster.Watch($"{Path}?resourceVersion={list.Version}&fieldSelector=metadata.name%3D{created.Name}"))
        {
            Assert.Equal("true", (await cluster.Patch(one, """{"metadata":{"annotations":{"patched":"true"}}}""")).Is(200)["metadata.annotations.patched"]);
            Assert.Equal("true", (await cluster.Update(one, found => found["metadata"]!["annotations"]!["updated"] = "true"))["metadata.annotations.updated"]);
            Assert.Equal("MODIFIED", (await watch.Until(e => e.Object.Text("metadata.annotations.patched") == "true")).Type);
        }
        await Approval(one, created);
        await Status(one, created, key);

        (await cluster.Delete(one)).Is(200);
        (await cluster.Get(one)).Is(404);
        var bySigner = $"{Path}?fieldSelector=spec.signerName%3D{Uri.EscapeDataString(signer)}";
        Assert.Equal(2, (await cluster.Get(bySigner)).Is(200).Items.Count);
        (await cluster.Delete(bySigner)).Is(200);
        Assert.Empty((await cluster.Get(bySigner)).Is(200).Items);
    }

    private async Task Approval(string one, Answer created)
    {
        var read = (await cluster.Get(one + "/approval")).Is(200);
        Assert.Equal(("certificates.k8s.io/v1", "CertificateSigningRequest", created.Uid), (read["apiVersion"], read["kind"], read.Uid));
        var patched = (await cluster.Patch(one + "/approval", """{"metadata":{"annotations":{"patchedapproval":"true"}},"status":{"conditions":[{"type":"ApprovalPatch","status":"True","reason":"e2e"}]}}""")).Is(200);
        Assert.Equal(("true", "ApprovalPatch"), (patched["metadata.annotations.patchedapproval"], patched["status.conditions.0.type"]));
        var updated = await cluster.Update(one + "/approval", found => found["status"]!["conditions"]!.AsArray().Add(Condition("Approved")));
        Assert.Equal(["ApprovalPatch", "Approved"], updated.Json["status"]!["conditions"]!.AsArray().Select(c => c!.Text("type")));
    }

    private async Task Status(string one, Answer created, ECDsa key)
    {
        Assert.Equal(created.Uid, (await cluster.Get(one + "/status")).Is(200).Uid);
        using var certificate = Request(key).CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        var issued = Base64(certificate.ExportCertificatePem());
        var patched = (await cluster.Patch(one + "/status", $$$"""{"metadata":{"annotations":{"patchedstatus":"true"}},"status":{"certificate":"{{{issued}}}"} }""")).Is(200);
        Assert.Equal(("true", issued), (patched["metadata.annotations.patchedstatus"], patched["status.certificate"]));
        var updated = await cluster.Update(one + "/status", found => found["status"]!["conditions"]!.AsArray().Add(Condition("StatusUpdate")));
        Assert.Equal("StatusUpdate", updated["status.conditions.2.type"]);
    }

    private static JsonObject Condition(string type) => new() { ["type"] = type, ["status"] = "True", ["reason"] = "E2E", ["message"] = "Set from an e2e test" };
}
