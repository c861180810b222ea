using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>What is refused and shown of requests for certificates, and what each way to write them keeps.</summary>
public sealed class CertificateRequestTests
{
    private const string Version = "certificates.k8s.io/v1";
    private const string Kind = "CertificateSigningRequest";
    private static readonly string Request = NewRequest();
    private static readonly string Certificate = NewCertificate();

    private static string NewRequest()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Base64(new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256).CreateSigningRequestPem());
    }

    private static string NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UnixEpoch;
        using var certificate = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256).CreateSelfSigned(now, now.AddDays(1));
        return Base64(certificate.ExportCertificatePem());
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Csr(string spec = "", string status = "{}")
    {
        var all = new JsonObject { ["request"] = Request, ["signerName"] = "example.com/mine", ["usages"] = new JsonArray("client auth") };
        foreach (var (name, value) in JsonNode.Parse($"{{{spec}}}")!.AsObject()) all[name] = value?.DeepClone();
        return new JsonObject { ["spec"] = all, ["status"] = JsonNode.Parse(status.Replace("CERT", Certificate, StringComparison.Ordinal)) }.ToJsonString();
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\"usages\":[]", "spec.usages: Required value")]
    [InlineData("\"usages\":[\"client auth\",\"client auth\"]", "spec.usages[1]: Duplicate value: \"client auth\"")]
    [InlineData("\"signerName\":\"\"", "spec.signerName: Required value")]
    [InlineData("\"signerName\":\"mine\"", "spec.signerName: Invalid value: \"mine\": must be a fully qualified domain and path of the form 'example.com/signer-name'")]
    [InlineData("\"signerName\":\"mine/a\"", "spec.signerName: Invalid value: \"mine\": should be a domain with at least two segments separated by dots")]
    [InlineData("\"signerName\":\"kubernetes.io/legacy-unknown\"", "spec.signerName: Invalid value: \"kubernetes.io/legacy-unknown\": the legacy signerName is not allowed via this API version")]
    [InlineData("\"expirationSeconds\":599", "spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 600 seconds (10 minutes)")]
    [InlineData("\"request\":\"YQ==\"", "spec.request: Invalid value: \"YQ==\": PEM block type must be CERTIFICATE REQUEST")]
    public void A_request_is_checked(string spec, string expected) => Assert.Equal(expected, string.Join('|', Errors(Version, Kind, Csr(spec))));

    [Fact]
    public void A_use_that_is_not_known_is_refused() =>
        Assert.StartsWith("spec.usages[0]: Unsupported value: \"fun\": supported values: \"any\", \"cert sign\", \"client auth\",", Assert.Single(Errors(Version, Kind, Csr("\"usages\":[\"fun\"]"))));

    [Fact]
    public void A_request_that_its_key_did_not_sign_is_refused()
    {
        var der = Convert.FromBase64String(string.Concat(Encoding.UTF8.GetString(Convert.FromBase64String(Request)).Split('\n').Where(l => !l.StartsWith('-'))));
        der[^1] ^= 1;
        var forged = Base64(PemEncoding.WriteString("CERTIFICATE REQUEST", der));
        Assert.Single(Errors(Version, Kind, Csr($"\"request\":\"{forged}\"")));
    }

    private const string Approved = """{"type":"Approved","status":"True"}""";
    private const string Denied = """{"type":"Denied","status":"True"}""";

    [Theory]
    [InlineData("""[{"type":"Approved","status":"False"}]""", "status.conditions[0].status: Unsupported value: \"False\": supported values: \"True\"")]
    [InlineData("""[{"type":"Mine","status":"Perhaps"}]""", "status.conditions[0].status: Unsupported value: \"Perhaps\": supported values: \"False\", \"True\", \"Unknown\"")]
    [InlineData("""[{"type":"","status":""}]""", "status.conditions[0].type: Required value|status.conditions[0].status: Required value")]
    [InlineData($"[{Approved},{Denied}]", "status.conditions: Invalid value: \"Denied\": Approved and Denied conditions are mutually exclusive")]
    [InlineData("""[{"type":"A","status":"True"},{"type":"A","status":"True"}]""", "status.conditions[1].type: Duplicate value: \"A\"")]
    [InlineData($"[{Approved}]", "")]
    public void Decisions_are_checked(string conditions, string expected) =>
        Assert.Equal(expected, string.Join('|', Changes(Version, Kind, Csr(), Csr(status: $$"""{"conditions":{{conditions}}}"""), "approval")));

    [Theory]
    [InlineData("status", $$"""{"conditions":[{{Approved}}]}""", "{}", "status.conditions: Forbidden: updates may not remove a condition of type \"Approved\"")]
    [InlineData("approval", $$"""{"conditions":[{{Approved}}]}""", "{}", "status.conditions: Forbidden: updates may not remove a condition of type \"Approved\"")]
    [InlineData("status", "{}", $$"""{"conditions":[{{Approved}}]}""", "status.conditions: Forbidden: updates may not add a condition of type \"Approved\"")]
    [InlineData("status", "{}", """{"conditions":[{"type":"Failed","status":"True"}]}""", "")]
    [InlineData("status", "{}", """{"certificate":"CERT"}""", "")]
    [InlineData("status", """{"certificate":"CERT"}""", "{}", "status.certificate: Forbidden: updates may not modify existing certificate content")]
    [InlineData("approval", "{}", """{"certificate":"CERT"}""", "status.certificate: Forbidden: updates may not set certificate content")]
    [InlineData("status", "{}", """{"certificate":"YQ=="}""", "status.certificate: Invalid value: \"<certificate data>\": must contain at least one CERTIFICATE PEM block")]
    public void Decisions_and_certificates_only_come_where_they_may(string subresource, string old, string now, string expected) =>
        Assert.Equal(expected, string.Join('|', Changes(Version, Kind, Csr(status: old), Csr(status: now), subresource)));

    [Fact]
    public void Each_way_to_write_a_request_keeps_the_rest_of_it()
    {
        var rules = GeneratedKinds.All.Single(k => k.Kind == Kind).Rules;
        JsonObject Prepared(string subresource, string spec, string status)
        {
            var obj = JsonNode.Parse($$"""{"spec":{{spec}},"status":{{status}}}""")!.AsObject();
            rules.PrepareForUpdate(obj, JsonNode.Parse("""{"spec":{"username":"a"},"status":{"conditions":[{"type":"Approved","message":"old"}],"certificate":"QQ=="}}""")!.AsObject(), subresource);
            return obj;
        }
        Assert.Equal("""{"username":"a"}""", Prepared("", """{"username":"b"}""", "{}")["spec"]!.ToJsonString());
        var approval = Prepared("approval", """{"username":"b"}""", """{"conditions":[{"type":"Denied"}],"certificate":"Qg=="}""");
        Assert.Equal("""{"spec":{"username":"a"},"status":{"conditions":[{"type":"Denied"}],"certificate":"QQ=="}}""", approval.ToJsonString());
        var status = Prepared("status", "{}", """{"conditions":[{"type":"Failed"},{"type":"Approved","message":"new"}]}""");
        Assert.Equal("""[{"type":"Failed"},{"type":"Approved","message":"old"}]""", status["status"]!["conditions"]!.ToJsonString());
    }

    [Theory]
    [InlineData("{}", "x|2d|example.com/mine||<none>|Pending")]
    [InlineData($$"""{"conditions":[{{Approved}}],"certificate":"CERT"}""", "x|2d|example.com/mine||<none>|Approved,Issued")]
    [InlineData($$"""{"conditions":[{{Denied}},{"type":"Failed","status":"True"}]}""", "x|2d|example.com/mine||<none>|Denied,Failed")]
    public void Rows_are_upstreams(string status, string row)
    {
        Assert.Equal("Name:str/name Age:str SignerName:str Requestor:str RequestedDuration:str Condition:str", Row.Heading(Version, Kind));
        Assert.Equal(row, Row.Of(Version, Kind, Csr(status: status)));
    }
}
