using System.Security.Cryptography.X509Certificates;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>
/// Users as an authenticating proxy in front of us says: by headers, believed only from a client whose certificate the front proxy authority signed
/// (upstream: authentication/request/headerrequest).
/// </summary>
/// <param name="authorities">Who may sign the certificates of proxies.</param>
/// <param name="allowedNames">The common names that a proxy may have; any when empty.</param>
/// <param name="clock">For the certificates' validity.</param>
public sealed class FrontProxyAuthentication(IReadOnlyList<X509Certificate2> authorities, IReadOnlyList<string> allowedNames, TimeProvider clock)
{
    /// <summary>Must never reach anything behind us from a client that is no proxy.</summary>
    public static IReadOnlyList<string> HeaderPrefixes { get; } = [UserHeader, UidHeader, GroupHeader, ExtraPrefix];

    private const string UserHeader = "X-Remote-User";
    private const string UidHeader = "X-Remote-Uid";
    private const string GroupHeader = "X-Remote-Group";
    private const string ExtraPrefix = "X-Remote-Extra-";

    private readonly CertificateAuthentication _proxies = new(authorities, clock);

    public TokenOutcome Authenticate(in Credentials credentials)
    {
        var name = credentials.Header(UserHeader);
        if (name.Length == 0 || credentials.ClientCertificate is not { } certificate)
            return TokenOutcome.Unknown;
        var proxy = _proxies.Authenticate(certificate, credentials.Intermediates);
        if (proxy.Verdict == TokenVerdict.Invalid)
            return proxy;
        if (allowedNames.Count > 0 && !allowedNames.Contains(proxy.User?.Name ?? ""))
            return TokenOutcome.Invalid($"x509: subject with cn={proxy.User?.Name} is not in the allowed list");
        return new(TokenVerdict.Valid, new User
        {
            Name = name, Uid = credentials.Header(UidHeader), Groups = [.. credentials.AllHeaders(GroupHeader).Where(group => group.Length > 0)],
            Extra = credentials.HeadersWith(ExtraPrefix),
        });
    }
}
