using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Coracle.Sdk;

/// <summary>A certificate to serve with, its key, and the authorities that clients of the server believe.</summary>
public sealed class ServingCertificate
{
    private readonly Lazy<X509Certificate2> certificate;

    internal ServingCertificate(string certificatePem, string keyPem, string bundlePem)
    {
        (CertificatePem, KeyPem, BundlePem) = (certificatePem, keyPem, bundlePem);
        certificate = new(Load);
    }

    public string CertificatePem { get; }
    public string KeyPem { get; }

    /// <summary>What goes into "caBundle": the authority of now, and those whose certificates may still be in use.</summary>
    public string BundlePem { get; }

    /// <summary>The bundle as bytes.</summary>
    public ReadOnlyMemory<byte> Bundle => Encoding.ASCII.GetBytes(BundlePem);

    /// <summary>The certificate with its key, for a TLS server; always the same object, which nobody need dispose.</summary>
    public X509Certificate2 Certificate => certificate.Value;

    // By way of PKCS #12, since a key that lives in memory alone is of no use to TLS on some systems.
    private X509Certificate2 Load()
    {
        using var read = X509Certificate2.CreateFromPem(CertificatePem, KeyPem);
        return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Of what a secret holds; null where that is nothing to serve with.</summary>
    internal static ServingCertificate? Of(IReadOnlyDictionary<string, byte[]> data)
    {
        if (Text(data, CertificateRotation.Certificate) is not { } certificate || Text(data, CertificateRotation.Key) is not { } key || Text(data, CertificateRotation.Bundle) is not { } bundle) return null;
        var serving = new ServingCertificate(certificate, key, bundle);
        try
        {
            return serving.Certificate.HasPrivateKey ? serving : null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null; // somebody else has written there
        }
    }

    private static string? Text(IReadOnlyDictionary<string, byte[]> data, string name) => data.TryGetValue(name, out var value) && value.Length > 0 ? Encoding.ASCII.GetString(value) : null;
}
