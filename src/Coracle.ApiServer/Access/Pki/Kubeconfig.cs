using System.Text;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>Writes kubeconfig files: how a client finds a cluster and who it is there.</summary>
public static class Kubeconfig
{
    /// <summary>A kubeconfig with one cluster, one user who has a client certificate, and one context of both, all of the cluster's name.</summary>
    /// <param name="name">The cluster's name.</param>
    /// <param name="server">The API server's address, "https://127.0.0.1:6443".</param>
    /// <param name="authorityPem">The certificate of the authority that signed the server's.</param>
    /// <param name="client">Who the client is.</param>
    public static string WithCertificate(string name, string server, string authorityPem, KeyedCertificate client) =>
        Write(name, server, authorityPem, $"    client-certificate-data: {Encode(client.CertificatePem)}\n    client-key-data: {Encode(client.KeyPem)}\n");

    /// <summary>The same with a bearer token.</summary>
    public static string WithToken(string name, string server, string authorityPem, string token) =>
        Write(name, server, authorityPem, $"    token: {GoText.Quote(token)}\n");

    private static string Write(string name, string server, string authorityPem, string user)
    {
        var quoted = GoText.Quote(name);
        return $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: {quoted}
              cluster:
                server: {GoText.Quote(server)}
                certificate-authority-data: {Encode(authorityPem)}
            contexts:
            - name: {quoted}
              context:
                cluster: {quoted}
                user: {quoted}
            current-context: {quoted}
            users:
            - name: {quoted}
              user:
            
            """.ReplaceLineEndings("\n") + user;
    }

    private static string Encode(string pem) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pem));
}
