using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>Fills absent fields with the defaults of the schema. Idempotent.</summary>
public static class Defaulter
{
    public static void Apply(JsonObject obj, SchemaNode schema)
    {
        if (schema.HasDefaults) Object(obj, schema);
    }

    private static void Value(JsonNode? value, SchemaNode schema)
    {
        if (!schema.HasDefaults) return;
        switch (value)
        {
            case JsonObject obj when schema.Type == SchemaType.Object: Object(obj, schema); break;
            case JsonObject map when schema.Type == SchemaType.Map && schema.Items is { } items: Entries(map, items); break;
            case JsonArray list when schema.Items is { } items: Items(list, items); break;
            case JsonObject obj when schema.WhenObject is { } form: Object(obj, form); break;
        }
    }

    private static void Entries(JsonObject map, SchemaNode items)
    {
        if (items is { NullDefault: { } given, Nullable: false })
            foreach (var key in map.Where(entry => entry.Value is null).Select(entry => entry.Key).ToList()) map[key] = ApiJson.ParseTree(given);
        foreach (var (_, item) in map) Value(item, items);
    }

    private static void Items(JsonArray list, SchemaNode items)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] is null && items is { NullDefault: { } given, Nullable: false }) list[i] = ApiJson.ParseTree(given);
            Value(list[i], items);
        }
    }

    private static void Object(JsonObject obj, SchemaNode schema)
    {
        foreach (var property in schema.DefaultedFields)
        {
            if (!obj.TryGetPropertyValue(property.Name, out var value) || Unset(value, property))
            {
                value = property.NewDefault() ?? Embedded(property);
                if (value is null) continue;
                obj[property.Name] = value;
            }
            Value(value, property.Node);
        }
    }

    // A field that Go cannot tell from its zero value is absent when it is zero: "" or 0 takes the default.
    private static bool Unset(JsonNode? value, SchemaProperty property) =>
        value is null ? !property.Node.Nullable : property.Presence == Presence.WhenNotEmpty && property.Default is not null && Encoder.IsZero(value, property.Node);

    // An embedded struct is there even when nobody wrote it, and so are the defaults inside.
    private static JsonObject? Embedded(SchemaProperty property) =>
        property is { Presence: Presence.Always, Pointer: false, Node.Type: SchemaType.Object } ? new JsonObject() : null;
}
