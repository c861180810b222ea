using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Coracle.ApiServer;
using Coracle.ApiServer.Access;
using Coracle.Controllers.Certificates;
using Coracle.Fuzz.Tests.Fuzzing;
using CertificateSigningRequest = Coracle.Kinds.Certificates.V1.CertificateSigningRequest;

namespace Coracle.Fuzz.Tests.Targets;

/// <summary>Credentials, and what else is read before it is known who asks.</summary>
internal static class AccessTargets
{
    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    }

    private static readonly Noon Clock = new();
    private static readonly CertificateAuthority Authority = CertificateAuthority.Create("kubernetes", TimeSpan.FromDays(3650), Clock);
    private static readonly CertificateAuthentication Certificates = new([Authority.Certificate.Certificate], Clock);
    private static readonly SigningKey Key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    private static readonly ServiceAccountTokens Tokens = new(new ServiceAccountTokenOptions
    {
        SigningKey = Key, Clock = Clock,
        Lookups = new TokenLookups { ServiceAccount = (_, _) => new("sa-uid"), Pod = (_, _) => new("pod-uid"), Secret = (_, _) => new("secret-uid"), Node = _ => new("node-uid") },
    });

    private static readonly Authenticator Authenticator = new(new AuthenticatorOptions
    {
        Certificates = Certificates, ServiceAccounts = Tokens, StaticTokens = StaticTokens.Parse("ann,ann,\n"), FrontProxy = new FrontProxyAuthentication([Authority.Certificate.Certificate], ["front-proxy-client"], Clock),
    });

    public static IEnumerable<FuzzTarget> All =>
    [
        new("jwt", Jwts, Jwt)
        {
            Shape = Shape.Token, Repair = Signed, Iterations = 400,
            Words = ["alg", "none", "ES256", "RS256", "HS256", "kid", "crit", "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "kubernetes.io", "namespace", "serviceaccount", "name", "uid", "pod", "node", "secret", "warnafter", "https://kubernetes.default.svc.cluster.local"],
        },
        new("x509", () => Keyed().Certificates, seed => Certificate(seed.Bytes)) { Shape = Shape.Der, Repair = CertificateSigned, Iterations = 150 },
        new("csr", () => Keyed().Requests, seed => SigningRequest(seed.Bytes)) { Shape = Shape.Der, Iterations = 150 },
        new("continue", () => Corpus.Of("""{"v":"meta.k8s.io/v1","rv":12,"start":"default/name\u0000"}""", """{"v":"meta.k8s.io/v1","rv":-1,"start":"a"}"""), Continue) { Shape = Shape.Json, Words = ["v", "rv", "start", "meta.k8s.io/v1"], Iterations = 800 },
        new("headers", () => Corpus.Of("application/json;as=Table;v=v1;g=meta.k8s.io, application/vnd.kubernetes.protobuf;q=0.5, */*", "application/yaml; charset=utf-8", "Bearer abc", "gzip, deflate;q=0.1", "\"etag\"", "system:masters"), Headers)
        {
            Words = [";", ",", "q=", "q=1e999", "as=Table", "as=PartialObjectMetadata", "v=v1", "g=meta.k8s.io", "stream=watch", "sv=v1", "application/json", "application/vnd.kubernetes.protobuf", "*/*", "application/*", "Bearer ", "bearer  ", "base64url.bearer.authorization.k8s.io."], Iterations = 1500,
        },
        new("requests", () => [.. Corpus.Texts("requests.txt")], Request) { Words = ["/", "//", "?", "&", "=", "%", "%2F", "%00", "%zz", "+", ";", "api", "apis", "v1", "namespaces", "pods", "watch", "proxy", "status", "limit=", "watch=1", "timeoutSeconds=", "fieldSelector=metadata.name%3Dx", "timeout=", "resourceVersion=", ".."], Iterations = 1500 },
        new("names", () => Corpus.Of("ann,ann,1,\"a,b\"\nroot,root,,system:masters", "a,b", "# x\n\"q\"\"r\",s,t"), seed => Tolerated<FormatException>(() => StaticTokens.Parse(Corpus.Text(seed)))) { Words = [",", "\"", "\"\"", "\n", "\r\n", "#"], Iterations = 800 },
    ];

    private static IReadOnlyList<Seed> Jwts()
    {
        var now = Clock.GetUtcNow().ToUnixTimeSeconds();
        string[] claims =
        [
            $$$"""{"aud":["https://kubernetes.default.svc.cluster.local"],"exp":{{{now + 3600}}},"iat":{{{now}}},"iss":"https://kubernetes.default.svc.cluster.local","jti":"id","kubernetes.io":{"namespace":"n","node":{"name":"node","uid":"node-uid"},"pod":{"name":"p","uid":"pod-uid"},"serviceaccount":{"name":"sa","uid":"sa-uid"},"warnafter":{{{now + 60}}}},"nbf":{{{now}}},"sub":"system:serviceaccount:n:sa"}""",
            $$$"""{"aud":"https://kubernetes.default.svc.cluster.local","iss":"https://kubernetes.default.svc.cluster.local","kubernetes.io":{"namespace":"n","secret":{"name":"s","uid":"secret-uid"},"serviceaccount":{"name":"sa","uid":"sa-uid"}},"sub":"system:serviceaccount:n:sa"}""",
        ];
        return Corpus.Of(claims.Select(c => $"{Base64Url.EncodeToString(Utf8.GetBytes("""{"alg":"ES256","kid":""}"""))}.{Base64Url.EncodeToString(Utf8.GetBytes(c))}.AAAA"));
    }

    // What nobody else can sign is as good as refused: half are signed well, to be read at all.
    private static Seed Signed(Random random, Seed seed)
    {
        var text = Utf8.GetString(seed.Bytes);
        var dot = text.LastIndexOf('.');
        if (dot < 0 || random.Next(4) == 0) return seed;
        return seed with { Bytes = Utf8.GetBytes($"{text[..dot]}.{Base64Url.EncodeToString(Key.Sign(System.Text.Encoding.ASCII.GetBytes(text[..dot])))}") };
    }

    private static void Jwt(Seed seed)
    {
        var token = Corpus.Text(seed);
        _ = Tokens.Authenticate(token);
        _ = Tokens.Authenticate(token, ["a"]);
        _ = Now(Authenticator.AuthenticateTokenAsync(token, null, default));
    }

    private static (IReadOnlyList<Seed> Certificates, IReadOnlyList<Seed> Requests) Keyed() => keyed ??= MakeKeyed();
    private static (IReadOnlyList<Seed>, IReadOnlyList<Seed>)? keyed;

    private static (IReadOnlyList<Seed>, IReadOnlyList<Seed>) MakeKeyed()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("a.example.com");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddEmailAddress("a@example.com");
        names.AddUri(new Uri("spiffe://a/b"));
        var request = new CertificateRequest(new X500DistinguishedName("O=system:nodes, O=x, CN=system:node:a, OID.1.3.6.1.4.1.57683.2=uid"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        var withRsa = new CertificateRequest("CN=r+OU=s, O=t", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return (
            [new(0, Authority.IssueClient("user", ["a", "b"], TimeSpan.FromDays(1)).Certificate.RawData), new(0, Authority.Certificate.Certificate.RawData), new(0, Authority.IssueServer("front-proxy-client", ["x"], [IPAddress.Loopback], TimeSpan.FromDays(1)).Certificate.RawData)],
            [.. Corpus.Of(request.CreateSigningRequestPem(), withRsa.CreateSigningRequestPem())]);
    }

    // The signature over what was changed, so that more is looked at than that.
    private static Seed CertificateSigned(Random random, Seed seed)
    {
        try
        {
            var outer = new System.Formats.Asn1.AsnReader(seed.Bytes, System.Formats.Asn1.AsnEncodingRules.BER).ReadSequence();
            var body = outer.ReadEncodedValue();
            var algorithm = outer.ReadEncodedValue();
            using var key = Authority.Certificate.Certificate.GetECDsaPrivateKey()!;
            var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteEncodedValue(body.Span);
                writer.WriteEncodedValue(algorithm.Span);
                writer.WriteBitString(key.SignData(body.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
            }
            return random.Next(4) == 0 ? seed : seed with { Bytes = writer.Encode() };
        }
        catch (Exception e) when (e is System.Formats.Asn1.AsnContentException or ArgumentException)
        {
            return seed;
        }
    }

    private static void Certificate(byte[] der)
    {
        X509Certificate2 certificate;
        // What TLS does before we see it.
        try { certificate = X509CertificateLoader.LoadCertificate(der); }
        catch (CryptographicException) { return; }
        using (certificate)
        {
            _ = Certificates.Authenticate(certificate, []);
            _ = Now(Authenticator.AuthenticateAsync(new Credentials { ClientCertificate = certificate, Headers = [new("X-Remote-User", "a"), new("X-Remote-Group", "b")] }, default));
        }
    }

    private static void SigningRequest(byte[] pem)
    {
        _ = Kinds.Certificates.V1.SigningRequest.Problem(pem);
        _ = Kinds.Certificates.V1.SigningRequest.CertificateProblem(pem);
        _ = SigningRequestText.Subject(Convert.ToBase64String(pem));
        _ = SigningRequestText.Subject(Utf8.GetString(pem));
        _ = Authority.SignRequest(Utf8.GetString(pem), forServer: true, TimeSpan.FromDays(1));
        foreach (var signer in (string[])["kubernetes.io/kube-apiserver-client", "kubernetes.io/kube-apiserver-client-kubelet", "kubernetes.io/kubelet-serving"])
        {
            var csr = new CertificateSigningRequest { Spec = new() { Request = pem, SignerName = signer, Usages = ["client auth", "digital signature"] } };
            _ = SigningRequestFacts.Of(csr)?.ProblemFor(csr);
        }
    }

    private static void Continue(Seed seed)
    {
        foreach (var text in (string[])[Base64Url.EncodeToString(seed.Bytes), Corpus.Text(seed)])
        {
            var parsed = ContinueToken.Parse(text);
            if (parsed.Failed) Sound.True(parsed.Error.Message.Length > 0, "a refusal says why");
            else Sound.True(ContinueToken.Parse(parsed.Value.ToString()).Value == parsed.Value, "a token that was written reads back the same");
        }
    }

    private static void Headers(Seed seed)
    {
        var text = Corpus.Text(seed);
        foreach (var builtIn in (bool[])[true, false])
        {
            _ = Accepted.Parse(text, text, Accepted.Objects(builtIn));
            _ = Accepted.Parse(text, "1", Accepted.Events(builtIn));
        }
        _ = BodyReader.MediaType(text);
        foreach (var authorization in (string[])[text, ""])
            _ = Now(Authenticator.AuthenticateAsync(new Credentials { Headers = [new("Authorization", authorization), new("Upgrade", "websocket"), new("Sec-WebSocket-Protocol", text + ", a")] }, default));
        foreach (var name in (string[])["a", text, "system:node:" + text, "system:serviceaccount:" + text, ""])
        {
            var credentials = new Credentials { Headers = [new("Impersonate-User", name), new("Impersonate-Group", text), new("Impersonate-Uid", text), new("Impersonate-Extra-" + text, text)] };
            _ = Now(new Impersonation(static (_, _) => new(Decision.Allow())).ApplyAsync(credentials, RequestInfo.Parse("GET", "/api/v1/pods", "").AttributesFor(new User { Name = "a" }), default));
        }
    }

    private static void Request(Seed seed)
    {
        var text = Corpus.Text(seed);
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = question < 0 ? (text, "") : (text[..question], text[(question + 1)..]);
        foreach (var method in (string[])["GET", "POST", "DELETE", "PATCH", "", "é"]) _ = RequestInfo.Parse(method, path, query);
        foreach (var name in (string[])["limit", "fieldSelector", "timeout", "a"]) _ = (QueryText.First(query, name), QueryText.All(query, name));
    }

    // Nothing here has to wait for anything.
    private static T Now<T>(ValueTask<T> answer)
    {
        Sound.True(answer.IsCompleted, "who it is is known at once");
        return answer.Result;
    }

    internal static void Tolerated<T>(Action run) where T : Exception
    {
        try { run(); }
        catch (T) { }
    }
}
