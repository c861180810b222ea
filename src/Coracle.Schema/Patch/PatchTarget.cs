using System.Globalization;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>A place in a document: a key of an object or an index of an array. Each operation gives what is wrong, or null.</summary>
internal readonly record struct PatchTarget(JsonNode Holder, string Key)
{
    /// <summary>The value there. A missing property reads as null, without a fault.</summary>
    public string? Get(out JsonNode? value)
    {
        value = null;
        if (Holder is JsonObject obj)
        {
            value = obj[Key];
            return null;
        }
        var array = (JsonArray)Holder;
        if (Index(array.Count, array.Count - 1, out var index) is { } fault) return fault;
        value = array[index];
        return null;
    }

    public string? Add(JsonNode? value)
    {
        if (Holder is JsonObject obj)
        {
            obj[Key] = value;
            return null;
        }
        var array = (JsonArray)Holder;
        if (Key == "-")
        {
            array.Add(value);
            return null;
        }
        if (Number(out _) is { } wrong) return $"value was not a proper array index: '{Key}': {wrong}";
        if (Index(array.Count + 1, array.Count, out var index) is { } fault) return fault;
        array.Insert(index, value);
        return null;
    }

    /// <summary>Replaces a value that <see cref="Get"/> has found.</summary>
    public void Set(JsonNode? value)
    {
        if (Holder is JsonObject obj) obj[Key] = value;
        else if (Holder is JsonArray array && Index(array.Count, array.Count - 1, out var index) is null) array[index] = value;
    }

    public string? Remove()
    {
        if (Holder is JsonObject obj) return obj.Remove(Key) ? null : $"Unable to remove nonexistent key: {Key}: missing value";
        var array = (JsonArray)Holder;
        if (Index(array.Count, array.Count - 1, out var index) is { } fault) return fault;
        array.RemoveAt(index);
        return null;
    }

    /// <summary>Reads the key as an index; negative ones count from <paramref name="size"/>.</summary>
    private string? Index(int size, int last, out int index)
    {
        index = 0;
        if (Number(out var number) is { } wrong) return wrong;
        if (number > last || number < -size) return $"Unable to access invalid index: {number}: invalid index referenced";
        index = (int)(number < 0 ? number + size : number);
        return null;
    }

    private string? Number(out long number)
    {
        if (long.TryParse(Key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)) return null;
        var digits = Key.AsSpan().TrimStart("+-");
        var isNumber = !digits.IsEmpty && Key.Length - digits.Length <= 1 && digits.IndexOfAnyExceptInRange('0', '9') < 0;
        return $"strconv.Atoi: parsing {GoText.Quote(Key)}: {(isNumber ? "value out of range" : "invalid syntax")}";
    }
}
