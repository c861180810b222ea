using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Coracle.Sdk;

namespace Coracle.Bench.Http;

/// <summary>Where connections go to and how they prove who they are: worked out once, since thousands are opened.</summary>
internal sealed class Endpoint
{
    private readonly SslStreamCertificateContext? _certificate;
    private readonly X509ChainPolicy? _trust;
    private readonly bool _trustAnything;
    private readonly string _tlsName;

    private Endpoint(ClusterConfig cluster, EndPoint address, string authorization)
    {
        Address = address;
        UsesTls = cluster.Server.Scheme == Uri.UriSchemeHttps;
        Authorization = authorization;
        Host = cluster.Server.Authority;
        Root = cluster.Server.AbsolutePath.TrimEnd('/');
        _tlsName = cluster.TlsServerName.Length > 0 ? cluster.TlsServerName : cluster.Server.IdnHost;
        _trustAnything = cluster.InsecureSkipTlsVerify;
        if (cluster.Credentials.Certificate is { } certificate) _certificate = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        if (cluster.Authorities.Count == 0) return;
        _trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        _trust.CustomTrustStore.AddRange(cluster.Authorities);
    }

    public EndPoint Address { get; }
    public bool UsesTls { get; }

    /// <summary>The Host header.</summary>
    public string Host { get; }

    /// <summary>What goes before each path; "" where the API is at the root.</summary>
    public string Root { get; }

    /// <summary>The Authorization header; "" for none.</summary>
    public string Authorization { get; }

    public static async ValueTask<Endpoint> ResolveAsync(ClusterConfig cluster, CancellationToken cancel)
    {
        var uri = cluster.Server;
        if (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp) throw new BenchException($"the server's address must begin with https:// or http://, not {uri}");
        if (cluster.Proxy is not null) throw new BenchException("the kubeconfig asks for a proxy, which would be measured too: give the server's own address");
        EndPoint address = IPAddress.TryParse(uri.IdnHost, out var literal) ? new IPEndPoint(literal, uri.Port) : new DnsEndPoint(uri.IdnHost, uri.Port);
        return new(cluster, address, await cluster.Credentials.AuthorizationAsync(TimeProvider.System, cancel));
    }

    public SslClientAuthenticationOptions Tls() => new()
    {
        TargetHost = _tlsName,
        ClientCertificateContext = _certificate,
        CertificateChainPolicy = _trustAnything ? null : _trust?.Clone(),
        RemoteCertificateValidationCallback = _trustAnything ? static (_, _, _, _) => true : null,
        ApplicationProtocols = [SslApplicationProtocol.Http11],
    };
}
