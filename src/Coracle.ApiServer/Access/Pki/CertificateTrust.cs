using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Coracle.ApiServer.Access;

/// <summary>Whether a certificate was signed, maybe through others, by authorities that we trust.</summary>
/// <param name="authorities">The trusted ones; the system's own are not.</param>
/// <param name="usage">The extended key usage that the certificate must have.</param>
internal sealed class CertificateTrust(IReadOnlyList<X509Certificate2> authorities, string usage)
{
    public const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Null when the certificate is accepted, or what speaks against it.</summary>
    public string? Accepts(X509Certificate2 certificate, IReadOnlyList<X509Certificate2> intermediates, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities.ToArray());
        policy.ExtraStore.AddRange(intermediates.ToArray());
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTimeIgnored = false;
        policy.VerificationTime = now.UtcDateTime;
        policy.ApplicationPolicy.Add(new Oid(usage));
        try
        {
            return chain.Build(certificate)
                ? null
                : string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()).Where(text => text.Length > 0).Distinct().DefaultIfEmpty("the chain is not trusted"));
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return "the certificate cannot be read";
        }
        finally
        {
            foreach (var element in chain.ChainElements)
                element.Certificate.Dispose();
        }
    }
}
