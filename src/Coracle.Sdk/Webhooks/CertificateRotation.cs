using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Coracle.Sdk;

/// <summary>
/// What is to be done about the certificates that a secret holds, and when: a pure step from what is there to what should be. Certificate and authority are renewed when a third of their life is left, never
/// both at once: a new authority is first made known beside the old one, and signs from the next renewal on, so that at every moment the server's certificate is good by whatever bundle clients hold.
/// </summary>
internal sealed class CertificateRotation(IReadOnlyList<string> names, TimeSpan authorityLifetime, TimeSpan servingLifetime)
{
    public const string Certificate = "tls.crt";
    public const string Key = "tls.key";
    public const string Bundle = "ca.crt";
    public const string AuthorityKey = "ca.key";

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    // Clocks of clients may be behind ours.
    private static readonly TimeSpan Backdating = TimeSpan.FromMinutes(5);

    /// <summary>What the secret should hold; null where that is what it holds, until <see cref="Due"/>.</summary>
    public SortedDictionary<string, byte[]>? Step(IReadOnlyDictionary<string, byte[]> data, DateTimeOffset now)
    {
        if (Held.Read(data) is not { } held || !held.Authorities[0].Matches(held.AuthorityKey)) return Written(NewAuthority(now, []), now, null);
        using (held)
        {
            var known = held.Authorities.Where(a => a.NotAfter > now).ToList();
            if (known.Count == 0) return Written(NewAuthority(now, []), now, null);
            if (now >= RenewalOf(held.Authorities[0], authorityLifetime))                               // the serving certificate stays what it is
                return Written(NewAuthority(now, known), now, IsGood(held, now) ? held : null);
            if (!IsGood(held, now) || now >= RenewalOf(held.Serving, servingLifetime)) return Written(new(held.AuthorityKey, known), now, null);
            return known.Count < held.Authorities.Count ? Written(new(held.AuthorityKey, known), now, held) : null;
        }
    }

    /// <summary>When there is something to do next.</summary>
    public DateTimeOffset Due(IReadOnlyDictionary<string, byte[]> data)
    {
        if (Held.Read(data) is not { } held) return DateTimeOffset.MinValue;
        using (held) return new[] { RenewalOf(held.Authorities[0], authorityLifetime), RenewalOf(held.Serving, servingLifetime), held.Authorities.Min(a => (DateTimeOffset)a.NotAfter) }.Min();
    }

    private static DateTimeOffset RenewalOf(X509Certificate2 certificate, TimeSpan lifetime) => certificate.NotAfter.ToUniversalTime() - lifetime / 3;

    // Of its names, in its time, and signed by one of the authorities.
    private bool IsGood(Held held, DateTimeOffset now) =>
        held.Serving.NotAfter > now && held.Serving.NotBefore <= now && names.All(name => held.Serving.MatchesHostname(name, allowWildcards: false, allowCommonName: false))
        && held.Authorities.Exists(a => a.SubjectName.RawData.AsSpan().SequenceEqual(held.Serving.IssuerName.RawData) && Signed(a, held.Serving));

    // Authorities are told apart by their key's identifier, which the certificate names.
    private static bool Signed(X509Certificate2 authority, X509Certificate2 certificate) =>
        authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes is { } own
        && certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is { } named && own.Span.SequenceEqual(named.Span);

    private readonly record struct Authority(ECDsa Key, IReadOnlyList<X509Certificate2> Certificates);

    private Authority NewAuthority(DateTimeOffset now, IReadOnlyList<X509Certificate2> known)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=webhook-authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return new(key, [request.CreateSelfSigned(now - Backdating, now + authorityLifetime), .. known]);
    }

    /// <summary>All that the secret should hold; the serving certificate a new one unless one is kept.</summary>
    private SortedDictionary<string, byte[]> Written(Authority authority, DateTimeOffset now, Held? kept)
    {
        var (certificate, key) = kept is null ? Issue(authority, now) : (kept.Serving.ExportCertificatePem(), kept.ServingKeyPem);
        return new(StringComparer.Ordinal)
        {
            [Certificate] = Lines(certificate), [Key] = Lines(key), [Bundle] = Lines(string.Join('\n', authority.Certificates.Select(c => c.ExportCertificatePem()))),
            [AuthorityKey] = Lines(authority.Key.ExportPkcs8PrivateKeyPem()),
        };
    }

    private (string Certificate, string Key) Issue(Authority authority, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signer = authority.Certificates[0];
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names) alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(signer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var (from, until) = (Later(now - Backdating, signer.NotBefore), Earlier(now + servingLifetime, signer.NotAfter));
        using var issued = request.Create(signer.SubjectName, X509SignatureGenerator.CreateForECDsa(authority.Key), from, until, Serial());
        return (issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTime b) => a > b ? a : b;
    private static DateTimeOffset Earlier(DateTimeOffset a, DateTime b) => a < b ? a : b;
    private static byte[] Lines(string pem) => Encoding.ASCII.GetBytes(pem.TrimEnd('\n') + "\n");

    // Positive, and without a zero at its head.
    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }

    /// <summary>What the secret holds, where that can be read.</summary>
    private sealed class Held : IDisposable
    {
        public required X509Certificate2 Serving { get; init; }
        public required string ServingKeyPem { get; init; }

        /// <summary>The one that signs first.</summary>
        public required List<X509Certificate2> Authorities { get; init; }
        public required ECDsa AuthorityKey { get; init; }

        public static Held? Read(IReadOnlyDictionary<string, byte[]> data)
        {
            if (ServingCertificate.Of(data) is not { } serving || !data.TryGetValue(CertificateRotation.AuthorityKey, out var key)) return null;
            try
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPem(serving.BundlePem);
                var authorityKey = ECDsa.Create();
                authorityKey.ImportFromPem(Encoding.ASCII.GetString(key));
                return authorities.Count == 0 ? null : new() { Serving = serving.Certificate, ServingKeyPem = serving.KeyPem, Authorities = [.. authorities], AuthorityKey = authorityKey };
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                return null;
            }
        }

        public void Dispose()
        {
            foreach (var authority in Authorities) authority.Dispose();
            AuthorityKey.Dispose();
        }
    }
}

internal static class KeyMatch
{
    /// <summary>The certificate is one of this key.</summary>
    public static bool Matches(this X509Certificate2 certificate, ECDsa key)
    {
        using var own = certificate.GetECDsaPublicKey();
        return own is not null && own.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo());
    }
}
