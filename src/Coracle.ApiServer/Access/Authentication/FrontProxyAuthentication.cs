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
/// <param name="headers">In which headers a proxy says whom it speaks for; the usual ones when null.</param>
public sealed class FrontProxyAuthentication(IReadOnlyList<X509Certificate2> authorities, IReadOnlyList<string> allowedNames, TimeProvider clock, FrontProxyHeaders? headers = null)
{
    /// <summary>Must never reach anything behind us from a client that is no proxy.</summary>
    public static IReadOnlyList<string> HeaderPrefixes { get; } = [UserHeader, UidHeader, GroupHeader, ExtraPrefix];

    private const string UserHeader = "X-Remote-User";
    private const string UidHeader = "X-Remote-Uid";
    private const string GroupHeader = "X-Remote-Group";
    private const string ExtraPrefix = "X-Remote-Extra-";

    private readonly FrontProxyHeaders _headers = headers ?? new();
    private readonly CertificateAuthentication _proxies = new(authorities, clock);

    public TokenOutcome Authenticate(in Credentials credentials)
    {
        var name = First(credentials, _headers.User);
        if (name.Length == 0 || credentials.ClientCertificate is not { } certificate)
            return TokenOutcome.Unknown;
        var proxy = _proxies.Authenticate(certificate, credentials.Intermediates);
        if (proxy.Verdict == TokenVerdict.Invalid)
            return proxy;
        if (allowedNames.Count > 0 && !allowedNames.Contains(proxy.User?.Name ?? ""))
            return TokenOutcome.Invalid($"x509: subject with cn={proxy.User?.Name} is not in the allowed list");
        return new(TokenVerdict.Valid, new User
        {
            Name = name, Uid = First(credentials, _headers.Uid), Groups = GroupsOf(credentials), Extra = ExtraOf(credentials),
        });
    }

    private static string First(in Credentials credentials, IReadOnlyList<string> names)
    {
        foreach (var name in names)
            if (credentials.Header(name).Trim() is { Length: > 0 } value)
                return value;
        return "";
    }

    private List<string> GroupsOf(Credentials credentials) => [.. _headers.Group.SelectMany(name => credentials.AllHeaders(name)).Where(group => group.Length > 0)];

    private Dictionary<string, IReadOnlyList<string>> ExtraOf(in Credentials credentials)
    {
        var extra = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var prefix in _headers.ExtraPrefixes)
            foreach (var (key, values) in credentials.HeadersWith(prefix))
                extra[key] = [.. extra.GetValueOrDefault(key, []), .. values];
        return extra;
    }
}

/// <summary>In which headers a proxy says whom it speaks for. Of several for the user and the uid the first that says something counts.</summary>
public sealed record FrontProxyHeaders
{
    public IReadOnlyList<string> User { get; init; } = ["X-Remote-User"];
    public IReadOnlyList<string> Uid { get; init; } = ["X-Remote-Uid"];
    public IReadOnlyList<string> Group { get; init; } = ["X-Remote-Group"];
    public IReadOnlyList<string> ExtraPrefixes { get; init; } = ["X-Remote-Extra-"];
}
