using System.Collections.Frozen;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Every resource that is served, by its place in the path. Replaced as a whole when definitions change.</summary>
public sealed class ResourceTable
{
    private readonly FrozenDictionary<(string Group, string Version, string Plural), Resource> _byPath;
    private readonly FrozenDictionary<GroupVersionKind, Resource> _byKind;
    private readonly FrozenDictionary<ResourceCache, Resource[]> _equivalents;

    public ResourceTable(IEnumerable<Resource> resources)
    {
        All = resources.ToArray();
        _byPath = All.ToFrozenDictionary(r => (r.Kind.Group, r.Kind.Version, r.Kind.Plural));
        _byKind = All.ToFrozenDictionary(r => r.Kind.GroupVersionKind);
        _equivalents = All.GroupBy(r => r.Cache).Where(same => same.Count() > 1).ToFrozenDictionary(same => same.Key, same => same.ToArray());
    }

    public IReadOnlyList<Resource> All { get; }

    public Resource? Find(string group, string version, string plural) => _byPath.GetValueOrDefault((group, version, plural));

    public Resource? Find(GroupVersionKind kind) => _byKind.GetValueOrDefault(kind);

    /// <summary>Whether other versions or groups serve the same objects.</summary>
    internal bool HasEquivalents(Resource resource) => _equivalents.Count > 0 && _equivalents.ContainsKey(resource.Cache);

    /// <summary>The other versions and groups that serve the same objects.</summary>
    internal IEnumerable<Resource> Equivalents(Resource resource) => _equivalents.GetValueOrDefault(resource.Cache, []).Where(other => !ReferenceEquals(other, resource));
}
