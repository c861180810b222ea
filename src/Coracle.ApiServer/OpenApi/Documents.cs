using System.Text;

namespace Coracle.ApiServer.OpenApi;

/// <summary>Which documents there are, and what is in each. Each is made when first asked for.</summary>
internal sealed class Documents
{
    private readonly ServedApi _api;
    private readonly IReadOnlyList<PublishedApi> _others;
    private readonly SortedDictionary<string, PublishedDocument> _v3 = new(StringComparer.Ordinal);
    private readonly Lazy<PublishedDocument> _root;

    /// <param name="api">What is served.</param>
    /// <param name="before">What was published before: the documents of versions that are as they were are taken over.</param>
    /// <param name="others">What other servers publish of the versions that they serve.</param>
    public Documents(ServedApi api, Documents? before = null, IReadOnlyList<PublishedApi>? others = null)
    {
        _api = api;
        _others = others ?? [];
        V2 = new(Edition.V2, () => WithOthers(Document.Write(Edition.V2, [.. AllPaths()], api.SpokenVersions)));
        Add("api", () => [IndexPaths.CoreVersions]);
        Add("apis", () => [IndexPaths.Groups]);
        Add("version", () => [IndexPaths.ServerVersion]);
        foreach (var (path, published) in IndexPaths.Plain)
            if (api.PlainPaths.Contains(path)) Add(path[1..], () => [published]);
        foreach (var (group, version) in api.Versions)
        {
            if (group.Length > 0 && api.BuiltInVersions.Contains((group, version)) && !_v3.ContainsKey($"apis/{group}")) Add($"apis/{group}", () => [IndexPaths.Group(group)]);
            var name = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
            var same = before is not null && before._api.KindsIn(group, version).SequenceEqual(api.KindsIn(group, version)) ? before.V3(name) : null;
            _v3.Add(name, same ?? new(Edition.V3, () => VersionDocument(group, version)));
        }
        // Of a server that publishes the second edition alone the third is made of that.
        foreach (var other in _others)
            if (other is { OpenApiV3.Count: 0, OpenApiV2.IsEmpty: false, Document.Length: > 0 }) _v3.TryAdd(other.Document, new(Edition.V3, () => ConvertedV3.Of(other.OpenApiV2.Span)));
        _root = new(() => new PublishedDocument(Edition.V3, Root));
    }

    /// <summary>Everything, in the second edition.</summary>
    public PublishedDocument V2 { get; }

    /// <summary>Where the documents of the third edition are.</summary>
    public PublishedDocument V3Root => _root.Value;

    /// <summary>A document of the third edition: "apis/apps/v1".</summary>
    public PublishedDocument? V3(string name) => _v3.GetValueOrDefault(name);

    public IReadOnlyCollection<string> V3Names => _v3.Keys;

    public static string V3Url(string name, string hash) => $"/openapi/v3/{name}?hash={hash}";

    private void Add(string name, Func<PublishedPath[]> paths) => _v3.Add(name, new(Edition.V3, () => Document.Write(Edition.V3, paths(), [])));

    private byte[] WithOthers(byte[] own)
    {
        var documents = _others.Select(o => o.OpenApiV2).Where(d => !d.IsEmpty).ToList();
        return documents.Count == 0 ? own : MergedV2.Of(own, documents);
    }

    private IEnumerable<PublishedPath> VersionPaths(string group, string version) =>
        [.. _api.BuiltInVersions.Contains((group, version)) ? [IndexPaths.Version(group, version)] : Array.Empty<PublishedPath>(), .. _api.KindsIn(group, version).SelectMany(k => new ResourcePaths(_api, k).All())];

    private byte[] VersionDocument(string group, string version)
    {
        (string, string)[] versions = group.Length == 0 ? [(group, version)] : [("", "v1"), (group, version)];
        return Document.Write(Edition.V3, [.. Ordered(VersionPaths(group, version))], versions);
    }

    private IEnumerable<PublishedPath> AllPaths()
    {
        var plain = IndexPaths.Plain.Where(p => _api.PlainPaths.Contains(p.Key)).Select(p => p.Value).Concat([IndexPaths.CoreVersions, IndexPaths.Groups, IndexPaths.ServerVersion]);
        var groups = _api.Versions.Where(_api.BuiltInVersions.Contains).Select(v => v.Group).Where(group => group.Length > 0).Distinct().Select(IndexPaths.Group);
        return Ordered([.. plain, .. groups, .. _api.Versions.SelectMany(v => VersionPaths(v.Group, v.Version))]);
    }

    private static IEnumerable<PublishedPath> Ordered(IEnumerable<PublishedPath> paths) => paths.OrderBy(p => p.Path, StringComparer.Ordinal);

    private byte[] Root()
    {
        var text = new StringBuilder("{\"paths\":{");
        var places = new SortedDictionary<string, string>(_v3.ToDictionary(d => d.Key, d => V3Url(d.Key, d.Value.Hash)), StringComparer.Ordinal);
        foreach (var (name, url) in _others.SelectMany(o => o.OpenApiV3)) places[name] = url;
        foreach (var (name, url) in places)
        {
            if (text[^1] != '{') text.Append(',');
            text.Append('"').Append(System.Text.Json.JsonEncodedText.Encode(name)).Append("\":{\"serverRelativeURL\":\"").Append(System.Text.Json.JsonEncodedText.Encode(url, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)).Append("\"}");
        }
        return Encoding.UTF8.GetBytes(text.Append("}}").ToString());
    }
}
