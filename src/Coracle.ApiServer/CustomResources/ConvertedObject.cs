using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>An object that a webhook has converted: still the same one, with its own metadata but for labels and annotations.</summary>
internal static class ConvertedObject
{
    /// <summary>Puts the original's metadata back; or says what is wrong, with {i} where the object's place belongs.</summary>
    public static string? Accept(JsonObject original, JsonNode? answer, KindInfo to)
    {
        const string invalid = "invalid object at index {i}: ";
        if (answer is not JsonObject converted) return $"{invalid}unexpected type";
        if (Meta.Text(converted, "apiVersion") is var version && version != to.ApiVersion) return $"{invalid}invalid groupVersion (expected {to.ApiVersion}, received {version})";
        var (kind, got) = (Meta.Text(original, "kind"), Meta.Text(converted, "kind"));
        if (kind != got) return $"{invalid}invalid kind (expected {kind}, received {got})";
        if (converted["metadata"] is not JsonObject meta)
            return converted.ContainsKey("metadata") ? "invalid metadata: invalid metadata of type in converted object" : "invalid metadata: missing metadata in converted object";
        var own = Meta.Of(original);
        foreach (var (field, name) in (ReadOnlySpan<(string, string)>)[("name", "name"), ("namespace", "namespace"), ("uid", "UID")])
            if (Meta.Text(own, field) != Meta.Text(meta, field)) return $"invalid object: must have the same {name}: {Meta.Text(own, field)} != {Meta.Text(meta, field)}";
        return Restore(own, meta, converted) is { } problem ? $"invalid metadata: {problem}" : null;
    }

    private static string? Restore(JsonObject own, JsonObject answered, JsonObject converted)
    {
        var kept = (JsonObject)own.DeepClone();
        converted["metadata"] = kept;
        foreach (var field in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            kept.Remove(field);
            if (answered[field] is not { } value) continue;
            if (value is not JsonObject texts) return $"invalid metadata.{field} of type {GoType(value)} in converted object";
            foreach (var (key, text) in texts)
                if (text?.GetValueKind() != JsonValueKind.String) return $"metadata.{field}[{key}] must be a string, but is {GoType(text)} in converted object";
            if (!JsonNode.DeepEquals(texts, own[field]) && Problems(field, texts) is { Count: > 0 } problems) return problems.Count == 1 ? problems[0] : $"[{string.Join(", ", problems)}]";
            kept[field] = texts.DeepClone();
        }
        return null;
    }

    private static List<string> Problems(string field, JsonObject texts)
    {
        var errors = new FieldErrors();
        MetaRules.LabelsAndAnnotations(new JsonObject { [field] = texts.DeepClone() }, errors);
        return [.. errors.All.Select(e => e.ToString())];
    }

    private static string GoType(JsonNode? value) => value?.GetValueKind() switch
    {
        null => "<nil>",
        JsonValueKind.Object => "map[string]interface {}",
        JsonValueKind.Array => "[]interface {}",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value is JsonValue number && number.TryGetValue<long>(out _) ? "int64" : "float64",
        _ => "bool",
    };
}
