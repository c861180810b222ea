using System.Security.Cryptography.X509Certificates;
using Coracle.Sdk.Tests.Fakes;

namespace Coracle.Sdk.Tests;

public sealed class KubeconfigTests
{
    private const string Two = """
        apiVersion: v1
        kind: Config
        current-context: one
        clusters:
        - name: c1
          cluster: {server: "https://one:6443", tls-server-name: kubernetes, proxy-url: "http://proxy:3128"}
        - name: c2
          cluster:
            server: https://two:6443/k8s
            insecure-skip-tls-verify: true
        contexts:
        - name: one
          context: {cluster: c1, user: u1, namespace: team}
        - name: two
          context: {cluster: c2, user: u2}
        users:
        - name: u1
          user: {token: abc, as: bob, as-groups: [dev, ops]}
        - name: u2
          user: {username: joe, password: pw}
        """;

    [Fact]
    public async Task A_context_says_where_who_and_in_which_namespace()
    {
        var one = Kubeconfig.Parse(Two).ToConfig();
        Assert.Equal(new Uri("https://one:6443"), one.Server);
        Assert.Equal(("team", "kubernetes", false), (one.Namespace, one.TlsServerName, one.InsecureSkipTlsVerify));
        Assert.Equal(("bob", "dev,ops"), (one.Impersonate!.Name, string.Join(",", one.Impersonate.Groups)));
        Assert.Equal("Bearer abc", await one.Credentials.AuthorizationAsync(TimeProvider.System, default));

        var two = Kubeconfig.Parse(Two).ToConfig("two");
        Assert.Equal(("default", true), (two.Namespace, two.InsecureSkipTlsVerify));
        Assert.Equal("Basic am9lOnB3", await two.Credentials.AuthorizationAsync(TimeProvider.System, default));
    }

    [Fact]
    public void Of_several_files_the_first_to_say_something_wins()
    {
        var folder = Directory.CreateTempSubdirectory();
        File.WriteAllText(Path.Combine(folder.FullName, "a"), "current-context: two\nclusters:\n- name: c2\n  cluster: {server: 'https://mine:1'}\n");
        File.WriteAllText(Path.Combine(folder.FullName, "b"), Two);
        var config = Kubeconfig.Load([Path.Combine(folder.FullName, "a"), Path.Combine(folder.FullName, "b")]).ToConfig();
        Assert.Equal(new Uri("https://mine:1"), config.Server);
        folder.Delete(true);
    }

    [Fact]
    public void A_context_that_is_not_there_is_told_by_name() =>
        Assert.Contains("\"three\" does not exist", Assert.Throws<ClusterConfigException>(() => Kubeconfig.Parse(Two).ToConfig("three")).Message);

    [Fact]
    public async Task Certificates_come_from_files_beside_the_configuration_or_inline()
    {
        await using var server = await HttpServer.StartAsync(_ => Task.CompletedTask);
        using var certificate = HttpServer.Issue(server.Authority, "admin");
        var exportable = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
        var folder = Directory.CreateTempSubdirectory();
        File.WriteAllText(Path.Combine(folder.FullName, "ca.pem"), server.Authority.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder.FullName, "key.pem"), exportable.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var data = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(certificate.ExportCertificatePem()));
        var config = Kubeconfig.Parse($$$"""
            current-context: x
            clusters: [{name: c, cluster: {server: "https://h", certificate-authority: ca.pem}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            users: [{name: u, user: {client-certificate-data: {{{data}}}, client-key: key.pem}}]
            """, folder.FullName).ToConfig();
        Assert.Equal(server.Authority.Thumbprint, Assert.Single(config.Authorities).Thumbprint);
        Assert.Equal("CN=admin", config.Credentials.Certificate!.Subject);
        Assert.True(config.Credentials.Certificate.HasPrivateKey);
        folder.Delete(true);
    }

    [Fact]
    public async Task A_plugin_makes_a_token_which_serves_until_it_expires_or_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory();
        var script = Path.Combine(folder.FullName, "plugin.sh");
        await File.WriteAllTextAsync(script, """
            #!/bin/sh
            echo run >> "$(dirname "$0")/runs"
            n=$(wc -l < "$(dirname "$0")/runs" | tr -d ' ')
            case "$KUBERNETES_EXEC_INFO" in *'"server":"https://h"'*) ;; *) exit 3;; esac
            echo "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"$1-$MORE-$n\",\"expirationTimestamp\":\"2026-01-01T01:00:00Z\"}}"
            """);
        var time = new VirtualTime();
        var credentials = Kubeconfig.Parse("""
            current-context: x
            clusters: [{name: c, cluster: {server: "https://h"}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            users:
            - name: u
              user:
                exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/sh, args: [SCRIPT, hello], env: [{name: MORE, value: more}], provideClusterInfo: true}
            """.Replace("SCRIPT", script, StringComparison.Ordinal)).ToConfig().Credentials;
        Assert.Equal("Bearer hello-more-1", await credentials.AuthorizationAsync(time, default));
        Assert.Equal("Bearer hello-more-1", await credentials.AuthorizationAsync(time, default));
        time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("Bearer hello-more-2", await credentials.AuthorizationAsync(time, default));
        Assert.True(credentials.TryRenew());
        Assert.Equal("Bearer hello-more-3", await credentials.AuthorizationAsync(time, default));
        folder.Delete(true);
    }
}
