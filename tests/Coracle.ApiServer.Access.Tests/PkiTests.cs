using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Coracle.ApiServer.Access.Tests;

public sealed class PkiTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coracle-pki-").FullName;
    private readonly FakeClock _clock = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_was_made_once_is_read_again()
    {
        var first = PkiDirectory.Open(_directory, new PkiOptions(), _clock).Pki;
        var second = PkiDirectory.Open(_directory, new PkiOptions(), _clock).Pki;
        Assert.Equal(first.ClusterAuthority.Certificate.CertificatePem, second.ClusterAuthority.Certificate.CertificatePem);
        Assert.Equal(first.FrontProxyAuthority.Certificate.CertificatePem, second.FrontProxyAuthority.Certificate.CertificatePem);
        Assert.Equal(first.ServingCertificate.Thumbprint, second.ServingCertificate.Thumbprint);
        Assert.Equal(first.FrontProxyClient.Certificate.Thumbprint, second.FrontProxyClient.Certificate.Thumbprint);
        Assert.Equal(first.ServiceAccountKey.ExportSubjectPublicKeyInfo(), second.ServiceAccountKey.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public void Only_the_owner_can_read_the_files()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no modes of files.");
#pragma warning disable CA1416 // Skipped above.
        var directory = Path.Combine(_directory, "deep", "pki");
        PkiDirectory.Open(directory, new PkiOptions(), _clock);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
        var files = Directory.GetFiles(directory);
        Assert.Equal(["apiserver.crt", "apiserver.key", "ca.crt", "ca.key", "front-proxy-ca.crt", "front-proxy-ca.key", "front-proxy-client.crt", "front-proxy-client.key", "sa.key", "sa.pub"],
            files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
#pragma warning restore CA1416
    }

    [Fact]
    public void The_serving_certificate_has_the_names_of_the_server()
    {
        var options = new PkiOptions { ServingNames = ["box.example.org"], ServingAddresses = [IPAddress.Parse("192.0.2.7")] };
        var names = Pki.Create(options, _clock).ServingCertificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal(["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "box.example.org"], names.EnumerateDnsNames());
        Assert.Equal(["127.0.0.1", "::1", "10.96.0.1", "192.0.2.7"], names.EnumerateIPAddresses().Select(address => address.ToString()));
    }

    [Fact]
    public void A_certificate_near_its_end_is_renewed_and_its_authority_is_kept()
    {
        var directory = PkiDirectory.Open(_directory, new PkiOptions(), _clock);
        var (authority, serving) = (directory.Pki.ClusterAuthority.Certificate.CertificatePem, directory.Pki.ServingCertificate.Thumbprint);
        _clock.Advance(TimeSpan.FromDays(300));
        Assert.False(directory.Renew());
        _clock.Advance(TimeSpan.FromDays(40));
        Assert.True(directory.Renew());
        Assert.NotEqual(serving, directory.Pki.ServingCertificate.Thumbprint);
        var read = PkiDirectory.Open(_directory, new PkiOptions(), _clock).Pki;
        Assert.Equal(directory.Pki.ServingCertificate.Thumbprint, read.ServingCertificate.Thumbprint);
        Assert.Equal(authority, read.ClusterAuthority.Certificate.CertificatePem);
    }

    [Fact]
    public void A_serving_certificate_that_lacks_a_name_is_made_anew()
    {
        var before = PkiDirectory.Open(_directory, new PkiOptions(), _clock).Pki.ServingCertificate.Thumbprint;
        var after = PkiDirectory.Open(_directory, new PkiOptions { ServingNames = ["new.example.org"] }, _clock).Pki;
        Assert.NotEqual(before, after.ServingCertificate.Thumbprint);
        Assert.Equal(after.ServingCertificate.Thumbprint, PkiDirectory.Open(_directory, new PkiOptions { ServingNames = ["new.example.org"] }, _clock).Pki.ServingCertificate.Thumbprint);
    }

    [Theory]
    [InlineData("apiserver.crt")]
    [InlineData("apiserver.key")]
    [InlineData("front-proxy-client.key")]
    public void A_broken_certificate_or_key_of_a_leaf_is_made_anew(string file)
    {
        PkiDirectory.Open(_directory, new PkiOptions(), _clock);
        File.WriteAllText(Path.Combine(_directory, file), "half a fi");
        var pki = PkiDirectory.Open(_directory, new PkiOptions(), _clock).Pki;
        Assert.Equal(pki.ServingCertificate.Thumbprint, PkiDirectory.Open(_directory, new PkiOptions(), _clock).Pki.ServingCertificate.Thumbprint);
    }

    [Fact]
    public void An_authority_whose_key_is_lost_is_not_replaced_silently()
    {
        PkiDirectory.Open(_directory, new PkiOptions(), _clock);
        File.Delete(Path.Combine(_directory, "ca.key"));
        Assert.Throws<InvalidDataException>(() => PkiDirectory.Open(_directory, new PkiOptions(), _clock));
    }

    [Fact]
    public void An_authority_whose_certificate_was_never_written_is_made_anew()
    {
        var before = PkiDirectory.Open(_directory, new PkiOptions(), _clock).Pki.ServingCertificate;
        File.Delete(Path.Combine(_directory, "ca.crt"));
        var pki = PkiDirectory.Open(_directory, new PkiOptions(), _clock).Pki;
        // The new one has the same name.
        Assert.False(pki.ClusterAuthority.HasSigned(before));
        Assert.True(pki.ClusterAuthority.HasSigned(pki.ServingCertificate));
    }

    [Fact]
    public async Task Server_and_client_authenticate_each_other_over_tls()
    {
        // TLS looks at the real clock.
        var pki = Pki.Create(new PkiOptions(), TimeProvider.System);
        var client = pki.ClusterAuthority.IssueClient("kubernetes-admin", ["system:masters", "others"], TimeSpan.FromDays(1));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Serve(listener, pki);
        using var connection = new TcpClient();
        await connection.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        await using var stream = new SslStream(connection.GetStream());
        var roots = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        roots.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(pki.ClusterAuthority.Certificate.Certificate.RawData));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "kubernetes.default.svc", CertificateChainPolicy = roots, ClientCertificates = [client.Certificate] }, TestContext.Current.CancellationToken);
        var user = await serving;
        Assert.Equal("kubernetes-admin", user!.Name);
        Assert.Equal(["system:masters", "others", "system:authenticated"], user.Groups);
        Assert.StartsWith("X509SHA256=", user.Extra["authentication.kubernetes.io/credential-id"][0]);

        static async Task<User?> Serve(TcpListener listener, Pki pki)
        {
            using var accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await using var stream = new SslStream(accepted.GetStream());
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = pki.ServingCertificate, ClientCertificateRequired = true, EnabledSslProtocols = SslProtocols.None,
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            }, TestContext.Current.CancellationToken);
            var certificates = new CertificateAuthentication([pki.ClusterAuthority.Certificate.Certificate], TimeProvider.System);
            return new Authenticator(new AuthenticatorOptions { Certificates = certificates })
                .Authenticate(new Credentials { ClientCertificate = (X509Certificate2)stream.RemoteCertificate! }).User;
        }
    }

    [Fact]
    public void A_signing_request_is_answered_with_its_subject_and_the_usage_that_the_signer_gives()
    {
        var pki = Pki.Create(new PkiOptions(), _clock);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asked = new CertificateRequest("O=system:nodes, CN=system:node:a", key, HashAlgorithmName.SHA256);
        asked.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var pem = pki.ClusterAuthority.SignRequest(asked.CreateSigningRequestPem(), forServer: false, TimeSpan.FromHours(1));
        using var certificate = X509Certificate2.CreateFromPem(pem!);
        var user = new CertificateAuthentication([pki.ClusterAuthority.Certificate.Certificate], _clock).Authenticate(certificate, []).User!;
        Assert.Equal(("system:node:a", "system:nodes"), (user.Name, Assert.Single(user.Groups)));
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Null(pki.ClusterAuthority.SignRequest("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----", forServer: false, TimeSpan.FromHours(1)));
        Assert.Null(pki.ClusterAuthority.SignRequest("", forServer: true, TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_kubeconfig_holds_the_server_the_authority_and_the_clients_certificate()
    {
        var pki = Pki.Create(new PkiOptions(), _clock);
        var client = pki.ClusterAuthority.IssueClient("admin", ["system:masters"], TimeSpan.FromDays(1));
        var text = Kubeconfig.WithCertificate("coracle", "https://127.0.0.1:6443", pki.ClusterAuthority.Certificate.CertificatePem, client);
        Assert.Contains("    server: \"https://127.0.0.1:6443\"\n", text);
        Assert.Contains("current-context: \"coracle\"\n", text);
        var data = text.Split('\n').Single(line => line.Contains("client-key-data:")).Split(": ")[1];
        Assert.Equal(client.KeyPem, Encoding.UTF8.GetString(Convert.FromBase64String(data)));
        Assert.DoesNotContain("\r", text);
        Assert.Contains("    token: \"abc\"\n", Kubeconfig.WithToken("c", "https://h", "pem", "abc"));
    }
}
