using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Coracle.ApiServer.Access;

/// <summary>Users by client certificate: the common name is the user, the organizations are his groups (upstream: authentication/request/x509).</summary>
/// <param name="authorities">Who may sign client certificates.</param>
/// <param name="clock">For the certificates' validity.</param>
public sealed class CertificateAuthentication(IReadOnlyList<X509Certificate2> authorities, TimeProvider clock)
{
    private readonly CertificateTrust _trust = new(authorities, CertificateTrust.ClientAuthentication);

    // Building a chain takes a millisecond, and a connection shows the same certificate object with every request.
    private readonly ConditionalWeakTable<X509Certificate2, Verified> _verified = [];

    /// <summary>Never throws for any certificate.</summary>
    public TokenOutcome Authenticate(X509Certificate2 certificate, IReadOnlyList<X509Certificate2> intermediates)
    {
        if (!_verified.TryGetValue(certificate, out var verified) || !verified.IsGood(clock.GetUtcNow()))
        {
            verified = Verify(certificate, intermediates);
            _verified.AddOrUpdate(certificate, verified);
        }
        return verified.Outcome;
    }

    private Verified Verify(X509Certificate2 certificate, IReadOnlyList<X509Certificate2> intermediates)
    {
        var now = clock.GetUtcNow();
        try
        {
            // Nothing is read from a certificate before it is known to be well formed and ours: reading throws for what is neither.
            return _trust.Accepts(certificate, intermediates, now) is { } error
                ? new(TokenOutcome.Invalid($"verifying certificate failed: {error}"), now, default, default)
                : new(UserOf(certificate), now, certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        }
        catch (CryptographicException)
        {
            return new(TokenOutcome.Invalid("verifying certificate failed: it cannot be read"), now, default, default);
        }
    }

    private static TokenOutcome UserOf(X509Certificate2 certificate)
    {
        if (DistinguishedName.Read(certificate.SubjectName) is not { } subject)
            return TokenOutcome.Invalid("the certificate's subject cannot be read");
        if (subject.CommonName.Length == 0)
            return TokenOutcome.Unknown;
        if (subject.Uids.Count > 1)
            return TokenOutcome.Invalid($"expected 1 UID, but found multiple: [{string.Join(' ', subject.Uids)}]");
        if (subject.Uids is [""])
            return TokenOutcome.Invalid("UID cannot be an empty string");
        var fingerprint = Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));
        return new(TokenVerdict.Valid, new User
        {
            Name = subject.CommonName, Uid = subject.Uids.FirstOrDefault(""), Groups = subject.Organizations,
            Extra = new Dictionary<string, IReadOnlyList<string>> { [WellKnown.CredentialId] = [$"X509SHA256={fingerprint}"] },
        });
    }

    /// <summary>A verdict holds while the certificate is valid. A refusal is looked at again after a while, because the reason may have been the time.</summary>
    private sealed record Verified(TokenOutcome Outcome, DateTimeOffset At, DateTime NotBefore, DateTime NotAfter)
    {
        public bool IsGood(DateTimeOffset now) => Outcome.Verdict == TokenVerdict.Invalid
            ? now >= At && now < At + TimeSpan.FromSeconds(10)
            : now.UtcDateTime >= NotBefore && now.UtcDateTime <= NotAfter;
    }
}
