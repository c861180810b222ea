using System.Collections.Frozen;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Every resource that is served, by its place in the path. Replaced as a whole when definitions change.</summary>
public sealed class ResourceTable
{
    private readonly FrozenDictionary<(string Group, string Version, string Plural), Resource> _byPath;
    private readonly FrozenDictionary<GroupVersionKind, Resource> _byKind;

    public ResourceTable(IEnumerable<Resource> resources)
    {
        All = resources.ToArray();
        _byPath = All.ToFrozenDictionary(r => (r.Kind.Group, r.Kind.Version, r.Kind.Plural));
        _byKind = All.ToFrozenDictionary(r => r.Kind.GroupVersionKind);
    }

    public IReadOnlyList<Resource> All { get; }

    public Resource? Find(string group, string version, string plural) => _byPath.GetValueOrDefault((group, version, plural));

    public Resource? Find(GroupVersionKind kind) => _byKind.GetValueOrDefault(kind);
}
