using System.Collections.Frozen;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Every resource that is served, by its place in the path: the built-in ones, and beside them those of definitions. Replaced as a whole when definitions change.</summary>
public sealed class ResourceTable
{
    private readonly FrozenDictionary<(string Group, string Version, string Plural), Resource> _byPath;
    private readonly FrozenDictionary<GroupVersionKind, Resource> _byKind;
    private readonly FrozenDictionary<ResourceCache, Resource[]> _equivalents;
    private readonly FrozenDictionary<ResourceCache, MergeVersions> _versions;
    private readonly Dictionary<(string Group, string Version, string Plural), Resource> _customByPath = [];
    private readonly Dictionary<GroupVersionKind, Resource> _customByKind = [];
    private readonly Dictionary<ResourceCache, List<Resource>> _customByCache = [];

    public ResourceTable(IEnumerable<Resource> resources)
    {
        All = resources.ToArray();
        _byPath = All.ToFrozenDictionary(r => (r.Kind.Group, r.Kind.Version, r.Kind.Plural));
        _byKind = All.ToFrozenDictionary(r => r.Kind.GroupVersionKind);
        _equivalents = All.GroupBy(r => r.Cache).Where(same => same.Count() > 1).ToFrozenDictionary(same => same.Key, same => same.ToArray());
        _versions = _equivalents.ToFrozenDictionary(same => same.Key, same => Versions(same.Value));
    }

    internal ResourceTable(ResourceTable builtIn, IReadOnlyList<Resource> custom)
    {
        (_byPath, _byKind, _equivalents, _versions) = (builtIn._byPath, builtIn._byKind, builtIn._equivalents, builtIn._versions);
        Custom = custom;
        All = [.. builtIn.All, .. custom];
        foreach (var resource in custom)
        {
            _customByPath.TryAdd((resource.Kind.Group, resource.Kind.Version, resource.Kind.Plural), resource);
            _customByKind.TryAdd(resource.Kind.GroupVersionKind, resource);
            if (!_customByCache.TryGetValue(resource.Cache, out var same)) _customByCache[resource.Cache] = same = new(1);
            same.Add(resource);
        }
    }

    public IReadOnlyList<Resource> All { get; }

    /// <summary>Those of definitions.</summary>
    internal IReadOnlyList<Resource> Custom { get; } = [];

    /// <summary>All versions under which the objects of a resource are served, so that who owns what holds across them; null when there is one.</summary>
    public MergeVersions? VersionsOf(Resource resource) => _versions.GetValueOrDefault(resource.Cache)
        ?? (_customByCache.GetValueOrDefault(resource.Cache) is { Count: > 1 } same && !resource.NeedsPreparing ? Renamed(same) : null);

    /// <summary>The same where a webhook converts them; null where none does.</summary>
    internal ForeignVersions? ForeignVersionsOf(Resource resource) =>
        resource.NeedsPreparing && _customByCache.GetValueOrDefault(resource.Cache) is { Count: > 1 } same ? new(same) : null;

    // Without a webhook, versions of a definition differ in their name alone.
    private static MergeVersions Renamed(IReadOnlyList<Resource> resources) => new(
        version => resources.FirstOrDefault(r => r.Kind.ApiVersion == version)?.Kind.Schema,
        (obj, from, to) =>
        {
            if (from == to) return obj;
            var renamed = obj.DeepClone().AsObject();
            renamed["apiVersion"] = to;
            return renamed;
        });

    private static MergeVersions Versions(IReadOnlyList<Resource> resources)
    {
        Resource? Of(string version) => resources.FirstOrDefault(r => r.Kind.ApiVersion == version);
        return new(version => Of(version)?.Kind.Schema, (obj, from, to) =>
        {
            if (from == to) return obj;
            if (Of(from) is not { } source || Of(to) is not { } target) return null;
            var stored = obj.DeepClone().AsObject();
            stored = source.Conversion?.ToStorage(stored) ?? stored;
            return target.Conversion?.FromStorage(stored) ?? stored;
        });
    }

    public Resource? Find(string group, string version, string plural) => _byPath.GetValueOrDefault((group, version, plural)) ?? _customByPath.GetValueOrDefault((group, version, plural));

    public Resource? Find(GroupVersionKind kind) => _byKind.GetValueOrDefault(kind) ?? _customByKind.GetValueOrDefault(kind);

    /// <summary>Whether other versions or groups serve the same objects.</summary>
    internal bool HasEquivalents(Resource resource) => _equivalents.ContainsKey(resource.Cache) || _customByCache.GetValueOrDefault(resource.Cache) is { Count: > 1 };

    /// <summary>The other versions and groups that serve the same objects.</summary>
    internal IEnumerable<Resource> Equivalents(Resource resource)
    {
        IReadOnlyList<Resource> same = _equivalents.GetValueOrDefault(resource.Cache) ?? _customByCache.GetValueOrDefault(resource.Cache) ?? (IReadOnlyList<Resource>)[];
        return same.Where(other => !ReferenceEquals(other, resource));
    }
}
