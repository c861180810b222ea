using System.Globalization;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>A type's schema as a definition of a custom resource says it: structural, whole, without references.</summary>
internal sealed class StructuralSchema
{
    private const string QuantityPattern = @"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";
    private const string BuiltIn = "io.k8s.";

    private readonly HashSet<SchemaNode> above = [];

    /// <summary>The schema of a kind's root. Of its metadata nothing is said: every object has the same.</summary>
    public static JsonObject Of(KindInfo kind)
    {
        var root = new StructuralSchema().Value(kind.Schema, kind.Schema.Description);
        var properties = (JsonObject)root["properties"]!;
        properties["apiVersion"] = Text("The group and version of what is here, as GROUP/VERSION.");
        properties["kind"] = Text("The kind of what is here.");
        properties["metadata"] = new JsonObject { ["type"] = "object" };
        return root;
    }

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private JsonObject Value(SchemaNode node, string description)
    {
        var value = new JsonObject();
        if (description.Length > 0) value["description"] = description;
        switch (node.Type)
        {
            case SchemaType.Object: Object(value, node); break;
            case SchemaType.Map:
                value["type"] = "object";
                value["additionalProperties"] = Value(node.Items!, "");
                break;
            case SchemaType.Array: Array(value, node); break;
            case SchemaType.String: String(value, node); break;
            case SchemaType.Integer or SchemaType.Number: Number(value, node); break;
            case SchemaType.Boolean: value["type"] = "boolean"; break;
            case SchemaType.IntOrString: IntOrString(value); break;
            case SchemaType.Quantity:
                IntOrString(value);
                value["pattern"] = QuantityPattern;
                break;
            default: value["x-kubernetes-preserve-unknown-fields"] = true; break;
        }
        if (node.Nullable) value["nullable"] = true;
        if (node.Enum is { Count: > 0 } allowed) value["enum"] = Strings(allowed);
        if (node.Atomic || node.Granular) value["x-kubernetes-map-type"] = node.Atomic ? "atomic" : "granular";
        if (node.Rules.Count > 0) value["x-kubernetes-validations"] = new JsonArray([.. node.Rules.Select(Rule)]);
        return value;
    }

    private void Object(JsonObject value, SchemaNode node)
    {
        value["type"] = "object";
        // A type within itself has no structural schema: what is there is kept as it comes.
        if (node.PreserveUnknown || !above.Add(node.Unrefined))
        {
            value["x-kubernetes-preserve-unknown-fields"] = true;
            if (node.EmbeddedResource) value["x-kubernetes-embedded-resource"] = true;
            return;
        }
        var properties = new JsonObject();
        foreach (var property in node.Properties.OrderBy(p => p.Name, StringComparer.Ordinal)) properties[property.Name] = Property(property, node);
        value["properties"] = properties;
        var required = node.Properties.Where(p => p.Required).Select(p => p.Name).Order(StringComparer.Ordinal).ToList();
        if (required.Count > 0) value["required"] = Strings(required);
        above.Remove(node.Unrefined);
    }

    private JsonObject Property(SchemaProperty property, SchemaNode owner)
    {
        var value = Value(property.Node, property.Description.Length > 0 ? property.Description : property.Node.Description);
        // Types that ship in the box are given their defaults by the kinds that hold them.
        if (property.Default is not null && !IsBuiltIn(owner)) value["default"] = property.NewDefault();
        return value;
    }

    private static bool IsBuiltIn(SchemaNode node) => node.Definition?.StartsWith(BuiltIn, StringComparison.Ordinal) == true;

    private void Array(JsonObject value, SchemaNode node)
    {
        var items = Value(node.Items!, node.Items!.Type == SchemaType.Object ? node.Items.Description : "");
        value["type"] = "array";
        value["items"] = items;
        Bounds(value, node, "minItems", "maxItems");
        if (node.ListType is null) return;
        value["x-kubernetes-list-type"] = node.ListType;
        if (node.ListKeys.Count == 0) return;
        value["x-kubernetes-list-map-keys"] = Strings(node.ListKeys);
        foreach (var key in node.ListKeys) DefaultOfKey(items, node.Items, key);
    }

    // What items are told apart by must be there, or have a default.
    private static void DefaultOfKey(JsonObject items, SchemaNode node, string key)
    {
        if (node.Property(key) is { Required: false, Default: not null } property && items["properties"]?[key] is JsonObject schema) schema["default"] = property.NewDefault();
    }

    private static void String(JsonObject value, SchemaNode node)
    {
        value["type"] = "string";
        if (node.Format is { } format) value["format"] = format == "micro-time" ? "date-time" : format;
        if (node.Pattern is { } pattern) value["pattern"] = pattern;
        Bounds(value, node, "minLength", "maxLength");
    }

    private static void Number(JsonObject value, SchemaNode node)
    {
        value["type"] = node.Type == SchemaType.Integer ? "integer" : "number";
        if (node.Format is { } format) value["format"] = format;
        Bounds(value, node, "minimum", "maximum");
    }

    private static void Bounds(JsonObject value, SchemaNode node, string least, string most)
    {
        if (node.Minimum is { } minimum) value[least] = Whole(minimum);
        if (node.Maximum is { } maximum) value[most] = Whole(maximum);
    }

    private static JsonNode Whole(double number) => JsonNode.Parse(number.ToString("R", CultureInfo.InvariantCulture))!;

    private static void IntOrString(JsonObject value)
    {
        value["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" });
        value["x-kubernetes-int-or-string"] = true;
    }

    private static JsonNode? Rule(SchemaRule rule)
    {
        var value = new JsonObject { ["rule"] = rule.Expression };
        if (rule.Message is { } message) value["message"] = message;
        if (rule.MessageExpression is { } expression) value["messageExpression"] = expression;
        if (rule.Reason is { } reason) value["reason"] = reason;
        if (rule.FieldPath is { } path) value["fieldPath"] = path;
        if (rule.OptionalOldSelf) value["optionalOldSelf"] = true;
        return value;
    }

    internal static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode?)JsonValue.Create(v))]);
}
