using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Kinds.Tests;

/// <summary>The schemas of the kinds against the OpenAPI v3 documents that upstream publishes.</summary>
public sealed class PublishedSchemaTests
{
    [Fact]
    public void Every_type_has_upstreams_fields_with_upstreams_types_merge_keys_and_defaults()
    {
        var published = Published();
        var ours = new SortedDictionary<string, SchemaNode>(StringComparer.Ordinal);
        foreach (var kind in GeneratedKinds.All.Concat(GeneratedKinds.OfSubresources)) Collect(kind.Schema, ours);
        Assert.True(ours.Count > 250, $"only {ours.Count} types");

        var differences = new List<string>();
        foreach (var (name, node) in ours)
        {
            if (published[name] is JsonObject theirs) Compare(name, node, theirs, differences);
            else differences.Add($"{name} is not published");
        }
        Assert.Empty(differences);
    }

    [Fact]
    public void Every_type_and_field_is_described_in_words_that_are_not_upstreams()
    {
        var published = Published();
        var ours = new SortedDictionary<string, SchemaNode>(StringComparer.Ordinal);
        foreach (var kind in GeneratedKinds.All.Concat(GeneratedKinds.OfSubresources)) Collect(kind.Schema, ours);

        var lacking = new List<string>();
        foreach (var (name, node) in ours)
        {
            var theirs = published[name]!;
            if (node.Description.Length == 0 || node.Description == (string?)theirs["description"]) lacking.Add(name);
            foreach (var field in node.Properties)
                if (field.Description.Length == 0 && theirs["properties"]![field.Name]?["description"] is not null || IsSentence(field.Description) && field.Description == (string?)theirs["properties"]![field.Name]?["description"])
                    lacking.Add($"{name}.{field.Name}");
        }
        Assert.Empty(lacking);
    }

    // A few words may well be the same.
    private static bool IsSentence(string text) => text.Count(c => c == ' ') > 4;

    private static JsonObject Published()
    {
        var all = new JsonObject();
        foreach (var file in Directory.GetFiles(Reference.Path("openapi/v3"), "*.json"))
            foreach (var (name, schema) in JsonNode.Parse(File.ReadAllBytes(file))!["components"]?["schemas"]?.AsObject() ?? [])
                all.TryAdd(name, schema!.DeepClone());
        return all;
    }

    private static void Collect(SchemaNode node, SortedDictionary<string, SchemaNode> into)
    {
        if (node.Items is { } items) Collect(items, into);
        if (node.Definition is null || node.Type != SchemaType.Object || !into.TryAdd(node.Definition, node.Unrefined)) return;
        foreach (var property in node.Properties) Collect(property.Node, into);
    }

    private static void Compare(string name, SchemaNode ours, JsonObject theirs, List<string> differences)
    {
        void Same(string what, string? mine, string? published)
        {
            if (mine != published) differences.Add($"{name} {what}: {mine ?? "-"} here, {published ?? "-"} upstream");
        }

        var fields = theirs["properties"]?.AsObject() ?? [];
        Same("fields", Join(ours.Properties.Select(p => p.Name)), Join(fields.Select(p => p.Key)));
        Same("required", Join(ours.Properties.Where(p => p.Required).Select(p => p.Name)), Join(theirs["required"]?.AsArray().Select(n => (string)n!) ?? []));
        Same("map type", ours.Atomic ? "atomic" : null, (string?)theirs["x-kubernetes-map-type"]);
        Same("unions", ours.Unions.Count.ToString(), (theirs["x-kubernetes-unions"]?.AsArray().Count ?? 0).ToString());
        foreach (var field in ours.Properties)
        {
            if (fields[field.Name] is not JsonObject published) continue;
            var node = field.Node;
            Same($"{field.Name} type", TypeOf(node), TypeOf(published));
            Same($"{field.Name} map type", node.Granular ? "granular" : node is { Atomic: true, Type: SchemaType.Map } ? "atomic" : null, (string?)published["x-kubernetes-map-type"]);
            Same($"{field.Name} list type", node.ListType, (string?)published["x-kubernetes-list-type"]);
            Same($"{field.Name} list keys", Join(node.ListKeys), Join(published["x-kubernetes-list-map-keys"]?.AsArray().Select(n => (string)n!) ?? []));
            Same($"{field.Name} patch strategy", field.PatchStrategy, (string?)published["x-kubernetes-patch-strategy"]);
            Same($"{field.Name} merge key", field.PatchMergeKey, (string?)published["x-kubernetes-patch-merge-key"]);
            Same($"{field.Name} default", Default(field), published["default"]?.ToJsonString());
        }
    }

    private static string? Default(SchemaProperty field)
    {
        if (field.PublishedDefault is not null) return field.PublishedDefault;
        if (field.Pointer || field.Presence != Presence.Always) return null;
        return field.Node.Type switch
        {
            SchemaType.Object => "{}",
            SchemaType.String when field.Node.Format is not ("date-time" or "micro-time" or "byte") => "\"\"",
            SchemaType.Integer or SchemaType.Number => "0",
            SchemaType.Boolean => "false",
            _ => null,
        };
    }

    private static string TypeOf(SchemaNode node) => node.Type switch
    {
        SchemaType.Object => node.Definition!,
        SchemaType.Map => $"map of {TypeOf(node.Items!)}",
        SchemaType.Array => $"list of {TypeOf(node.Items!)}",
        SchemaType.IntOrString => "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
        SchemaType.Quantity => "io.k8s.apimachinery.pkg.api.resource.Quantity",
        SchemaType.Any => node.Untyped ? node.Definition! : "any",
        SchemaType.String when node.Format == "date-time" => "io.k8s.apimachinery.pkg.apis.meta.v1.Time",
        SchemaType.String when node.Format == "micro-time" => "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime",
        var simple => $"{simple.ToString().ToLowerInvariant()} {node.Format}",
    };

    private static string TypeOf(JsonObject published)
    {
        if (((string?)published["$ref"] ?? (string?)published["allOf"]?[0]?["$ref"]) is { } reference)
            return reference[(reference.LastIndexOf('/') + 1)..] is var name && name.EndsWith(".FieldsV1", StringComparison.Ordinal) || name.EndsWith(".RawExtension", StringComparison.Ordinal) ? "any" : name;
        if (published["additionalProperties"] is JsonObject values) return $"map of {TypeOf(values)}";
        if (published["items"] is JsonObject items) return $"list of {TypeOf(items)}";
        return $"{published["type"]} {published["format"]}";
    }

    private static string Join(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));
}
