using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Commands.Cluster;

/// <summary>Whole objects as kubectl prints them: keys in order, without the book-keeping of who manages which field.</summary>
internal static class ObjectText
{
    /// <summary>One object as it is, several as a list.</summary>
    public static string Write(IReadOnlyList<JsonObject> objects, bool single, bool yaml)
    {
        foreach (var obj in objects) (obj["metadata"] as JsonObject)?.Remove("managedFields");
        var whole = single && objects.Count == 1 ? objects[0] : new JsonObject
        {
            ["apiVersion"] = "v1", ["items"] = new JsonArray([.. objects.Select(o => o.DeepClone())]), ["kind"] = "List", ["metadata"] = new JsonObject { ["resourceVersion"] = "" },
        };
        return yaml ? Yaml.Write(whole) : Json(whole) + "\n";
    }

    private static string Json(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null: text.Append("null"); break;
            case JsonObject { Count: 0 }: text.Append("{}"); break;
            case JsonArray { Count: 0 }: text.Append("[]"); break;
            case JsonObject obj:
                Block(text, '{', '}', depth, obj.OrderBy(p => p.Key, StringComparer.Ordinal), (t, p) =>
                {
                    Quote(t, p.Key);
                    t.Append(": ");
                    Append(t, p.Value, depth + 1);
                });
                break;
            case JsonArray list: Block(text, '[', ']', depth, list, (t, item) => Append(t, item, depth + 1)); break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String: Quote(text, value.GetValue<string>()); break;
            default: text.Append(node.ToJsonString()); break;
        }
    }

    private static void Block<T>(StringBuilder text, char open, char close, int depth, IEnumerable<T> parts, Action<StringBuilder, T> write)
    {
        text.Append(open);
        var first = true;
        foreach (var part in parts)
        {
            text.Append(first ? "\n" : ",\n").Append(' ', 4 * (depth + 1));
            write(text, part);
            first = false;
        }
        text.Append('\n').Append(' ', 4 * depth).Append(close);
    }

    // As Go writes strings: what could end a script in a page is escaped too.
    private static void Quote(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        text.Append('"');
    }
}
