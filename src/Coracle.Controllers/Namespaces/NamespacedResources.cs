using System.Text.Json;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>A resource whose objects live in namespaces and can be deleted.</summary>
internal sealed record NamespacedResource(ApiResource Resource, bool CanDeleteCollection);

/// <summary>The resources that a server has in namespaces, whoever serves them, and the group versions that could not be asked.</summary>
internal sealed record NamespacedResources(IReadOnlyList<NamespacedResource> Found, IReadOnlyList<string> Stale)
{
    private const string Accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    /// <summary>Asks the server. Throws <see cref="ApiException"/> when it does not answer at all.</summary>
    public static async ValueTask<NamespacedResources> DiscoverAsync(Client client, CancellationToken cancel)
    {
        var all = new NamespacedResources([], []);
        foreach (var path in (string[])["/api", "/apis"])
        {
            var reply = await client.SendAsync(new() { Method = "GET", Path = path, Accept = Accept }, cancel);
            if (!reply.Ok) throw new ApiException(ApiStatus.Parse(reply.Status, reply.Body.Span));
            var part = Read(reply.Body);
            all = new([.. all.Found, .. part.Found], [.. all.Stale, .. part.Stale]);
        }
        return all;
    }

    /// <summary>Reads an APIGroupDiscoveryList. Of several versions with the same resource the first is taken: servers put the preferred one first. Pure.</summary>
    public static NamespacedResources Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var (found, stale) = (new List<NamespacedResource>(), new List<string>());
        foreach (var group in Items(document.RootElement, "items"))
        {
            var groupName = group.TryGetProperty("metadata", out var metadata) ? Text(metadata, "name") : "";
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var version in Items(group, "versions"))
            {
                var name = Text(version, "version");
                if (Text(version, "freshness") == "Stale") stale.Add(groupName.Length == 0 ? name : $"{groupName}/{name}");
                foreach (var resource in Items(version, "resources"))
                    if (Read(resource, groupName, name) is { } readable && seen.Add(readable.Resource.Plural)) found.Add(readable);
            }
        }
        return new(found, stale);
    }

    private static NamespacedResource? Read(JsonElement resource, string group, string version)
    {
        var verbs = Items(resource, "verbs").Select(static v => v.GetString()).ToList();
        if (Text(resource, "scope") != "Namespaced" || !verbs.Contains("delete") || !verbs.Contains("list")) return null;
        var kind = resource.TryGetProperty("responseKind", out var response) ? Text(response, "kind") : "";
        return new(new(group, version, Text(resource, "resource"), kind, Namespaced: true), verbs.Contains("deletecollection"));
    }

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
