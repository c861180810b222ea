using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Coracle.ApiServer;

/// <summary>Certificates that a webhook's must be signed by.</summary>
internal static class ConversionClient
{
    /// <summary>Whether a text in base64 is certificates in PEM.</summary>
    public static bool IsBundle(string base64)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(base64)));
            foreach (var certificate in certificates) certificate.Dispose();
            return certificates.Count > 0;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return false;
        }
    }
}
