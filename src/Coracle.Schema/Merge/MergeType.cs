using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>A value that may be absent, which differs from null.</summary>
internal readonly record struct Maybe(bool Present, JsonNode? Node)
{
    public static Maybe Absent => default;
    public static Maybe Of(JsonNode? node) => new(true, node);
    public static Maybe In(JsonObject? obj, string name) => obj is not null && obj.TryGetPropertyValue(name, out var node) ? Of(node) : Absent;
}

/// <summary>As what a value merges.</summary>
internal enum MergeForm { Map, Scalar, List }

/// <summary>
/// How values at one place merge under server-side apply: what the schema says of them (kube-openapi, schemaconv). Without a schema objects merge by
/// field and lists are replaced.
/// </summary>
internal readonly record struct MergeType(SchemaNode? Node, string? PatchStrategy, string? PatchMergeKey)
{
    public static MergeType Untyped => default;
    public static MergeType Of(SchemaNode node) => new(node, null, null);

    private bool IsUntyped => Node is null || Node.Type == SchemaType.Any;

    /// <summary>The form of a value here: of anything where there is no schema, of the schema's type otherwise.</summary>
    public MergeForm Form(Maybe value)
    {
        if (!IsUntyped)
            return Node!.Type switch { SchemaType.Object or SchemaType.Map => MergeForm.Map, SchemaType.Array => MergeForm.List, _ => MergeForm.Scalar };
        return value.Node switch { null or JsonObject => MergeForm.Map, JsonArray => MergeForm.List, _ => MergeForm.Scalar };
    }

    public bool IsAtomicMap => Node?.Atomic == true;

    public bool IsAtomicList => ListType == "atomic";

    /// <summary>The key fields of a list's items; none for a set.</summary>
    public IReadOnlyList<string> ListKeys =>
        Node!.ListType is not null ? Node.ListType == "map" ? Node.ListKeys : [] : PatchMergeKey is { Length: > 0 } key ? [key] : [];

    private string ListType
    {
        get
        {
            if (IsUntyped) return "atomic";
            if (Node!.ListType is { } said) return said;
            // Where only strategic merge is described, apply follows it.
            return PatchStrategy is "merge" or "merge,retainKeys" ? PatchMergeKey is { Length: > 0 } ? "map" : "set" : "atomic";
        }
    }

    public MergeType Items => Node?.Items is { } items ? Of(items) : Untyped;

    /// <summary>The schema names a field of this name.</summary>
    public bool Declares(string field) => Node?.Type == SchemaType.Object && Node.Property(field) is not null;

    /// <summary>The type of a field or map entry; null where the schema allows none of that name.</summary>
    public MergeType? Field(string name)
    {
        if (IsUntyped) return Untyped;
        if (Node!.Type == SchemaType.Map) return Items;
        if (Node.Property(name) is { } property) return new(property.Node, property.PatchStrategy, property.PatchMergeKey);
        return Node.PreserveUnknown || Node.EmbeddedResource || Node.Properties.Count == 0 ? Untyped : null;
    }

    /// <summary>The type behind a step of a path; null where it leads nowhere.</summary>
    public MergeType? TypeBelow(PathElement element) => element.Kind switch
    {
        PathElementKind.Field when Node is null || Node.Type is SchemaType.Object or SchemaType.Map or SchemaType.Any => Field(element.Text),
        PathElementKind.Key when Node?.Type == SchemaType.Array => Items,
        _ => null,
    };

    /// <summary>How a list's item is named. Gives what is wrong with an item that has no name.</summary>
    public PathElement? Name(JsonNode? item, out string? error)
    {
        error = null;
        return ListKeys.Count > 0 ? NameByKeys(item, out error) : NameByValue(item, out error);
    }

    private PathElement? NameByKeys(JsonNode? item, out string? error)
    {
        error = item switch
        {
            null => "associative list with keys may not have a null element",
            not JsonObject => "associative list with keys may not have non-map elements",
            _ => null,
        };
        if (error is not null) return null;
        var keys = ListKeys;
        if (keys.Count == 1 && ((JsonObject)item!).TryGetPropertyValue(keys[0], out var only)) return PathElement.Key(keys[0], only);
        var fields = new List<KeyValuePair<string, JsonNode?>>(keys.Count);
        foreach (var key in keys)
        {
            if (((JsonObject)item!).TryGetPropertyValue(key, out var value)) fields.Add(new(key, value));
            else if (Node!.Items?.Property(key)?.NewDefault() is { } given) fields.Add(new(key, given));
        }
        if (fields.Count == 0)
        {
            var names = string.Join(' ', keys.Select(GoText.Quote));
            error = $"associative list with keys has an element that omits all key fields [{names}] (and doesn't have default values for any key fields)";
            return null;
        }
        fields.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return PathElement.Key(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(fields));
    }

    private static PathElement? NameByValue(JsonNode? item, out string? error)
    {
        error = item switch
        {
            JsonObject => "associative list without keys has an element that's a map type",
            JsonArray => "not supported: associative list with lists as elements",
            null => "associative list without keys has an element that's an explicit null",
            _ => null,
        };
        return error is null ? PathElement.Value(item) : null;
    }

    /// <summary>What is wrong with a scalar of this type, or null.</summary>
    public string? CheckScalar(JsonNode? value)
    {
        if (value is null) return null;
        var kind = value.GetValueKind();
        var type = Node?.Type ?? SchemaType.Any;
        return type switch
        {
            SchemaType.Integer or SchemaType.Number when kind != JsonValueKind.Number => $"expected numeric (int or float), got {GoKinds.Name(value)}",
            SchemaType.String when kind != JsonValueKind.String => $"expected string, got &value.valueUnstructured{{Value:{GoSyntax(value)}}}",
            SchemaType.Boolean when kind is not (JsonValueKind.True or JsonValueKind.False) => $"expected boolean, got &{{{GoText.Print(value)}}}",
            SchemaType.IntOrString or SchemaType.Quantity when kind is JsonValueKind.Object or JsonValueKind.Array => $"expected any scalar, got &{{{GoText.Print(value)}}}",
            _ => null,
        };
    }

    private static string GoSyntax(JsonNode value) => value switch
    {
        JsonObject or JsonArray => GoKinds.Name(value) + "{" + GoText.Print(value) + "}",
        _ => GoText.Print(value),
    };
}
