using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Coracle.Hosting;

/// <summary>Whether a server's certificate is good by a bundle of authorities. What is wrong with it is thrown, in the words of Go's client, as clients know them.</summary>
internal static class CertificateCheck
{
    /// <summary>Null for an empty bundle: the machine's own authorities count then.</summary>
    public static X509Certificate2Collection? Authorities(ReadOnlyMemory<byte> pem)
    {
        if (pem.IsEmpty) return null;
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(System.Text.Encoding.ASCII.GetString(pem.Span));
        }
        catch (CryptographicException)
        {
            // A bundle that is none trusts nobody.
        }
        return found;
    }

    public static bool Run(X509Certificate2? certificate, X509Chain? offered, X509Certificate2Collection? bundle, SslPolicyErrors errors, string host)
    {
        if (certificate is null) throw new AuthenticationException("tls: server did not send a certificate");
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            throw new AuthenticationException($"tls: failed to verify certificate: x509: certificate is not valid for {host}");
        if (bundle is null && !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)) return true;
        if (bundle is not null && IsSignedBy(certificate, offered, bundle)) return true;
        throw new AuthenticationException("tls: failed to verify certificate: x509: certificate signed by unknown authority");
    }

    private static bool IsSignedBy(X509Certificate2 certificate, X509Chain? offered, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (offered is not null)
            foreach (var element in offered.ChainElements) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        if (chain.Build(certificate)) return true;
        // A server's own certificate may be the bundle.
        return authorities.Any(a => a.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span))
            && chain.ChainStatus.All(s => s.Status is X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain);
    }
}
