using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>
/// kubectl's JSON paths, as far as one value comes of them: fields, ['quoted'] fields, indices, ranges, wildcards, everything below (..) and filters that compare
/// (client-go, util/jsonpath).
/// </summary>
internal static class JsonPaths
{
    /// <summary>The first value at a path; false when there is none.</summary>
    public static bool First(string path, JsonNode? root, out JsonNode? value)
    {
        value = null;
        List<JsonNode?> found = [root];
        var at = 0;
        while (at < path.Length)
        {
            if (Step(path, ref at) is not { } step) return false;
            var next = new List<JsonNode?>();
            foreach (var node in found) step(node, next);
            found = Distinct(next);
            if (found.Count == 0) return false;
        }
        value = found[0];
        return true;
    }

    // Nothing is found twice: with several ".." each would multiply what the one before found.
    private static List<JsonNode?> Distinct(List<JsonNode?> found) => found.Count < 2 ? found : [.. found.Distinct(ReferenceEqualityComparer.Instance).Cast<JsonNode?>()];

    private delegate void Stepper(JsonNode? node, List<JsonNode?> found);

    private static Stepper? Step(string path, ref int at)
    {
        if (path[at] == '[') return Bracket(path, ref at);
        if (path.AsSpan(at).StartsWith(".."))
        {
            at++;
            return Below;
        }
        if (path[at] == '.') at++;
        if (at == path.Length || path[at] == '[') return static (node, found) => found.Add(node);
        var name = Name(path, ref at);
        return name == "*" ? All : (node, found) => Field(node, name, found);
    }

    private static string Name(string path, ref int at)
    {
        var name = new System.Text.StringBuilder();
        for (; at < path.Length && path[at] is not ('.' or '['); at++)
        {
            if (path[at] == '\\' && at + 1 < path.Length) at++;
            name.Append(path[at]);
        }
        return name.ToString();
    }

    private static void Field(JsonNode? node, string name, List<JsonNode?> found)
    {
        if (node is JsonObject obj && obj.TryGetPropertyValue(name, out var value)) found.Add(value);
    }

    private static void All(JsonNode? node, List<JsonNode?> found)
    {
        if (node is JsonArray list) found.AddRange(list);
        else if (node is JsonObject obj) found.AddRange(obj.Select(field => field.Value));
    }

    private static void Below(JsonNode? node, List<JsonNode?> found)
    {
        found.Add(node);
        var inside = new List<JsonNode?>();
        All(node, inside);
        foreach (var child in inside) Below(child, found);
    }

    private static Stepper? Bracket(string path, ref int at)
    {
        var end = End(path, at);
        if (end < 0) return null;
        var inner = path[(at + 1)..end].Trim();
        at = end + 1;
        if (inner is "*") return All;
        if (inner.Length > 1 && inner[0] is '\'' or '"' && inner[^1] == inner[0])
        {
            var name = inner[1..^1].Replace("\\'", "'", StringComparison.Ordinal);
            return (node, found) => Field(node, name, found);
        }
        if (inner.StartsWith("?(", StringComparison.Ordinal) && inner.EndsWith(')')) return Filter(inner[2..^1].Trim());
        return Range(inner);
    }

    private static int End(string path, int at)
    {
        char? quote = null;
        var depth = 0;
        for (var i = at; i < path.Length; i++)
        {
            var c = path[i];
            if (quote is not null)
            {
                if (c == '\\') i++;
                else if (c == quote) quote = null;
            }
            else if (c is '\'' or '"') quote = c;
            else if (c == '[') depth++;
            else if (c == ']' && --depth == 0) return i;
        }
        return -1;
    }

    private static Stepper? Range(string inner)
    {
        var parts = inner.Split(':');
        var numbers = new int?[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i].Trim() is not { Length: > 0 } text) continue;
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return null;
            numbers[i] = number;
        }
        return (node, found) =>
        {
            if (node is not JsonArray list) return;
            var from = numbers[0] ?? 0;
            if (from < 0) from += list.Count;
            var to = numbers.Length == 1 ? from + 1 : numbers[1] ?? list.Count;
            if (to < 0) to += list.Count;
            var step = Math.Max(1, numbers.Length > 2 ? numbers[2] ?? 1 : 1);
            for (long i = Math.Max(0, from); i < Math.Min(to, list.Count); i += step) found.Add(list[(int)i]);
        };
    }

    private static readonly string[] Operators = ["==", "!=", "<=", ">=", "<", ">"];

    private static Stepper Filter(string condition)
    {
        var (sign, at) = Operators.Select(sign => (sign, condition.IndexOf(sign, StringComparison.Ordinal))).Where(o => o.Item2 > 0).OrderBy(o => o.Item2).ThenByDescending(o => o.sign.Length).FirstOrDefault();
        var (left, right) = sign is null ? (condition, "") : (condition[..at].Trim(), condition[(at + sign.Length)..].Trim());
        return (node, found) =>
        {
            if (node is not JsonArray list) return;
            foreach (var item in list)
                if (sign is null ? Operand(left, item, out _) : Operand(left, item, out var a) && Operand(right, item, out var b) && Holds(a, sign, b)) found.Add(item);
        };
    }

    private static bool Operand(string text, JsonNode? item, out JsonNode? value)
    {
        if (text.StartsWith('@')) return First(text[1..], item, out value);
        value = text.Length > 1 && text[0] is '\'' or '"' && text[^1] == text[0] ? JsonValue.Create(text[1..^1])
            : text is "true" or "false" ? JsonValue.Create(text == "true")
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number) : null;
        return value is not null;
    }

    private static bool Holds(JsonNode? a, string sign, JsonNode? b)
    {
        if (a is null || b is null) return sign == "==" ? a is null && b is null : sign == "!=" && a is null != b is null;
        if (a.GetValueKind() == JsonValueKind.Number && b.GetValueKind() == JsonValueKind.Number)
            return Compare(double.Parse(a.ToJsonString(), CultureInfo.InvariantCulture).CompareTo(double.Parse(b.ToJsonString(), CultureInfo.InvariantCulture)), sign);
        return Compare(string.CompareOrdinal(GoText.Print(a), GoText.Print(b)), sign);
    }

    private static bool Compare(int order, string sign) => sign switch
    {
        "==" => order == 0,
        "!=" => order != 0,
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        _ => order >= 0,
    };
}
