using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>What the server serves, in the plain documents per version and in the aggregated one.</summary>
internal sealed class Discovery(Server server)
{
    private static readonly string[] AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    private ResourceTable? _madeFor;
    private Aggregation.State? _aggregated;
    private IReadOnlyList<ServedGroup> _groups = [];
    private readonly Dictionary<string, byte[]> _documents = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Null for a path that is no discovery document.</summary>
    public ApiResponse? Handle(ApiRequest request, string path)
    {
        if (path is not ("/" or "/api" or "/apis") && !path.StartsWith("/api/", StringComparison.Ordinal) && !path.StartsWith("/apis/", StringComparison.Ordinal)) return null;
        var aggregated = AggregatedVersion(request.Header("Accept"));
        if (path is "/api" or "/apis" && aggregated is not null)
        {
            var body = Document($"{path}?{aggregated}", () => Aggregated(path == "/api", aggregated));
            var response = new ApiResponse { ContentType = $"application/json;g=apidiscovery.k8s.io;v={aggregated};as=APIGroupDiscoveryList", Body = new BytesBody(body) };
            response.Headers.Add(new("ETag", $"\"{Convert.ToHexString(SHA512.HashData(body))}\""));
            response.Headers.Add(new("Vary", "Accept"));
            return response;
        }
        var made = Document(path, () => Plain(path));
        return made.Length == 0 ? null : ApiResponse.Json(made);
    }

    // The documents change only when definitions do.
    private byte[] Document(string key, Func<byte[]> make)
    {
        lock (_lock)
        {
            var (table, aggregated) = (server.Resources, server.Aggregation.Current);
            if (_madeFor != table || _aggregated != aggregated)
            {
                _documents.Clear();
                _groups = ServedGroup.All(table, aggregated);
            }
            (_madeFor, _aggregated) = (table, aggregated);
            if (!_documents.TryGetValue(key, out var document)) _documents[key] = document = make();
            return document;
        }
    }

    private static string? AggregatedVersion(string? accept)
    {
        foreach (var clause in (accept ?? "").Split(','))
        {
            var parts = clause.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] is not "application/json") continue;
            if (!parts.Contains("as=APIGroupDiscoveryList")) return null;
            if (parts.Contains("v=v2")) return "v2";
            if (parts.Contains("v=v2beta1")) return "v2beta1";
        }
        return null;
    }

    private byte[] Plain(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            [] => Json(w => { w.WriteStartArray("paths"u8); foreach (var p in Paths()) w.WriteStringValue(p); w.WriteEndArray(); }),
            ["api"] => Json(WriteApiVersions),
            ["apis"] => Json(WriteGroupList),
            ["api", var version] => ResourceList("", version),
            ["apis", var group] when _groups.FirstOrDefault(g => g.Name == group) is { } found => Json(w => { WriteHead(w, "APIGroup"); WriteGroup(w, found); }),
            ["apis", var group, var version] => ResourceList(group, version),
            _ => [],
        };
    }

    /// <summary>Those that are not of the API itself.</summary>
    public static IEnumerable<string> PlainPaths(Server server) =>
    [
        .. server.Options.Endpoints.Keys, "/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/readyz", "/version",
        .. server.Features.IsEnabled(FeatureGates.ComponentFlagz) ? ["/flagz"] : Array.Empty<string>(), .. server.Features.IsEnabled(FeatureGates.ComponentStatusz) ? ["/statusz"] : Array.Empty<string>(),
    ];

    private IEnumerable<string> Paths()
    {
        List<string> paths = ["/api", "/api/v1", "/apis", .. PlainPaths(server)];
        foreach (var group in _groups)
        {
            paths.Add($"/apis/{group.Name}");
            paths.AddRange(group.Versions.Select(v => $"/apis/{group.Name}/{v.Version}"));
        }
        return paths.Order(StringComparer.Ordinal);
    }

    private static void WriteHead(Utf8JsonWriter writer, string kind)
    {
        writer.WriteString("kind"u8, kind);
        writer.WriteString("apiVersion"u8, "v1"u8);
    }

    private void WriteApiVersions(Utf8JsonWriter writer)
    {
        writer.WriteString("kind"u8, "APIVersions"u8);
        writer.WriteStartArray("versions"u8);
        writer.WriteStringValue("v1"u8);
        writer.WriteEndArray();
        writer.WriteStartArray("serverAddressByClientCIDRs"u8);
        writer.WriteStartObject();
        writer.WriteString("clientCIDR"u8, "0.0.0.0/0"u8);
        writer.WriteString("serverAddress"u8, server.Options.AdvertisedAddress);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private void WriteGroupList(Utf8JsonWriter writer)
    {
        WriteHead(writer, "APIGroupList");
        writer.WriteStartArray("groups"u8);
        foreach (var group in _groups)
        {
            writer.WriteStartObject();
            WriteGroup(writer, group);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteGroup(Utf8JsonWriter writer, ServedGroup group)
    {
        var versions = group.Versions.Select(v => v.Version).ToList();
        writer.WriteString("name"u8, group.Name);
        writer.WriteStartArray("versions"u8);
        foreach (var version in versions) WriteVersion(version);
        writer.WriteEndArray();
        writer.WritePropertyName("preferredVersion"u8);
        WriteVersion(versions[0]);

        void WriteVersion(string version)
        {
            writer.WriteStartObject();
            writer.WriteString("groupVersion"u8, $"{group.Name}/{version}");
            writer.WriteString("version"u8, version);
            writer.WriteEndObject();
        }
    }

    private byte[] ResourceList(string group, string version)
    {
        var resources = server.Resources.All.Where(r => r.Kind.Group == group && r.Kind.Version == version).OrderBy(r => r.Kind.Plural, StringComparer.Ordinal).ToList();
        if (resources.Count == 0) return [];
        return Json(writer =>
        {
            writer.WriteString("kind"u8, "APIResourceList"u8);
            if (group.Length > 0) writer.WriteString("apiVersion"u8, "v1"u8);
            writer.WriteString("groupVersion"u8, group.Length == 0 ? version : $"{group}/{version}");
            writer.WriteStartArray("resources"u8);
            foreach (var resource in resources)
            {
                WriteResource(writer, resource);
                foreach (var sub in Subresources(resource)) WriteSubresource(writer, resource, sub);
            }
            writer.WriteEndArray();
        });
    }

    private void WriteResource(Utf8JsonWriter writer, Resource resource)
    {
        var kind = resource.Kind;
        writer.WriteStartObject();
        writer.WriteString("name"u8, kind.Plural);
        writer.WriteString("singularName"u8, kind.Singular);
        writer.WriteBoolean("namespaced"u8, kind.Namespaced);
        writer.WriteString("kind"u8, kind.Kind);
        Strings(writer, "verbs"u8, Verbs(resource));
        if (kind.ShortNames.Count > 0) Strings(writer, "shortNames"u8, kind.ShortNames);
        if (kind.Categories.Count > 0) Strings(writer, "categories"u8, kind.Categories);
        if (server.Features.IsEnabled(FeatureGates.StorageVersionHash) && Verbs(resource).Contains("watch")) writer.WriteString("storageVersionHash"u8, StorageHash(resource.Storage));
        writer.WriteEndObject();
    }

    private static void WriteSubresource(Utf8JsonWriter writer, Resource resource, ServedSubresource sub)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, $"{resource.Kind.Plural}/{sub.Name}");
        writer.WriteString("singularName"u8, ""u8);
        writer.WriteBoolean("namespaced"u8, resource.Kind.Namespaced);
        if (sub.Kind.Group != resource.Kind.Group || sub.Kind.Version != resource.Kind.Version)
        {
            if (sub.Kind.Group.Length > 0) writer.WriteString("group"u8, sub.Kind.Group);
            writer.WriteString("version"u8, sub.Kind.Version);
        }
        writer.WriteString("kind"u8, sub.Kind.Kind);
        Strings(writer, "verbs"u8, sub.Verbs);
        writer.WriteEndObject();
    }

    private IEnumerable<ServedSubresource> Subresources(Resource resource) => ServedSubresource.Of(resource.Kind, server.Options.Subresources);

    private byte[] Aggregated(bool core, string version) => Json(writer =>
    {
        writer.WriteString("kind"u8, "APIGroupDiscoveryList"u8);
        writer.WriteString("apiVersion"u8, $"apidiscovery.k8s.io/{version}");
        writer.WriteStartObject("metadata"u8);
        writer.WriteEndObject();
        writer.WriteStartArray("items"u8);
        foreach (var group in core ? [Core()] : _groups)
        {
            writer.WriteStartObject();
            writer.WriteStartObject("metadata"u8);
            if (group.Name.Length > 0) writer.WriteString("name"u8, group.Name);
            writer.WriteEndObject();
            writer.WriteStartArray("versions"u8);
            foreach (var served in group.Versions) AggregatedVersion(writer, served);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    });

    private ServedGroup Core() => new("", [new("", "v1", [.. server.Resources.All.Where(r => r.Kind.Group.Length == 0)], null, null)]);

    private void AggregatedVersion(Utf8JsonWriter writer, ServedVersion version)
    {
        if (version.Remote is not null)
        {
            RemoteVersion(writer, version);
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("version"u8, version.Version);
        writer.WriteStartArray("resources"u8);
        foreach (var resource in version.Resources.OrderBy(r => r.Kind.Plural, StringComparer.Ordinal)) AggregatedResource(writer, resource);
        writer.WriteEndArray();
        writer.WriteString("freshness"u8, "Current"u8);
        writer.WriteEndObject();
    }

    // As the other server tells it; stale when it does not answer.
    private static void RemoteVersion(Utf8JsonWriter writer, ServedVersion version)
    {
        writer.WriteStartObject();
        writer.WriteString("version"u8, version.Version);
        if (version.Published is { Discovery.IsEmpty: false } published)
            foreach (var property in JsonElement.Parse(published.Discovery.Span).EnumerateObject())
                if (property.Name is not ("version" or "freshness")) property.WriteTo(writer);
        writer.WriteString("freshness"u8, version.Published is { IsFresh: true } ? "Current"u8 : "Stale"u8);
        writer.WriteEndObject();
    }

    private void AggregatedResource(Utf8JsonWriter writer, Resource resource)
    {
        var kind = resource.Kind;
        writer.WriteStartObject();
        writer.WriteString("resource"u8, kind.Plural);
        ResponseKind(writer, kind.GroupVersionKind, kind);
        writer.WriteString("scope"u8, kind.Namespaced ? "Namespaced"u8 : "Cluster"u8);
        writer.WriteString("singularResource"u8, kind.Singular);
        Strings(writer, "verbs"u8, Verbs(resource));
        if (kind.ShortNames.Count > 0) Strings(writer, "shortNames"u8, kind.ShortNames);
        if (kind.Categories.Count > 0) Strings(writer, "categories"u8, kind.Categories);
        var subs = Subresources(resource).ToList();
        if (subs.Count > 0)
        {
            writer.WriteStartArray("subresources"u8);
            foreach (var sub in subs)
            {
                writer.WriteStartObject();
                writer.WriteString("subresource"u8, sub.Name);
                ResponseKind(writer, sub.Kind, kind);
                Strings(writer, "verbs"u8, sub.Verbs);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    // Group and version are left empty where they are those of the enclosing resource.
    private static void ResponseKind(Utf8JsonWriter writer, GroupVersionKind kind, KindInfo within)
    {
        var same = within.BuiltIn && kind.Group == within.Group && kind.Version == within.Version;
        writer.WriteStartObject("responseKind"u8);
        writer.WriteString("group"u8, same ? "" : kind.Group);
        writer.WriteString("version"u8, same ? "" : kind.Version);
        writer.WriteString("kind"u8, kind.Kind);
        writer.WriteEndObject();
    }

    private static IReadOnlyList<string> Verbs(Resource resource)
    {
        if (resource.Kind.BuiltIn) return resource.Kind.Verbs.Count > 0 ? resource.Kind.Verbs : AllVerbs;
        return resource.IsTerminating ? TerminatingVerbs : CustomVerbs;
    }

    private static readonly string[] CustomVerbs = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
    private static readonly string[] TerminatingVerbs = ["delete", "deletecollection", "get", "list", "watch"];

    private static string StorageHash(KindInfo kind) =>
        Convert.ToBase64String(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{kind.Group}/{HashedVersion(kind)}/{kind.Kind}")).AsSpan(0, 8));

    // Upstream stores what became stable in its last release in the version before, so that one can still go back to the release before.
    private static string HashedVersion(KindInfo kind) =>
        kind is { Group: "admissionregistration.k8s.io", Kind: "MutatingAdmissionPolicy" or "MutatingAdmissionPolicyBinding" } or { Group: "apiextensions.k8s.io", BuiltIn: true } ? "v1beta1" : kind.Version;

    private static void Strings(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
