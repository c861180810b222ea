using System.Text.Json.Nodes;

namespace Coracle.ApiServer.Published.Tests;

/// <summary>The resources that are served, as discovery tells: what of the reference ours has to equal.</summary>
internal sealed class Offer
{
    private readonly HashSet<string> _resources = new(StringComparer.Ordinal);

    /// <summary>"v1", "apps/v1"...</summary>
    public SortedSet<string> Versions { get; } = new(StringComparer.Ordinal);

    public IEnumerable<string> Groups => Versions.Where(v => v.Contains('/', StringComparison.Ordinal)).Select(v => v.Split('/')[0]).Distinct();

    /// <summary>Versions with paths, and those of the kinds that only sub-resources speak.</summary>
    public HashSet<string> Spoken { get; } = new(StringComparer.Ordinal);

    public static async Task<Offer> Read()
    {
        var offer = new Offer();
        offer.Versions.Add("v1");
        foreach (var group in (await Served.Json("/apis"))["groups"]!.AsArray())
            foreach (var version in group!["versions"]!.AsArray()) offer.Versions.Add((string)version!["groupVersion"]!);
        foreach (var version in offer.Versions)
        {
            offer.Spoken.Add(version);
            foreach (var resource in (await Served.Json(Root(version)))["resources"]!.AsArray())
            {
                offer._resources.Add($"{version}/{resource!["name"]}");
                if (resource["version"] is { } spoken) offer.Spoken.Add(resource["group"] is { } group ? $"{group}/{spoken}" : (string)spoken!);
            }
        }
        return offer;
    }

    /// <summary>"/api/v1", "/apis/apps/v1".</summary>
    public static string Root(string version) => version == "v1" ? "/api/v1" : $"/apis/{version}";

    public bool HasResource(string version, string name) => _resources.Contains($"{version}/{name}");

    /// <summary>Whether a path of a published document is of something that is served.</summary>
    public bool HasPath(string path)
    {
        if (!path.StartsWith("/api", StringComparison.Ordinal)) return path is not ("/logs/" or "/logs/{logpath}");
        if (path is "/api/" or "/apis/") return true;
        if (Versions.FirstOrDefault(v => path.StartsWith(Root(v) + "/", StringComparison.Ordinal)) is not { } version)
            return path.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["apis", var group] && Groups.Contains(group);
        var parts = path[Root(version).Length..].Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (parts is ["watch", ..]) parts.RemoveAt(0);
        if (parts is ["namespaces", "{namespace}", ..]) parts.RemoveRange(0, 2);
        return parts switch
        {
            [] => true,
            [var plural] => HasResource(version, plural),
            [var plural, "{name}"] => HasResource(version, plural),
            [var plural, "{name}", var sub, ..] => HasResource(version, $"{plural}/{sub}"),
            _ => false,
        };
    }
}
