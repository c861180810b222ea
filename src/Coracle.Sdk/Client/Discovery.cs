using System.Text.Json.Nodes;

namespace Coracle.Sdk;

/// <summary>A resource that a server has: how to address it, and what can be done with it.</summary>
public sealed record DiscoveredResource(ApiResource Resource)
{
    /// <summary>What can be done with it: "get", "list", "watch", "create" and so on.</summary>
    public IReadOnlyList<string> Verbs { get; init; } = [];
    /// <summary>Other names that users may say: "deploy".</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];
    /// <summary>Groups that users may ask for: "all".</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];
    /// <summary>Its name for one object: "pod".</summary>
    public string Singular { get; init; } = "";

    /// <summary>Names of its sub-resources: "status", "scale".</summary>
    public IReadOnlyList<string> Subresources { get; init; } = [];

    /// <summary>It has this verb.</summary>
    public bool Can(string verb) => Verbs.Contains(verb, StringComparer.Ordinal);
}

/// <summary>What a server has, in the order in which it prefers groups and versions.</summary>
public sealed class Discovery
{
    private readonly IReadOnlyDictionary<string, Document> documents;

    private Discovery(IReadOnlyList<DiscoveredResource> all, IReadOnlyList<string> failed, IReadOnlyDictionary<string, Document> documents) =>
        (All, Failed, this.documents) = (all, failed, documents);

    /// <summary>What the server said of a group version, and what that means.</summary>
    private sealed record Document(ReadOnlyMemory<byte> Text, IReadOnlyList<DiscoveredResource> Resources);

    /// <summary>Every resource in every version.</summary>
    public IReadOnlyList<DiscoveredResource> All { get; }

    /// <summary>Group versions that are listed but do not answer, as those of an aggregated server that is down.</summary>
    public IReadOnlyList<string> Failed { get; }

    /// <summary>Every resource once, in the version its group prefers.</summary>
    public IEnumerable<DiscoveredResource> Preferred => All.DistinctBy(r => r.Resource.GroupResource);

    /// <summary>The resource of this kind; null when there is none.</summary>
    public DiscoveredResource? Find(string apiVersion, string kind) => All.FirstOrDefault(r => r.Resource.Kind == kind && r.Resource.ApiVersion == apiVersion);

    /// <summary>As users name them: plural, singular, short name or kind, possibly with ".group": "deploy", "deployments.apps".</summary>
    public DiscoveredResource? FindByName(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var (resource, group) = dot < 0 ? (name, null) : (name[..dot], name[(dot + 1)..]);
        bool InGroup(DiscoveredResource r) => group is null || r.Resource.Group == group || r.Resource.Group.StartsWith(group + ".", StringComparison.Ordinal) || group == $"{r.Resource.Version}.{r.Resource.Group}";
        bool Is(string text) => string.Equals(text, resource, StringComparison.OrdinalIgnoreCase);
        return All.FirstOrDefault(r => InGroup(r) && (Is(r.Resource.Plural) || Is(r.Singular) || Is(r.Resource.Kind))) ?? All.FirstOrDefault(r => InGroup(r) && r.ShortNames.Any(Is));
    }

    /// <summary>Asks the server. A group version that fails is noted; the rest is found all the same.</summary>
    public static ValueTask<Discovery> ReadAsync(Client client, CancellationToken cancel = default) => ReadAsync(client, null, cancel);

    /// <summary>Asks the server again; what it says in the same words as <paramref name="earlier"/> is not read anew. For those who ask every now and then.</summary>
    public static async ValueTask<Discovery> ReadAsync(Client client, Discovery? earlier, CancellationToken cancel = default)
    {
        var (found, failed, documents) = (new List<DiscoveredResource>(), new List<string>(), new Dictionary<string, Document>(StringComparer.Ordinal));
        foreach (var path in await VersionsAsync(client, cancel))
        {
            var reply = await client.SendAsync(new() { Method = "GET", Path = path }, cancel);
            if (!reply.Ok)
            {
                failed.Add(path[(path.IndexOf('/', 1) + 1)..]);
                continue;
            }
            var same = earlier?.documents.GetValueOrDefault(path) is { } known && known.Text.Span.SequenceEqual(reply.Body.Span) ? known : null;
            documents[path] = same ?? new(reply.Body, [.. Read(JsonNode.Parse(reply.Body.Span)!.AsObject())]);
            found.AddRange(documents[path].Resources);
        }
        return new(found, failed, documents);
    }

    // The paths of all group versions, preferred ones first.
    private static async ValueTask<List<string>> VersionsAsync(Client client, CancellationToken cancel)
    {
        var versions = new List<string>();
        foreach (var version in Texts((await client.TryGetJsonAsync("/api", cancel)).OrThrow()["versions"])) versions.Add($"/api/{version}");
        var groups = (await client.TryGetJsonAsync("/apis", cancel)).OrThrow()["groups"]?.AsArray() ?? [];
        foreach (var group in groups)
        {
            var preferred = Text(group?["preferredVersion"], "groupVersion");
            var all = (group?["versions"]?.AsArray() ?? []).Select(v => Text(v, "groupVersion")).OrderByDescending(v => v == preferred);
            foreach (var version in all) versions.Add($"/apis/{version}");
        }
        return versions;
    }

    private static IEnumerable<DiscoveredResource> Read(JsonObject list)
    {
        var groupVersion = Text(list, "groupVersion");
        var slash = groupVersion.IndexOf('/', StringComparison.Ordinal);
        var (group, version) = slash < 0 ? ("", groupVersion) : (groupVersion[..slash], groupVersion[(slash + 1)..]);
        var entries = (list["resources"]?.AsArray() ?? []).OfType<JsonObject>().ToList();
        foreach (var entry in entries)
        {
            var name = Text(entry, "name");
            if (name.Contains('/', StringComparison.Ordinal)) continue;
            yield return new(new ApiResource(group, version, name, Text(entry, "kind"), entry["namespaced"]?.GetValue<bool>() == true))
            {
                Verbs = Texts(entry["verbs"]), ShortNames = Texts(entry["shortNames"]), Categories = Texts(entry["categories"]), Singular = Text(entry, "singularName"),
                Subresources = [.. entries.Select(e => Text(e, "name")).Where(n => n.StartsWith(name + "/", StringComparison.Ordinal)).Select(n => n[(name.Length + 1)..])],
            };
        }
    }

    private static string Text(JsonNode? node, string name) => node?[name]?.GetValue<string>() ?? "";
    private static IReadOnlyList<string> Texts(JsonNode? node) => node is JsonArray array ? [.. array.Select(n => n!.GetValue<string>())] : [];
}
