using System.Text.Json.Nodes;

namespace Coracle.ApiServer.Published.Tests;

/// <summary>Where two documents differ, each place by its path.</summary>
internal static class Differences
{
    private const int ShownMax = 60;

    public static void AssertNone(JsonNode? ours, JsonNode? theirs)
    {
        var found = new List<string>();
        Compare("", ours, theirs, found);
        Assert.True(found.Count == 0, $"{found.Count} differences:\n{string.Join('\n', found.Take(ShownMax))}");
    }

    private static void Compare(string path, JsonNode? ours, JsonNode? theirs, List<string> found)
    {
        switch (ours, theirs)
        {
            case (JsonObject mine, JsonObject other):
                foreach (var name in mine.Select(p => p.Key).Union(other.Select(p => p.Key)))
                {
                    var place = $"{path} > {name}";
                    if (!other.ContainsKey(name)) found.Add($"{place}: only here: {Short(mine[name])}");
                    else if (!mine.ContainsKey(name)) found.Add($"{place}: missing here: {Short(other[name])}");
                    else Compare(place, mine[name], other[name], found);
                }
                break;
            case (JsonArray mine, JsonArray other) when mine.Count == other.Count:
                for (var i = 0; i < mine.Count; i++) Compare($"{path}[{i}]", mine[i], other[i], found);
                break;
            default:
                if (!JsonNode.DeepEquals(ours, theirs)) found.Add($"{path}: {Short(ours)} here, {Short(theirs)} upstream");
                break;
        }
    }

    private static string Short(JsonNode? node) => node?.ToJsonString() is { } text ? text.Length > 200 ? text[..200] + "..." : text : "null";
}
