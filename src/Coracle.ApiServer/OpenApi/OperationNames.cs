namespace Coracle.ApiServer.OpenApi;

/// <summary>How groups and versions are spelled in operation ids and tags: rbac.authorization.k8s.io/v1 as "RbacAuthorizationV1" and "rbacAuthorization_v1".</summary>
internal static class OperationNames
{
    private const string OwnDomain = ".k8s.io";

    public static string Group(string group)
    {
        if (group.Length == 0) return "Core";
        var bare = group.EndsWith(OwnDomain, StringComparison.Ordinal) ? group[..^OwnDomain.Length] : group;
        return string.Concat(bare.Split('.').Select(Capital));
    }

    public static string GroupVersion(string group, string version) => Group(group) + Capital(version);

    public static string GroupTag(string group)
    {
        var name = Group(group);
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    public static string Tag(string group, string version) => $"{GroupTag(group)}_{version}";

    public static string Capital(string word) => word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..];
}
