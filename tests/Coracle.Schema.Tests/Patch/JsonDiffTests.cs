using System.Text.Json.Nodes;

namespace Coracle.Schema.Tests.Patch;

public sealed class JsonDiffTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", "[]")]
    [InlineData("""{"a":1}""", """{"a":2,"b":null}""", """[{"op":"replace","path":"/a","value":2},{"op":"add","path":"/b","value":null}]""")]
    [InlineData("""{"a":{"b":1,"c":2}}""", """{"a":{"c":2}}""", """[{"op":"remove","path":"/a/b"}]""")]
    [InlineData("""{"a/b":{"c~d":1}}""", """{"a/b":{"c~d":2}}""", """[{"op":"replace","path":"/a~1b/c~0d","value":2}]""")]
    [InlineData("""{"a":[1,2,3]}""", """{"a":[1,3]}""", """[{"op":"remove","path":"/a/1"}]""")]
    [InlineData("""{"a":[1,3]}""", """{"a":[1,2,3]}""", """[{"op":"add","path":"/a/1","value":2}]""")]
    [InlineData("""{"a":[{"n":1,"v":1},{"n":2}]}""", """{"a":[{"n":1,"v":2},{"n":2}]}""", """[{"op":"replace","path":"/a/0/v","value":2}]""")]
    [InlineData("""{"a":[]}""", """{"a":{}}""", """[{"op":"replace","path":"/a","value":{}}]""")]
    public void The_patch_says_what_differs_and_no_more(string before, string after, string patch) =>
        Assert.Equal(patch, JsonDiff.Create(JsonNode.Parse(before)!, JsonNode.Parse(after)!).ToJsonString());

    [Fact]
    public void The_patch_makes_the_one_of_the_other_whatever_they_are()
    {
        var random = new Random(11);
        for (var i = 0; i < 5000; i++)
        {
            var (before, after) = (new JsonObject { ["x"] = Value(random, 4) }, new JsonObject { ["x"] = Value(random, 4) });
            var patched = JsonPatch.Apply(before, JsonDiff.Create(before, after));
            Assert.True(JsonNode.DeepEquals(after, patched.Document), $"{before.ToJsonString()} to {after.ToJsonString()}: {patched.Error?.Message} {patched.Document?.ToJsonString()}");
        }
    }

    private static JsonNode? Value(Random random, int depth) => random.Next(depth > 0 ? 6 : 3) switch
    {
        0 => null,
        1 => random.Next(3),
        2 => "t" + random.Next(2),
        3 => new JsonArray([.. Enumerable.Range(0, random.Next(5)).Select(_ => Value(random, depth - 1))]),
        _ => Object(random, depth - 1),
    };

    private static JsonObject Object(Random random, int depth)
    {
        var made = new JsonObject();
        foreach (var name in (string[])["a", "b/", "~c", ""])
            if (random.Next(2) == 0) made[name] = Value(random, depth);
        return made;
    }
}
