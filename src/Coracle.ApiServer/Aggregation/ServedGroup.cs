namespace Coracle.ApiServer;

/// <summary>A group of the API as clients see it, whoever serves its versions; the preferred version is the first.</summary>
internal sealed record ServedGroup(string Name, IReadOnlyList<ServedVersion> Versions)
{
    /// <summary>Every group but the core one, in the order in which clients are to prefer them.</summary>
    public static IReadOnlyList<ServedGroup> All(ResourceTable table, Aggregation.State aggregated)
    {
        var remote = aggregated.Services.ByVersion;
        var versions = table.All.Where(r => r.Kind.Group.Length > 0).GroupBy(r => (r.Kind.Group, r.Kind.Version))
            .Where(v => !remote.ContainsKey(v.Key)).Select(v => new ServedVersion(v.Key.Group, v.Key.Version, [.. v], null, null))
            .Concat(remote.Values.Select(v => new ServedVersion(v.Group, v.Version, [], v, aggregated.Published.GetValueOrDefault(v.Name))));
        return
        [
            .. versions.GroupBy(v => v.Group).Select(group => (Group: group, Priority: group.Max(v => Priority(v, aggregated).Group)))
                .OrderByDescending(g => g.Priority).ThenBy(g => g.Group.Key, StringComparer.Ordinal)
                .Select(g => new ServedGroup(g.Group.Key, [.. g.Group.OrderByDescending(v => Priority(v, aggregated).Version).ThenByDescending(v => v.Version, VersionOrder.Instance)])),
        ];
    }

    private static (int Group, int Version) Priority(ServedVersion version, Aggregation.State aggregated) =>
        aggregated.Services.Priorities.TryGetValue((version.Group, version.Version), out var told) ? told : VersionPriorities.Of(version.Group, version.Version);
}

/// <summary>A version of a group: the resources that are served here, or who serves it.</summary>
internal sealed record ServedVersion(string Group, string Version, IReadOnlyList<Resource> Resources, AggregatedVersion? Remote, PublishedApi? Published);
