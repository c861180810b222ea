using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>One way of acting as another user, and whom it is for.</summary>
/// <param name="Name">As the verbs name it; empty for the old way.</param>
/// <param name="Fits">Whether it is for this wanted user and this requestor.</param>
internal sealed record ImpersonationMode(string Name, Func<User, User, bool> Fits)
{
    /// <summary>In the order in which they are tried.</summary>
    public static IReadOnlyList<ImpersonationMode> All { get; } =
    [
        new("associated-node", (wanted, requestor) => HasOnlyName(wanted) && IsOnNode(requestor, wanted.Name)) { HidesNodeName = true },
        new("arbitrary-node", (wanted, _) => HasOnlyName(wanted) && NodeName(wanted.Name) is not null),
        new("serviceaccount", (wanted, _) => HasOnlyName(wanted) && ServiceAccountName.TryParse(wanted.Name, out var _, out var _)),
        new("user-info", (wanted, _) => NodeName(wanted.Name) is null && !ServiceAccountName.TryParse(wanted.Name, out var _, out var _)),
        new("", (_, _) => true),
    ];

    public bool IsConstrained => Name.Length > 0;

    public string Verb => IsConstrained ? $"impersonate:{Name}" : "impersonate";

    /// <summary>Asked for all nodes at once: the requestor is on the node it wants to be, and that has been checked.</summary>
    public bool HidesNodeName { get; init; }

    /// <summary>The node's name of a node's user name; null for any other user.</summary>
    public static string? NodeName(string userName) =>
        userName.StartsWith(WellKnown.NodeUserPrefix, StringComparison.Ordinal) && DnsName.IsSubdomain(userName.AsSpan(WellKnown.NodeUserPrefix.Length))
            ? userName[WellKnown.NodeUserPrefix.Length..]
            : null;

    /// <summary>The requestor without what says on which node it is, so that the answer is the same for all nodes.</summary>
    public static User WithoutNode(User requestor) => requestor with
    {
        Extra = new Dictionary<string, IReadOnlyList<string>>
        {
            ["authentication.kubernetes.io/associated-node-keys"] = [.. requestor.Extra.Keys.Order(StringComparer.Ordinal)],
        },
    };

    /// <summary>What is wrong with extras that are to be taken on; null when nothing.</summary>
    public static string? ExtraError(IReadOnlyDictionary<string, IReadOnlyList<string>> extra)
    {
        foreach (var (key, values) in extra)
        {
            if (key.Length == 0)
                return "impersonating the empty string key in extra is not allowed";
            if (KeyError(key) is { } error)
                return $"impersonating an invalid key in extra is not allowed: {error}";
            if (values.Count == 0)
                return "impersonating empty values in extra is not allowed";
            if (values.Contains(""))
                return "impersonating the empty string value in extra is not allowed";
        }
        return null;
    }

    private static string? KeyError(string key)
    {
        var slash = key.IndexOf('/');
        if (slash <= 0 || slash == key.Length - 1)
            return $"extra.key: Invalid value: {GoText.Quote(key)}: must be a domain-prefixed path (such as \"acme.io/foo\")";
        return DnsName.IsSubdomain(key.AsSpan(0, slash))
            ? null
            : $"extra.key: Invalid value: {GoText.Quote(key[..slash])}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    }

    private static bool HasOnlyName(User user) => user.Uid.Length == 0 && user.Groups.Count == 0 && user.Extra.Count == 0;

    private static bool IsOnNode(User requestor, string wanted) => NodeName(wanted) is { } node && ServiceAccountName.TryParse(requestor.Name, out _, out _)
        && requestor.Extra.GetValueOrDefault(WellKnown.NodeName) is [var own] && own == node;
}
