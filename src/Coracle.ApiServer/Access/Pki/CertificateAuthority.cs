using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Coracle.ApiServer.Access;

/// <summary>Issues certificates, all with ECDSA on P-256.</summary>
public sealed class CertificateAuthority
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    // Clocks of clients may be behind ours.
    private static readonly TimeSpan Backdating = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _clock;

    internal CertificateAuthority(KeyedCertificate certificate, TimeProvider clock) => (Certificate, _clock) = (certificate, clock);

    public KeyedCertificate Certificate { get; }

    /// <summary>A new authority that signs itself.</summary>
    public static CertificateAuthority Create(string commonName, TimeSpan lifetime, TimeProvider clock)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject(commonName, []), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = clock.GetUtcNow();
        using var signed = request.CreateSelfSigned(now - Backdating, now + lifetime);
        return new(KeyedCertificate.Of(X509CertificateLoader.LoadCertificate(signed.RawData), key), clock);
    }

    /// <summary>An authority out of its two files' text; null when one of them cannot be read or they do not belong together.</summary>
    public static CertificateAuthority? Read(string certificatePem, string keyPem, TimeProvider clock) =>
        KeyedCertificate.Read(certificatePem, keyPem) is { } certificate ? new(certificate, clock) : null;

    /// <summary>A certificate for a server known by these names and addresses.</summary>
    public KeyedCertificate IssueServer(string commonName, IEnumerable<string> names, IEnumerable<IPAddress> addresses, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject(commonName, []), key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            alternatives.AddDnsName(name);
        foreach (var address in addresses)
            alternatives.AddIpAddress(address);
        request.CertificateExtensions.Add(alternatives.Build());
        return KeyedCertificate.Of(Sign(request, lifetime, ServerAuthentication), key);
    }

    /// <summary>A certificate that says who a client is: the user by its common name, his groups by its organizations.</summary>
    public KeyedCertificate IssueClient(string user, IEnumerable<string> groups, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Subject(user, groups), key, HashAlgorithmName.SHA256);
        return KeyedCertificate.Of(Sign(request, lifetime, ClientAuthentication), key);
    }

    /// <summary>
    /// Signs what a CertificateSigningRequest asks for; the caller has checked who asks and for which subject. Subject and alternative names are taken over,
    /// usages are not: a client certificate serves clients, a serving one servers.
    /// </summary>
    /// <param name="pem">The request as PEM.</param>
    /// <param name="forServer">For a serving certificate, not a client one.</param>
    /// <param name="lifetime">How long it is valid, within the authority's own time.</param>
    /// <returns>The certificate as PEM; null when the request cannot be read or is not signed by its own key.</returns>
    public string? SignRequest(string pem, bool forServer, TimeSpan lifetime)
    {
        try
        {
            var asked = CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions, RSASignaturePadding.Pkcs1);
            var request = new CertificateRequest(asked.SubjectName, asked.PublicKey, HashAlgorithmName.SHA256);
            foreach (var extension in asked.CertificateExtensions.OfType<X509SubjectAlternativeNameExtension>())
                request.CertificateExtensions.Add(extension);
            using var signed = Sign(request, lifetime, forServer ? ServerAuthentication : ClientAuthentication);
            return signed.ExportCertificatePem() + "\n";
        }
        // NotSupportedException: a key or a signature of an algorithm that the platform does not have.
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether this authority's key signed the certificate. For our own files at start: building a chain reads all the authorities that the system knows first,
    /// which takes longer than the rest of the start.
    /// </summary>
    internal bool HasSigned(X509Certificate2 certificate)
    {
        try
        {
            var parts = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
            var content = parts.ReadEncodedValue();
            parts.ReadEncodedValue();
            var signature = parts.ReadBitString(out _);
            using var key = Certificate.Certificate.GetECDsaPublicKey();
            return key is not null && key.VerifyData(content.Span, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception exception) when (exception is AsnContentException or CryptographicException)
        {
            return false;
        }
    }

    private X509Certificate2 Sign(CertificateRequest request, TimeSpan lifetime, string usage)
    {
        var authority = Certificate.Certificate;
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = _clock.GetUtcNow();
        var from = Max(now - Backdating, authority.NotBefore.ToUniversalTime());
        var until = Min(now + lifetime, authority.NotAfter.ToUniversalTime());
        using var key = authority.GetECDsaPrivateKey() ?? throw new InvalidOperationException("The certificate authority has no private key of ECDSA.");
        return request.Create(authority.SubjectName, X509SignatureGenerator.CreateForECDsa(key), from, until, NewSerial());
    }

    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        // A serial number is positive and has no leading zero.
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }

    private static X500DistinguishedName Subject(string commonName, IEnumerable<string> organizations)
    {
        // The builder writes its parts in reverse: the common name comes last, as usual.
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(commonName);
        foreach (var organization in organizations.Reverse())
            builder.AddOrganizationName(organization);
        return builder.Build();
    }

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
