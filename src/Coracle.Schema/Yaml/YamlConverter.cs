using System.Globalization;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>Makes JSON of a YAML document: resolves scalars, follows aliases within limits, merges "&lt;&lt;" keys.</summary>
internal sealed class YamlConverter(bool strict)
{
    /// <summary>Characters that aliases may add to a document. Upstream has no such limit: a request can make it write gigabytes.</summary>
    private const long MaxAliasText = 16 * 1024 * 1024;

    private readonly List<string> faults = [];
    private readonly HashSet<YamlNode> following = [];
    private int decoded;
    private int decodedByAlias;
    private long textByAlias;

    /// <summary>The document as JSON. Throws <see cref="YamlException"/>.</summary>
    public static JsonNode? Convert(YamlNode? document, bool strict)
    {
        var converter = new YamlConverter(strict);
        var json = document is null ? null : converter.Node(document);
        if (converter.faults.Count > 0) throw new YamlException("unmarshal errors:\n  " + string.Join("\n  ", converter.faults));
        return json;
    }

    private JsonNode? Node(YamlNode node)
    {
        Count(node);
        switch (node.Kind)
        {
            case YamlNodeKind.Scalar: return YamlScalar.ToJson(YamlScalar.Value(node));
            case YamlNodeKind.Alias: return Follow(node, static (converter, target) => converter.Node(target));
            case YamlNodeKind.Sequence:
                var array = new JsonArray();
                foreach (var child in node.Children) array.Add(Node(child));
                return array;
            default:
                var obj = new JsonObject();
                Fill(obj, node);
                return obj;
        }
    }

    private void Fill(JsonObject obj, YamlNode mapping)
    {
        for (var i = 0; i < mapping.Children.Count; i += 2)
        {
            var (key, value) = (mapping.Children[i], mapping.Children[i + 1]);
            if (IsMerge(key)) Merge(obj, value);
            else
            {
                var (name, shown) = Key(key, value);
                var json = Node(value);
                if (strict && obj.ContainsKey(name)) faults.Add($"line {value.Line + 1}: key {shown} already set in map");
                else obj[name] = json;
            }
        }
    }

    private (string Name, string Shown) Key(YamlNode key, YamlNode value)
    {
        if (key.Kind == YamlNodeKind.Alias) return Follow(key, (converter, target) => converter.Key(target, value));
        if (key.Kind != YamlNodeKind.Scalar) throw new YamlException("invalid map key: " + Show(Node(key)));
        Count(key);
        var scalar = YamlScalar.Value(key);
        var name = YamlScalar.ToKey(scalar)
            ?? throw new YamlException(
                $"unsupported map key of type: {(scalar is null ? "%!s(<nil>)" : "uint64")}, key: {(scalar is ulong n ? $"0x{n:x}" : "<nil>")}, value: {ShowTop(Node(value))}", prefixed: false);
        return (name, scalar is string ? GoText.Quote(name) : name);
    }

    private static bool IsMerge(YamlNode key) =>
        key.Kind == YamlNodeKind.Scalar && key.Value == "<<" && (key.Implicit || key.Tag == "tag:yaml.org,2002:merge");

    private void Merge(JsonObject obj, YamlNode value)
    {
        switch (value.Kind)
        {
            case YamlNodeKind.Mapping or YamlNodeKind.Alias:
                MergeOne(obj, value);
                break;
            case YamlNodeKind.Sequence:
                // Earlier ones take precedence, so they come last.
                for (var i = value.Children.Count - 1; i >= 0; i--) MergeOne(obj, value.Children[i]);
                break;
            default: throw WantsMap();
        }
    }

    private void MergeOne(JsonObject obj, YamlNode source)
    {
        var target = source.Kind == YamlNodeKind.Alias ? source.Target! : source;
        if (target.Kind != YamlNodeKind.Mapping) throw WantsMap();
        Count(source);
        if (source.Kind == YamlNodeKind.Mapping) Fill(obj, source);
        else
            Follow(source, (converter, mapping) =>
            {
                converter.Count(mapping);
                converter.Fill(obj, mapping);
                return true;
            });
    }

    private static YamlException WantsMap() => new("map merge requires map or sequence of maps as the value");

    private T Follow<T>(YamlNode alias, Func<YamlConverter, YamlNode, T> use)
    {
        if (!following.Add(alias)) throw new YamlException($"anchor '{alias.Value}' value contains itself");
        var result = use(this, alias.Target!);
        following.Remove(alias);
        return result;
    }

    /// <summary>Small documents may come nearly wholly of aliases, large ones but little: else a few lines make gigabytes.</summary>
    private void Count(YamlNode node)
    {
        decoded++;
        if (following.Count == 0) return;
        decodedByAlias++;
        textByAlias += node.Value.Length;
        var allowed = decoded switch
        {
            <= 400_000 => 0.99,
            >= 4_000_000 => 0.10,
            _ => 0.99 - 0.89 * (decoded - 400_000) / 3_600_000,
        };
        if (decodedByAlias > 100 && decoded > 1000 && (double)decodedByAlias / decoded > allowed || textByAlias > MaxAliasText)
            throw new YamlException("document contains excessive aliasing");
    }

    // As Go's %#v shows generic data.
    private static string ShowTop(JsonNode? node) => node is null ? "<nil>" : Show(node);

    private static string Show(JsonNode? node) => node switch
    {
        null => "interface {}(nil)",
        JsonObject obj => "map[interface {}]interface {}{" + string.Join(", ", obj.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{GoText.Quote(p.Key)}:{Show(p.Value)}")) + "}",
        JsonArray array => "[]interface {}{" + string.Join(", ", array.Select(Show)) + "}",
        JsonValue value when value.TryGetValue<string>(out var text) => GoText.Quote(text),
        JsonValue value when value.TryGetValue<double>(out var number) => GoText.Float(number),
        _ => string.Create(CultureInfo.InvariantCulture, $"{node}"),
    };
}
