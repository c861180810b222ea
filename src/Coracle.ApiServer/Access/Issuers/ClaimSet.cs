using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>The claims of a token that has been verified, read as Go's decoder reads them into strings, booleans and lists.</summary>
internal sealed class ClaimSet(JsonObject claims)
{
    /// <summary>As expressions see them.</summary>
    public JsonObject Json => claims;

    public bool Has(string name) => claims.ContainsKey(name);

    public JsonNode? this[string name]
    {
        get => claims[name];
        set => claims[name] = value;
    }

    /// <summary>A claim that has to be a text; an error otherwise.</summary>
    public string? Text(string name, out string text)
    {
        text = "";
        if (!claims.TryGetPropertyValue(name, out var value)) return "claim not present";
        if (value is null) return null;
        if (value.GetValueKind() != JsonValueKind.String) return $"json: cannot unmarshal {KindOf(value)} into Go value of type string";
        text = value.GetValue<string>();
        return null;
    }

    public string? Bool(string name, out bool flag)
    {
        flag = false;
        if (!claims.TryGetPropertyValue(name, out var value)) return "claim not present";
        if (value is null) return null;
        if (value.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)) return $"json: cannot unmarshal {KindOf(value)} into Go value of type bool";
        flag = value.GetValue<bool>();
        return null;
    }

    /// <summary>A claim that is a text or a list of texts.</summary>
    public string? Texts(string name, out List<string> texts)
    {
        texts = [];
        if (claims[name] is not JsonArray array)
        {
            if (claims[name] is null) return null;
            var error = Text(name, out var single);
            texts.Add(single);
            return error;
        }
        foreach (var item in array)
        {
            if (item is not null && item.GetValueKind() != JsonValueKind.String) return "json: cannot unmarshal array into Go value of type string";
            texts.Add(item?.GetValue<string>() ?? "");
        }
        return null;
    }

    private static string KindOf(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "string",
    };
}
