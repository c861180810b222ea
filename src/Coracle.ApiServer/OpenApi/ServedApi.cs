using Coracle.Schema;

namespace Coracle.ApiServer.OpenApi;

/// <summary>All that is published: the resources, their sub-resources and the plain paths of a server.</summary>
internal sealed class ServedApi
{
    private readonly IReadOnlyDictionary<string, Subresource> _subresources;
    private readonly Dictionary<GroupVersionKind, SchemaNode> _schemas = [];

    public ServedApi(IReadOnlyList<KindInfo> kinds, IReadOnlyDictionary<string, Subresource> subresources, IEnumerable<string> plainPaths)
    {
        Kinds = [.. kinds.OrderBy(k => k.Group, StringComparer.Ordinal).ThenBy(k => k.Version, StringComparer.Ordinal).ThenBy(k => k.Plural, StringComparer.Ordinal)];
        _subresources = subresources;
        PlainPaths = plainPaths.ToHashSet(StringComparer.Ordinal);
        foreach (var kind in Coracle.Kinds.GeneratedKinds.OfSubresources.Concat(kinds)) _schemas[kind.GroupVersionKind] = kind.Schema;
        Versions = [.. Kinds.Select(k => (k.Group, k.Version)).Distinct()];
        BuiltInVersions = Kinds.Where(k => k.BuiltIn).Select(k => (k.Group, k.Version)).ToHashSet();
        SpokenVersions = [.. Versions.Where(BuiltInVersions.Contains).Concat(Kinds.Where(k => k.BuiltIn).SelectMany(Subresources).Select(s => (s.Kind.Group, s.Kind.Version))).Distinct().Order()];
    }

    public IReadOnlyList<KindInfo> Kinds { get; }

    /// <summary>The versions that have paths.</summary>
    public IReadOnlyList<(string Group, string Version)> Versions { get; }

    /// <summary>Those of them that no definition made.</summary>
    public IReadOnlySet<(string Group, string Version)> BuiltInVersions { get; }

    /// <summary>The kinds of one version.</summary>
    public IEnumerable<KindInfo> KindsIn(string group, string version) => Kinds.Where(k => k.Group == group && k.Version == version);

    /// <summary>The versions that have paths, and those of the kinds that only sub-resources speak.</summary>
    public IReadOnlyList<(string Group, string Version)> SpokenVersions { get; }

    /// <summary>Paths outside of resources that are served here: "/openid/v1/jwks".</summary>
    public IReadOnlySet<string> PlainPaths { get; }

    public IEnumerable<ServedSubresource> Subresources(KindInfo kind) => ServedSubresource.Of(kind, _subresources);

    /// <summary>The schema of a kind that a sub-resource speaks; that of the resource itself where it is no object (the options of a connection).</summary>
    public SchemaNode Schema(GroupVersionKind kind, KindInfo within) => _schemas.GetValueOrDefault(kind, within.Schema);
}
