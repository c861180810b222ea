namespace Coracle.ApiServer.Access;

/// <summary>How service accounts are named as users.</summary>
public static class ServiceAccountName
{
    public static string UserName(string ns, string name) => $"{WellKnown.ServiceAccountUserPrefix}{ns}:{name}";

    public static IReadOnlyList<string> Groups(string ns) => [WellKnown.ServiceAccounts, WellKnown.ServiceAccountGroupPrefix + ns];

    /// <summary>The namespace and name of a service account's user name; false for any other user.</summary>
    public static bool TryParse(string userName, out string ns, out string name)
    {
        ns = name = "";
        if (!userName.StartsWith(WellKnown.ServiceAccountUserPrefix, StringComparison.Ordinal))
            return false;
        var parts = userName[WellKnown.ServiceAccountUserPrefix.Length..].Split(':');
        if (parts.Length != 2 || !DnsName.IsLabel(parts[0]) || !DnsName.IsSubdomain(parts[1]))
            return false;
        (ns, name) = (parts[0], parts[1]);
        return true;
    }
}
