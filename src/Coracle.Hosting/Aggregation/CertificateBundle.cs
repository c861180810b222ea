using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Coracle.Hosting;

/// <summary>Authorities in PEM, one after the other.</summary>
internal static class CertificateBundle
{
    /// <summary>Those of both, each once.</summary>
    public static string Join(string first, string second)
    {
        var all = new X509Certificate2Collection();
        foreach (var pem in (ReadOnlySpan<string>)[first, second])
        {
            try
            {
                all.ImportFromPem(pem);
            }
            catch (CryptographicException)
            {
                // What is no certificate is not kept.
            }
        }
        return string.Concat(all.DistinctBy(c => c.Thumbprint).Select(c => c.ExportCertificatePem() + "\n"));
    }
}
