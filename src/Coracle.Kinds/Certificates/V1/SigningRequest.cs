using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Coracle.Kinds.Certificates.V1;

/// <summary>The PEM blocks that requests for certificates carry.</summary>
internal static class SigningRequest
{
    private const string RequestLabel = "CERTIFICATE REQUEST";
    private const string CertificateLabel = "CERTIFICATE";

    /// <summary>What is wrong with a request in PKCS#10, its signature included; null when nothing is.</summary>
    internal static string? Problem(byte[]? pem)
    {
        var text = Encoding.UTF8.GetString(pem ?? []);
        if (!PemEncoding.TryFind(text, out var fields) || !text.AsSpan()[fields.Label].SequenceEqual(RequestLabel)) return "PEM block type must be CERTIFICATE REQUEST";
        try
        {
            CertificateRequest.LoadSigningRequest(
                Convert.FromBase64String(text[fields.Base64Data]), HashAlgorithmName.SHA256, CertificateRequestLoadOptions.Default, RSASignaturePadding.Pkcs1);
            return null;
        }
        catch (CryptographicException e)
        {
            return "x509: " + e.Message;
        }
        catch (NotSupportedException e)
        {
            return "x509: " + e.Message;
        }
    }

    /// <summary>What is wrong with a chain of certificates; none at all is well.</summary>
    internal static string? CertificateProblem(byte[]? pem)
    {
        if (pem is not { Length: > 0 }) return null;
        var rest = Encoding.UTF8.GetString(pem).AsSpan();
        var blocks = 0;
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label];
            if (!label.SequenceEqual(CertificateLabel)) return $"only CERTIFICATE PEM blocks are allowed, found \"{label}\"";
            blocks++;
            try
            {
                X509CertificateLoader.LoadCertificate(Convert.FromBase64String(rest[fields.Base64Data].ToString())).Dispose();
            }
            catch (CryptographicException e)
            {
                return "x509: malformed certificate: " + e.Message;
            }
            rest = rest[fields.Location.End..];
        }
        return blocks == 0 ? "must contain at least one CERTIFICATE PEM block" : null;
    }
}
