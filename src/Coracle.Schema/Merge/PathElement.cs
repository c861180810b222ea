using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>How a step goes from a container to what is in it, in the order in which steps are sorted.</summary>
public enum PathElementKind : byte
{
    /// <summary>By the name of a field or a map's key: "f:spec".</summary>
    Field,

    /// <summary>By the key fields of a list's item: k:{"name":"web"}.</summary>
    Key,

    /// <summary>By the value of a set's item: v:"x".</summary>
    Value,

    /// <summary>By place in a list: i:0.</summary>
    Index,
}

/// <summary>One step of a path to a field (structured-merge-diff, fieldpath.PathElement).</summary>
/// <param name="Kind">How the step is said.</param>
/// <param name="Text">A field's name, or the JSON of a key, a value or an index.</param>
public readonly record struct PathElement(PathElementKind Kind, string Text) : IComparable<PathElement>
{
    public static PathElement Field(string name) => new(PathElementKind.Field, name);

    internal static PathElement Index(int index) => new(PathElementKind.Index, index.ToString(CultureInfo.InvariantCulture));

    /// <summary>An item of a set.</summary>
    internal static PathElement Value(JsonNode? value) => new(PathElementKind.Value, Json(value));

    /// <summary>An item by its key fields, which must be sorted by name.</summary>
    internal static PathElement Key(ReadOnlySpan<KeyValuePair<string, JsonNode?>> fields)
    {
        if (fields.Length == 1) return Key(fields[0].Key, fields[0].Value);
        var text = new StringBuilder("{");
        foreach (var (name, value) in fields)
        {
            if (text.Length > 1) text.Append(',');
            text.Append(Json(name)).Append(':').Append(Json(value));
        }
        return new(PathElementKind.Key, text.Append('}').ToString());
    }

    /// <summary>An item of a list with one key field, as nearly all are.</summary>
    internal static PathElement Key(string name, JsonNode? value) => new(PathElementKind.Key,
        value is JsonValue scalar && scalar.TryGetValue<string>(out var text) && IsPlain(text) && IsPlain(name) ? $"{{\"{name}\":\"{text}\"}}" : $"{{{Json(name)}:{Json(value)}}}");

    /// <summary>Reads "f:name", "k:{...}", "v:..." or "i:0"; null for a kind that is not known. Throws <see cref="FormatException"/> on anything else.</summary>
    public static PathElement? Parse(string text)
    {
        if (text.Length < 2) throw new FormatException("key must be 2 characters long:");
        if (text[1] != ':') throw new FormatException("missing colon: " + text);
        var rest = text[2..];
        return text[0] switch
        {
            'f' => Field(rest),
            'k' => ParseKey(rest),
            'v' => Value(ParseJson(rest)),
            'i' => int.TryParse(rest, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)
                ? new(PathElementKind.Index, index.ToString(CultureInfo.InvariantCulture))
                : throw new FormatException($"strconv.Atoi: parsing {GoText.Quote(rest)}: invalid syntax"),
            _ => null,
        };
    }

    private static PathElement ParseKey(string json)
    {
        // What we wrote ourselves needs no second look.
        if (IsCanonicalKey(json)) return new(PathElementKind.Key, json);
        var fields = (ParseJson(json) as JsonObject ?? throw new FormatException("expected an object: " + json)).ToArray();
        System.Array.Sort(fields, (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return Key(fields);
    }

    // One field that is a plain text or a small whole number: {"name":"web"}, {"port":80}.
    private static bool IsCanonicalKey(ReadOnlySpan<char> json)
    {
        if (!json.StartsWith("{\"") || json[^1] != '}') return false;
        var field = json[2..^1];
        var colon = field.IndexOf("\":");
        if (colon < 0 || field[..colon].ContainsAnyExcept(Plain)) return false;
        var value = field[(colon + 2)..];
        if (value.Length > 1 && value[0] == '"') return value[^1] == '"' && !value[1..^1].ContainsAnyExcept(Plain);
        return value.Length is > 0 and < 10 && !value.ContainsAnyExceptInRange('0', '9') && (value[0] != '0' || value.Length == 1);
    }

    private static JsonNode? ParseJson(string json) =>
        Decoder.DecodeTree(Encoding.UTF8.GetBytes(json)) is { Error: null } decoded ? decoded.Value : throw new FormatException("not JSON: " + json);

    /// <summary>As it stands in a set's JSON: "f:spec".</summary>
    public string Serialized => Prefix + Text;

    private string Prefix => Kind switch { PathElementKind.Field => "f:", PathElementKind.Key => "k:", PathElementKind.Value => "v:", _ => "i:" };

    /// <summary>Begins an object under the name that this is in a set's JSON.</summary>
    internal void WriteStart(Utf8JsonWriter writer)
    {
        var name = Text.Length < 128 ? stackalloc char[130] : new char[Text.Length + 2];
        Prefix.CopyTo(name);
        Text.CopyTo(name[2..]);
        writer.WriteStartObject(name[..(Text.Length + 2)]);
    }

    public int CompareTo(PathElement other)
    {
        if (Kind != other.Kind) return Kind.CompareTo(other.Kind);
        return Kind == PathElementKind.Field ? string.CompareOrdinal(Text, other.Text) : CompareJson(Text, other.Text);
    }

    public static bool operator <(PathElement left, PathElement right) => left.CompareTo(right) < 0;
    public static bool operator >(PathElement left, PathElement right) => left.CompareTo(right) > 0;
    public static bool operator <=(PathElement left, PathElement right) => left.CompareTo(right) <= 0;
    public static bool operator >=(PathElement left, PathElement right) => left.CompareTo(right) >= 0;

    /// <summary>Compares compact JSON of the same shape: numbers by value and before strings, everything else by text.</summary>
    private static int CompareJson(string a, string b)
    {
        var inString = false;
        var numberStart = 0;
        for (var i = 0; i < a.Length && i < b.Length; i++)
        {
            var (x, y) = (a[i], b[i]);
            if (x != y) return inString ? x - y : CompareTokens(a, b, inNumber: i > numberStart ? numberStart : i);
            if (x == '\\' && inString) i++;
            else if (x == '"') inString = !inString;
            if (inString || !IsNumberPart(x)) numberStart = i + 1;
        }
        return a.Length - b.Length;
    }

    private static int CompareTokens(string a, string b, int inNumber)
    {
        var (left, right) = (NumberAt(a, inNumber), NumberAt(b, inNumber));
        if (left is { } x && right is { } y) return x.CompareTo(y);
        if (left is not null || right is not null) return left is not null ? -1 : 1;
        return a[inNumber] - b[inNumber];
    }

    private static double? NumberAt(string text, int start)
    {
        var end = start;
        while (end < text.Length && IsNumberPart(text[end])) end++;
        return double.TryParse(text.AsSpan(start, end - start), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static bool IsNumberPart(char c) => char.IsAsciiDigit(c) || c is '-' or '+' or '.' or 'e' or 'E';

    private static string Json(string name) => IsPlain(name) ? $"\"{name}\"" : Json(JsonValue.Create(name));

    // Names are made of these, nearly always.
    private static bool IsPlain(string text) => !text.AsSpan().ContainsAnyExcept(Plain);

    private static readonly System.Buffers.SearchValues<char> Plain = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./: ");

    /// <summary>As Go writes it: with what could end a script in a page escaped.</summary>
    private static string Json(JsonNode? value)
    {
        if (value is null) return "null";
        if (value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is var plain && IsPlain(plain)) return $"\"{plain}\"";
        var text = Encoding.UTF8.GetString(JsonText.ToBytes(value));
        // 3.0 names the same item as 3.
        if (IsNumberPart(text[0])) return double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number == Math.Truncate(number) && Math.Abs(number) < 1L << 53 ? ((long)number).ToString(CultureInfo.InvariantCulture) : text;
        return text.AsSpan().IndexOfAny('<', '>', '&') < 0
            ? text
            : text.Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal);
    }

    /// <summary>As in a conflict: .spec, [name="web"], [="x"], [0].</summary>
    public override string ToString() => Kind switch
    {
        PathElementKind.Field => "." + Text,
        PathElementKind.Key => "[" + string.Join(',', ((JsonObject)ParseJson(Text)!).Select(p => $"{p.Key}={Show(p.Value)}")) + "]",
        PathElementKind.Value => $"[={Show(ParseJson(Text))}]",
        _ => $"[{Text}]",
    };

    private static string Show(JsonNode? value) => value switch
    {
        null => "null",
        JsonValue scalar when scalar.TryGetValue<string>(out var text) => GoText.Quote(text),
        JsonArray list => "[" + string.Join(',', list.Select(Show)) + "]",
        JsonObject map => string.Concat(map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={Show(p.Value)}")),
        _ => GoText.Print(value),
    };
}
