using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Schema.Tests.Patch;

/// <summary>Generated JSON.</summary>
internal static class Documents
{
    private static readonly string[] Names = ["a", "b", "c", "d~/e", ""];

    public static Gen<JsonObject> Objects => Object(3);

    public static Gen<JsonNode?> Values(int depth)
    {
        var scalars = Gen.Elements("null", "1", "-2.5", "true", "false", "\"x\"", "\"\"", "\"é\"").Select(json => JsonNode.Parse(json));
        return depth == 0
            ? scalars
            : Gen.OneOf(scalars, Object(depth - 1).Select(o => (JsonNode?)o), Gen.Choose(0, 3).SelectMany(n => Values(depth - 1).ArrayOf(n)).Select(a => (JsonNode?)Array(a)));
    }

    private static JsonArray Array(JsonNode?[] items) => [.. items.Select(i => i?.DeepClone())];

    private static Gen<JsonObject> Object(int depth) =>
        from names in Gen.SubListOf(Names)
        from values in Values(depth).ArrayOf(names.Count)
        select new JsonObject(names.Zip(values, (n, v) => KeyValuePair.Create(n, v?.DeepClone())));
}
