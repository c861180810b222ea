using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Whole objects inside of others say what they are (apiextensions-apiserver, pkg/apiserver/schema/objectmeta/validation.go).</summary>
internal static class EmbeddedObjects
{
    public static void Validate(JsonNode? value, SchemaNode node, FieldPath path, FieldErrors errors)
    {
        if (!node.HasEmbedded) return;
        switch (value)
        {
            case JsonArray list when node.Items is { Checks: not null } items:
                for (var i = 0; i < list.Count; i++) Validate(list[i], items, path[i], errors);
                break;
            case JsonObject map when node.Type == SchemaType.Map && node.Items is { Checks: not null } items:
                foreach (var (key, item) in map) Validate(item, items, path.Key(key), errors);
                break;
            case JsonObject obj:
                if (node.EmbeddedResource) Embedded(obj, path, errors);
                foreach (var (name, field) in obj)
                    if (node.Property(name)?.Node is { Checks: not null } below) Validate(field, below, path.Child(name), errors);
                break;
        }
    }

    private static void Embedded(JsonObject obj, FieldPath path, FieldErrors errors)
    {
        if (!obj.ContainsKey("apiVersion")) errors.Required(path / "apiVersion");
        if (!obj.ContainsKey("kind")) errors.Required(path / "kind");
        if (obj.ContainsKey("apiVersion"))
        {
            var version = Meta.Text(obj, "apiVersion");
            if (version.Length == 0) errors.Invalid(path / "apiVersion", version, "must not be empty");
            else if (version.Count(c => c == '/') > 1) errors.Invalid(path / "apiVersion", version, $"unexpected GroupVersion string: {version}");
        }
        if (obj.ContainsKey("kind"))
        {
            var kind = Meta.Text(obj, "kind");
            if (kind.Length == 0) errors.Invalid(path / "kind", kind, "must not be empty");
            else if (NameRules.Dns1035Label(kind.ToLowerInvariant()) is { Count: > 0 } bad)
                errors.Invalid(path / "kind", kind, "may have mixed case, but should otherwise match: " + string.Join(',', bad));
        }
        if (obj["metadata"] is JsonObject meta && Meta.Text(meta, "name") is { Length: > 0 } name)
            foreach (var problem in NameRules.PathSegment(name)) errors.Invalid(path / "metadata" / "name", name, problem);
    }
}
