using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Fuzz.Tests.Properties;

/// <summary>Any JSON as text: with odd numbers, names that stand twice, half characters, now and then deep or long.</summary>
internal static class Json
{
    private static readonly string[] Names = ["a", "b", "c", "name", "key", "value", "apiVersion", "kind", "metadata", "spec", "", "x.y/z", "\\u00e9", "\\ud800", "~", "$patch"];

    private static readonly Gen<string> Scalars = Gen.OneOf(
        Gen.Elements(Fuzzing.Odd.Json),
        Gen.Choose(-5, 300).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.Elements(Names).Select(n => $"\"{n}\""));

    public static Gen<string> Text(int depth) => depth == 0 ? Scalars : Gen.Frequency(
        (3, Scalars),
        (4, Object(depth)),
        (3, Gen.Choose(0, 4).SelectMany(n => Text(depth - 1).ArrayOf(n)).Select(items => $"[{string.Join(',', items)}]")),
        (1, Text(depth - 1).SelectMany(inner => Gen.Choose(1, 60).Select(n => new string('[', n) + inner + new string(']', n)))));

    public static Gen<string> Object(int depth) =>
        from names in Gen.Choose(0, 5).SelectMany(n => Gen.Elements(Names).ArrayOf(n))
        from values in Text(depth - 1).ArrayOf(names.Length)
        select $"{{{string.Join(',', names.Zip(values, (n, v) => $"\"{n}\":{v}"))}}}";

    /// <summary>JSON without oddities, small enough to meet itself again.</summary>
    public static Gen<JsonNode?> Plain(int depth)
    {
        var scalars = Gen.Elements("null", "1", "-2.5", "true", "\"x\"", "\"\"").Select(json => JsonNode.Parse(json));
        if (depth == 0) return scalars;
        var objects =
            from names in Gen.SubListOf("a", "b", "c~/d", "")
            from values in Plain(depth - 1).ArrayOf(names.Count)
            select (JsonNode?)new JsonObject(names.Zip(values, (n, v) => KeyValuePair.Create(n, v?.DeepClone())));
        var lists = Gen.Choose(0, 3).SelectMany(n => Plain(depth - 1).ArrayOf(n)).Select(items => (JsonNode?)new JsonArray([.. items.Select(i => i?.DeepClone())]));
        return Gen.OneOf(scalars, objects, lists);
    }
}
