using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>What other API servers publish, cut down to one version of theirs. Whatever they send, nothing is thrown: what does not fit is not there.</summary>
internal static class RemoteDocuments
{
    /// <summary>The version's entry in a server's aggregated discovery; one without resources when it is not in it.</summary>
    public static byte[]? EntryOf(AggregatedVersion version, ReadOnlySpan<byte> list)
    {
        if (Read(list) is not { } document) return null;
        var found = Objects(document["items"]).Where(group => Text(group["metadata"], "name") == version.Group).SelectMany(group => Objects(group["versions"])).FirstOrDefault(v => Text(v, "version") == version.Version);
        if (found is null) return Bytes(new JsonObject { ["version"] = version.Version });
        foreach (var resource in Objects(found["resources"]))
        {
            resource["responseKind"] ??= new JsonObject { ["group"] = "", ["version"] = "", ["kind"] = "" };
            foreach (var sub in Objects(resource["subresources"])) sub["responseKind"] ??= new JsonObject { ["group"] = "", ["version"] = "", ["kind"] = "" };
        }
        return Bytes(found);
    }

    /// <summary>The same, made of an APIResourceList (upstream: endpoints, ConvertGroupVersionIntoToDiscovery).</summary>
    public static byte[]? EntryOfList(AggregatedVersion version, ReadOnlySpan<byte> list)
    {
        if (Read(list) is not { } document || Text(document, "kind") is not ("APIResourceList" or "")) return null;
        var resources = new JsonArray();
        var byName = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var told in Objects(document["resources"]))
        {
            var name = Text(told, "name");
            var slash = name.IndexOf('/', StringComparison.Ordinal);
            var parent = slash < 0 ? name : name[..slash];
            if (!byName.TryGetValue(parent, out var resource)) resources.Add((JsonNode)(byName[parent] = resource = new JsonObject { ["resource"] = parent }));
            if (slash < 0)
            {
                resource["responseKind"] = KindOf(told);
                resource["scope"] = told["namespaced"] is JsonValue namespaced && namespaced.TryGetValue<bool>(out var yes) && yes ? "Namespaced" : "Cluster";
                resource["singularResource"] = Text(told, "singularName");
                Copy(told, resource, "verbs", "shortNames", "categories");
                continue;
            }
            var sub = new JsonObject { ["subresource"] = name[(slash + 1)..], ["responseKind"] = KindOf(told) };
            Copy(told, sub, "verbs");
            if (resource["subresources"] is not JsonArray subs) resource["subresources"] = subs = [];
            subs.Add((JsonNode)sub);
        }
        return Bytes(new JsonObject { ["version"] = version.Version, ["resources"] = resources });
    }

    private static JsonObject KindOf(JsonObject told) => new() { ["group"] = Text(told, "group"), ["version"] = Text(told, "version"), ["kind"] = Text(told, "kind") };

    private static void Copy(JsonObject from, JsonObject to, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
            if (from[field] is JsonArray value) to[field] = value.DeepClone();
    }

    /// <summary>Where a server has the version's documents of OpenAPI v3.</summary>
    public static IReadOnlyDictionary<string, string> OfVersion(AggregatedVersion version, ReadOnlySpan<byte> root)
    {
        var name = version.Path[1..];
        return Read(root)?["paths"] is JsonObject paths && paths[name] is JsonObject place && Text(place, "serverRelativeURL") is { Length: > 0 } url
            ? new Dictionary<string, string> { [name] = url }
            : new Dictionary<string, string>();
    }

    /// <summary>A document of OpenAPI v2 with nothing but the version's paths and the types that they need.</summary>
    public static byte[] OnlyVersion(AggregatedVersion version, ReadOnlySpan<byte> whole)
    {
        if (Read(whole) is not { } document || document["paths"] is not JsonObject paths || document["definitions"] is not JsonObject definitions) return [];
        var (kept, types) = (new JsonObject(), new JsonObject());
        var wanted = new Queue<string>();
        foreach (var (path, item) in paths)
        {
            if (!path.StartsWith(version.Path + "/", StringComparison.Ordinal) && path != version.Path) continue;
            kept[path] = item?.DeepClone();
            References(item, wanted);
        }
        if (kept.Count == 0) return [];
        // A type that says of which kind of this version it is, is what clients look for, whether or not a path needs it.
        foreach (var (name, type) in definitions)
            if (Objects((type as JsonObject)?["x-kubernetes-group-version-kind"]).Any(k => Text(k, "group") == version.Group && Text(k, "version") == version.Version)) wanted.Enqueue(name);
        while (wanted.TryDequeue(out var name))
        {
            if (types.ContainsKey(name) || definitions[name] is not JsonObject type) continue;
            types[name] = type.DeepClone();
            References(type, wanted);
        }
        return Bytes(new JsonObject { ["info"] = document["info"]?.DeepClone(), ["definitions"] = types, ["parameters"] = document["parameters"]?.DeepClone(), ["paths"] = kept });
    }

    internal const string ReferencePrefix = "#/definitions/";

    private static void References(JsonNode? node, Queue<string> found)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list) References(item, found);
            return;
        }
        if (node is not JsonObject obj) return;
        foreach (var (key, value) in obj)
        {
            if (key == "$ref" && value is JsonValue text && text.TryGetValue<string>(out var target) && target.StartsWith(ReferencePrefix, StringComparison.Ordinal)) found.Enqueue(target[ReferencePrefix.Length..]);
            else References(value, found);
        }
    }

    internal static JsonObject? Read(ReadOnlySpan<byte> json) => Decoder.DecodeTree(json).Value as JsonObject;

    internal static IEnumerable<JsonObject> Objects(JsonNode? list) => list is JsonArray items ? items.OfType<JsonObject>() : [];

    private static string Text(JsonNode? obj, string field) => obj is JsonObject fields && fields[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    internal static byte[] Bytes(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions)) node.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
