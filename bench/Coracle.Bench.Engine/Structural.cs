using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Bench.Engine;

/// <summary>The schema of a built-in kind as an operator's tools would write it into a definition: types, formats, enumerations, bounds, defaults, keys of lists.</summary>
internal static class Structural
{
    private const string QuantityPattern = @"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";

    /// <summary>A kind's spec and status.</summary>
    public static JsonObject Of(KindInfo kind, Action<string, JsonObject>? more = null)
    {
        var fields = new JsonObject();
        foreach (var property in kind.Schema.Properties)
            if (property.Name is not ("apiVersion" or "kind" or "metadata")) fields[property.Name] = Field(property, property.Name, more);
        return new() { ["type"] = "object", ["properties"] = fields };
    }

    private static JsonObject Field(SchemaProperty property, string path, Action<string, JsonObject>? more)
    {
        var schema = property.Name == "metadata" ? Meta() : Node(property.Node, path, more);
        if (property.Default is { } given) schema["default"] = JsonNode.Parse(given);
        more?.Invoke(path, schema);
        return schema;
    }

    /// <param name="node">The schema.</param>
    /// <param name="path">Where it is: "spec.template.spec.containers[].image".</param>
    /// <param name="more">Gets each part with its path, to add to it.</param>
    private static JsonObject Node(SchemaNode node, string path, Action<string, JsonObject>? more) => node.Type switch
    {
        SchemaType.Object => Object(node, path, more),
        SchemaType.Map => new() { ["type"] = "object", ["additionalProperties"] = Below(node.Items!, path + "{}", more) },
        SchemaType.Array => List(node, path, more),
        SchemaType.String => Text(node),
        SchemaType.Integer => Number(node),
        SchemaType.Number => new() { ["type"] = "number" },
        SchemaType.Boolean => new() { ["type"] = "boolean" },
        SchemaType.IntOrString => Either(),
        SchemaType.Quantity => Quantity(),
        _ => new() { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true },
    };

    private static JsonObject Below(SchemaNode node, string path, Action<string, JsonObject>? more)
    {
        var schema = Node(node, path, more);
        more?.Invoke(path, schema);
        return schema;
    }

    private static JsonObject Object(SchemaNode node, string path, Action<string, JsonObject>? more)
    {
        var fields = new JsonObject();
        foreach (var property in node.Properties) fields[property.Name] = Field(property, $"{path}.{property.Name}", more);
        var schema = new JsonObject { ["type"] = "object", ["properties"] = fields };
        var required = node.Properties.Where(p => p.Required && p.Default is null).Select(p => (JsonNode)p.Name).ToArray();
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        return schema;
    }

    private static JsonObject List(SchemaNode node, string path, Action<string, JsonObject>? more)
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = Below(node.Items!, path + "[]", more) };
        // Keys that may be absent are not for definitions.
        var keyed = node.ListType == "map" && node.ListKeys.All(key => node.Items!.Property(key) is { } part && (part.Required || part.Default is not null));
        if (node.ListType == "map" && !keyed) return schema;
        if (node.ListType is { } type) schema["x-kubernetes-list-type"] = type;
        if (keyed) schema["x-kubernetes-list-map-keys"] = new JsonArray([.. node.ListKeys.Select(key => (JsonNode)key)]);
        return schema;
    }

    private static JsonObject Text(SchemaNode node)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (node.Format is "date-time" or "byte") schema["format"] = node.Format;
        if (node.Enum is { } allowed) schema["enum"] = new JsonArray([.. allowed.Select(value => (JsonNode)value)]);
        return schema;
    }

    private static JsonObject Number(SchemaNode node)
    {
        var schema = new JsonObject { ["type"] = "integer", ["format"] = node.Format ?? "int64" };
        if (node.Minimum is { } min) schema["minimum"] = (long)min;
        if (node.Maximum is { } max) schema["maximum"] = (long)max;
        return schema;
    }

    private static JsonObject Either() => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }), ["x-kubernetes-int-or-string"] = true,
    };

    private static JsonObject Quantity() => new() { ["type"] = "string", ["maxLength"] = 32, ["pattern"] = QuantityPattern };

    private static JsonObject Meta() => (JsonObject)JsonNode.Parse(
        """{"type":"object","properties":{"name":{"type":"string"},"labels":{"type":"object","maxProperties":64,"additionalProperties":{"type":"string","maxLength":63}},"annotations":{"type":"object","additionalProperties":{"type":"string"}}}}""")!;
}
