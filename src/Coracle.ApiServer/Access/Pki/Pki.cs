using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Coracle.ApiServer.Access;

/// <summary>All keys and certificates of a cluster. In memory; <see cref="PkiDirectory"/> keeps them on disk.</summary>
public sealed class Pki
{
    private readonly PkiOptions _options;
    private readonly TimeProvider _clock;
    private volatile KeyedCertificate _serving;
    private volatile KeyedCertificate _frontProxyClient;

    internal Pki(PkiMaterial material, PkiOptions options, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        ClusterAuthority = new(material.ClusterAuthority, clock);
        FrontProxyAuthority = new(material.FrontProxyAuthority, clock);
        ServiceAccountKey = material.ServiceAccountKey;
        (_serving, _frontProxyClient) = (material.Serving, material.FrontProxyClient);
    }

    /// <summary>Signs the serving certificate and the certificates of clients.</summary>
    public CertificateAuthority ClusterAuthority { get; }

    /// <summary>Signs the certificates of proxies that authenticate for us, and ours when we proxy to aggregated API servers.</summary>
    public CertificateAuthority FrontProxyAuthority { get; }

    /// <summary>Signs service account tokens.</summary>
    public ECDsa ServiceAccountKey { get; }

    /// <summary>What TLS is served with. Ask anew for every connection: it changes when it is renewed.</summary>
    public X509Certificate2 ServingCertificate => _serving.Certificate;

    public KeyedCertificate Serving => _serving;
    public KeyedCertificate FrontProxyClient => _frontProxyClient;

    /// <summary>A cluster's keys and certificates, made from nothing.</summary>
    public static Pki Create(PkiOptions options, TimeProvider clock)
    {
        var cluster = CertificateAuthority.Create("kubernetes", options.AuthorityLifetime, clock);
        var frontProxy = CertificateAuthority.Create("front-proxy-ca", options.AuthorityLifetime, clock);
        return new(new PkiMaterial(cluster.Certificate, frontProxy.Certificate, NewServing(cluster, options), NewFrontProxyClient(frontProxy, options),
            ECDsa.Create(ECCurve.NamedCurves.nistP256)), options, clock);
    }

    /// <summary>Makes anew what is near its end, or does not fit the options any more. True when something changed.</summary>
    public bool Renew()
    {
        var changed = false;
        if (!Fits(_serving.Certificate, ClusterAuthority) || !HasNames(_serving.Certificate))
        {
            _serving = NewServing(ClusterAuthority, _options);
            changed = true;
        }
        if (!Fits(_frontProxyClient.Certificate, FrontProxyAuthority))
        {
            _frontProxyClient = NewFrontProxyClient(FrontProxyAuthority, _options);
            changed = true;
        }
        return changed;
    }

    internal static KeyedCertificate NewServing(CertificateAuthority authority, PkiOptions options) =>
        authority.IssueServer("kube-apiserver", options.AllNames, options.AllAddresses, options.CertificateLifetime);

    internal static KeyedCertificate NewFrontProxyClient(CertificateAuthority authority, PkiOptions options) =>
        authority.IssueClient("front-proxy-client", [], options.CertificateLifetime);

    private bool Fits(X509Certificate2 certificate, CertificateAuthority authority) =>
        certificate.NotAfter.ToUniversalTime() - _clock.GetUtcNow().UtcDateTime > _options.RenewBefore
        && certificate.IssuerName.RawData.AsSpan().SequenceEqual(authority.Certificate.Certificate.SubjectName.RawData)
        && certificate.NotBefore.ToUniversalTime() <= _clock.GetUtcNow().UtcDateTime
        && authority.HasSigned(certificate);

    private bool HasNames(X509Certificate2 certificate)
    {
        var extension = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        if (extension is null)
            return false;
        return _options.AllNames.All(name => extension.EnumerateDnsNames().Contains(name, StringComparer.OrdinalIgnoreCase))
            && _options.AllAddresses.All(address => extension.EnumerateIPAddresses().Contains(address));
    }
}

/// <summary>The parts of a <see cref="Pki"/>.</summary>
internal sealed record PkiMaterial(KeyedCertificate ClusterAuthority, KeyedCertificate FrontProxyAuthority, KeyedCertificate Serving, KeyedCertificate FrontProxyClient, ECDsa ServiceAccountKey);
