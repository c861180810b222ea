using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Coracle.Kinds.Authentication.V1;

namespace Coracle.ApiServer.Access.Tests;

public sealed class AuthenticatorTests
{
    private readonly FakeClock _clock = new();
    private readonly Pki _pki;
    private readonly Authenticator _authenticator;

    public AuthenticatorTests()
    {
        _pki = Pki.Create(new PkiOptions(), _clock);
        _authenticator = new Authenticator(new AuthenticatorOptions
        {
            Certificates = new CertificateAuthentication([_pki.ClusterAuthority.Certificate.Certificate], _clock),
            FrontProxy = new FrontProxyAuthentication([_pki.FrontProxyAuthority.Certificate.Certificate], ["front-proxy-client"], _clock),
            StaticTokens = StaticTokens.Parse("secret,ann,1,dev"),
        });
    }

    [Fact]
    public void A_request_without_credentials_is_anonymous()
    {
        var user = _authenticator.Authenticate(new Credentials()).User!;
        Assert.Equal("system:anonymous", user.Name);
        Assert.Equal(["system:unauthenticated"], user.Groups);
        Assert.Null(new Authenticator(new AuthenticatorOptions { AllowAnonymous = false }).Authenticate(new Credentials()).User);
        var limited = new Authenticator(new AuthenticatorOptions { AnonymousPaths = ["/livez"] });
        Assert.NotNull(limited.Authenticate(new Credentials { Path = "/livez" }).User);
        Assert.Null(limited.Authenticate(new Credentials { Path = "/api" }).User);
    }

    [Theory]
    [InlineData("Bearer secret", "ann")]
    [InlineData("bearer secret", "ann")]
    [InlineData("  Bearer secret ignored", "ann")]
    [InlineData("Bearer wrong", null)]
    [InlineData("Bearer a.b.c", null)]
    [InlineData("Basic c2VjcmV0", "system:anonymous")]
    [InlineData("Bearer", "system:anonymous")]
    [InlineData("Bearer  secret", "system:anonymous")]
    public void A_bearer_token_is_the_second_word(string header, string? user)
    {
        var result = _authenticator.Authenticate(Headers(("Authorization", header)));
        Assert.Equal(user, result.User?.Name);
        Assert.Equal(header == "Bearer  secret", result.Warning.Length > 0);
    }

    [Fact]
    public void Everybody_with_a_good_credential_is_authenticated() =>
        Assert.Equal(["dev", "system:authenticated"], _authenticator.Authenticate(Headers(("Authorization", "Bearer secret"))).User!.Groups);

    [Fact]
    public void A_browser_gives_its_token_as_a_protocol_of_the_web_socket()
    {
        var token = "base64url.bearer.authorization.k8s.io." + System.Buffers.Text.Base64Url.EncodeToString("secret"u8);
        Assert.Equal("ann", _authenticator.Authenticate(Headers(("Upgrade", "websocket"), ("Sec-WebSocket-Protocol", $"v5.channel.k8s.io, {token}"))).User!.Name);
        Assert.Null(_authenticator.Authenticate(Headers(("Upgrade", "websocket"), ("Sec-WebSocket-Protocol", token))).User);
        Assert.Null(_authenticator.Authenticate(Headers(("Upgrade", "websocket"), ("Sec-WebSocket-Protocol", $"v5.channel.k8s.io, {token}!"))).User);
        Assert.Equal("system:anonymous", _authenticator.Authenticate(Headers(("Sec-WebSocket-Protocol", $"v5, {token}"))).User!.Name);
    }

    [Fact]
    public void A_certificate_of_our_authority_says_who_its_holder_is_until_it_ends()
    {
        var client = _pki.ClusterAuthority.IssueClient("ann", ["a", "b"], TimeSpan.FromHours(1)).Certificate;
        var credentials = new Credentials { ClientCertificate = client };
        Assert.Equal(["a", "b", "system:authenticated"], _authenticator.Authenticate(credentials).User!.Groups);
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Null(_authenticator.Authenticate(credentials).User);
    }

    [Fact]
    public void A_certificate_that_is_not_for_clients_or_not_of_our_authority_is_refused()
    {
        Assert.Null(_authenticator.Authenticate(new Credentials { ClientCertificate = _pki.ServingCertificate }).User);
        var stranger = CertificateAuthority.Create("kubernetes", TimeSpan.FromDays(1), _clock).IssueClient("root", ["system:masters"], TimeSpan.FromHours(1)).Certificate;
        Assert.Null(_authenticator.Authenticate(new Credentials { ClientCertificate = stranger }).User);
        Assert.Equal("ann", _authenticator.Authenticate(Headers(("Authorization", "Bearer secret")) with { ClientCertificate = stranger }).User!.Name);
    }

    [Fact]
    public void Headers_of_a_front_proxy_are_believed_from_its_certificate_alone()
    {
        var headers = Headers(("X-Remote-User", "ann"), ("X-Remote-Group", "g1"), ("x-remote-group", "g2"), ("X-Remote-Uid", "7"), ("X-Remote-Extra-Example.org%2FScopes", "a"), ("X-Remote-Extra-Example.org%2FScopes", "b"));
        var user = _authenticator.Authenticate(headers with { ClientCertificate = _pki.FrontProxyClient.Certificate }).User!;
        Assert.Equal(("ann", "7"), (user.Name, user.Uid));
        Assert.Equal(["g1", "g2", "system:authenticated"], user.Groups);
        Assert.Equal(["a", "b"], user.Extra["example.org/scopes"]);
        Assert.Equal("system:anonymous", _authenticator.Authenticate(headers).User!.Name);
        var admin = _pki.ClusterAuthority.IssueClient("admin", [], TimeSpan.FromHours(1)).Certificate;
        Assert.Equal("admin", _authenticator.Authenticate(headers with { ClientCertificate = admin }).User!.Name);
        var otherProxy = _pki.FrontProxyAuthority.IssueClient("another-proxy", [], TimeSpan.FromHours(1)).Certificate;
        Assert.Null(_authenticator.Authenticate(headers with { ClientCertificate = otherProxy }).User);
    }

    [Fact]
    public void A_subject_is_read_as_go_reads_it()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = Subject(("2.5.4.10", "one"), ("2.5.4.3", "first"), ("2.5.4.10", "two"), ("1.3.6.1.4.1.57683.2", "user-id"), ("2.5.4.3", "last"));
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        using var certificate = X509Certificate2.CreateFromPem(_pki.ClusterAuthority.SignRequest(request.CreateSigningRequestPem(), forServer: false, TimeSpan.FromHours(1))!);
        var user = _authenticator.Authenticate(new Credentials { ClientCertificate = certificate }).User!;
        Assert.Equal(("last", "user-id"), (user.Name, user.Uid));
        Assert.Equal(["one", "two", "system:authenticated"], user.Groups);
        Assert.Equal($"X509SHA256={Convert.ToHexStringLower(SHA256.HashData(certificate.RawData))}", user.Extra["authentication.kubernetes.io/credential-id"].Single());
    }

    [Fact]
    public void Garbage_in_a_certificate_is_refused_without_an_exception()
    {
        var random = new Random(11);
        var good = _pki.ClusterAuthority.IssueClient("ann", ["system:masters"], TimeSpan.FromHours(1)).Certificate.RawData;
        var read = 0;
        for (var i = 0; i < 800; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            X509Certificate2 certificate;
            try
            {
                certificate = X509CertificateLoader.LoadCertificate(bytes);
            }
            catch (CryptographicException)
            {
                continue;
            }
            read++;
            var user = _authenticator.Authenticate(new Credentials { ClientCertificate = certificate }).User;
            Assert.True(user is null || bytes.AsSpan().SequenceEqual(good));
        }
        Assert.True(read > 50);
    }

    [Fact]
    public void Another_proxy_may_have_headers_of_its_own_and_does_not_speak_in_those_of_ours()
    {
        var other = Pki.Create(new PkiOptions(), _clock);
        var authenticator = new Authenticator(new AuthenticatorOptions
        {
            FrontProxy = new FrontProxyAuthentication([_pki.FrontProxyAuthority.Certificate.Certificate], ["front-proxy-client"], _clock),
            OtherProxy = new FrontProxyAuthentication([other.FrontProxyAuthority.Certificate.Certificate], [], _clock,
                new() { User = ["X-None", "X-User"], Uid = ["X-Id"], Group = ["X-Group", "X-More"], ExtraPrefixes = ["X-Extra-"] }),
        });
        var headers = Headers(("X-User", "ann"), ("X-Id", "7"), ("X-Group", "a"), ("X-More", "b"), ("X-Extra-Scopes", "s"));
        var user = authenticator.Authenticate(headers with { ClientCertificate = other.FrontProxyClient.Certificate }).User!;
        Assert.Equal(("ann", "7", "s"), (user.Name, user.Uid, user.Extra["scopes"][0]));
        Assert.Equal(["a", "b", "system:authenticated"], user.Groups);
        Assert.Null(authenticator.Authenticate(headers with { ClientCertificate = _pki.FrontProxyClient.Certificate }).User);
        Assert.Equal("bob", authenticator.Authenticate(Headers(("X-Remote-User", "bob")) with { ClientCertificate = _pki.FrontProxyClient.Certificate }).User!.Name);
    }

    [Fact]
    public void A_token_review_says_whom_a_token_stands_for()
    {
        var reviews = new CredentialReviews(_authenticator, new Authorization(() => RbacIndex.Empty, () => new NodeGraph()));
        var status = reviews.Answer(new TokenReviewSpec { Token = "secret" });
        Assert.True(status.Authenticated);
        Assert.Equal(("ann", "1"), (status.User.Username, status.User.Uid));
        Assert.Equal("invalid bearer token", reviews.Answer(new TokenReviewSpec { Token = "x" }).Error);
        Assert.False(reviews.Answer(new TokenReviewSpec { Token = "secret", Audiences = ["vault"] }).Authenticated);
    }

    private static X500DistinguishedName Subject(params (string Id, string Text)[] parts)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
            foreach (var (id, text) in parts)
                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(id);
                    writer.WriteCharacterString(UniversalTagNumber.UTF8String, text);
                }
        return new X500DistinguishedName(writer.Encode());
    }

    private static Credentials Headers(params (string Name, string Value)[] headers) =>
        new() { Headers = [.. headers.Select(header => KeyValuePair.Create(header.Name, header.Value))] };
}
