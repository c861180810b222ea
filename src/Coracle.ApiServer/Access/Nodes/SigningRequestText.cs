using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Coracle.ApiServer.Access;

/// <summary>Reads the certificate signing request that a CertificateSigningRequest carries.</summary>
internal static class SigningRequestText
{
    /// <param name="base64Pem">The field spec.request: base64 of PEM.</param>
    /// <returns>Who asks to be certified; null when the text is no signing request, or not signed by the key it holds.</returns>
    public static DistinguishedName? Subject(string base64Pem)
    {
        try
        {
            var pem = Encoding.UTF8.GetString(Convert.FromBase64String(base64Pem));
            var request = CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.Default, RSASignaturePadding.Pkcs1);
            return DistinguishedName.Read(request.SubjectName);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or CryptographicException or NotSupportedException)
        {
            return null;
        }
    }
}
