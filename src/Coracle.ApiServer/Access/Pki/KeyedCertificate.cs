using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Coracle.ApiServer.Access;

/// <summary>A certificate with its private key.</summary>
public sealed class KeyedCertificate
{
    private KeyedCertificate(X509Certificate2 certificate, string keyPem) => (Certificate, KeyPem) = (certificate, keyPem);

    /// <summary>The certificate; its private key is attached, so that TLS can be served with it.</summary>
    public X509Certificate2 Certificate { get; }

    public string CertificatePem => Certificate.ExportCertificatePem() + "\n";

    /// <summary>The private key as PKCS#8.</summary>
    public string KeyPem { get; }

    internal static KeyedCertificate Of(X509Certificate2 withoutKey, ECDsa key)
    {
        using (withoutKey)
            return new(withoutKey.CopyWithPrivateKey(key), key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>Reads a pair; null when one of them cannot be read or they do not belong together.</summary>
    internal static KeyedCertificate? Read(string certificatePem, string keyPem)
    {
        try
        {
            return new(X509Certificate2.CreateFromPem(certificatePem, keyPem), keyPem);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}
