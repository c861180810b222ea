using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Schema.Tests.Patch;

public sealed class MergePatchTests
{
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[null,1]}""", """{"a":[null,1]}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""[1,2]""", """{"a":"b","c":null}""", """{"a":"b"}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    [InlineData("""{"title":null}""", """{"title":{"foo":"bar"}}""", """{"title":{"foo":"bar"}}""")]
    public void A_patch_applies(string document, string patch, string expected)
    {
        var result = MergePatch.Apply(JsonNode.Parse(document), JsonNode.Parse(patch));
        TestSchema.AssertSame(JsonNode.Parse(expected), result.Document);
    }

    [Theory]
    [InlineData("null", "Invalid JSON Patch")]
    [InlineData("[]", "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}")]
    [InlineData("\"x\"", "error decoding patch: json: cannot unmarshal string into Go value of type map[string]interface {}")]
    public void What_is_no_object_is_a_bad_request(string patch, string message) =>
        Assert.Equal(new PatchError(PatchFault.BadRequest, message), MergePatch.Apply(new JsonObject(), JsonNode.Parse(patch)).Error);

    [Fact]
    public void The_difference_of_two_documents_makes_one_of_the_other() => Property.Holds(Gen.Two(Documents.Objects), pair =>
    {
        // A null cannot be set by a merge patch, so there are none.
        var (a, b) = (WithoutNulls(pair.Item1), WithoutNulls(pair.Item2));
        var patch = MergePatch.Create(a, b);
        TestSchema.AssertSame(b, MergePatch.Apply(a, patch).Document);
        Assert.Equal(JsonNode.DeepEquals(a, b), patch.Count == 0);
    }, 2000);

    [Fact]
    public void Applying_twice_is_applying_once() => Property.Holds(Gen.Two(Documents.Objects), pair =>
    {
        var once = MergePatch.Apply(pair.Item1, pair.Item2).Document;
        TestSchema.AssertSame(once, MergePatch.Apply(once, pair.Item2).Document);
    }, 2000);

    private static JsonObject WithoutNulls(JsonObject obj) => (JsonObject)MergePatch.Apply(new JsonObject(), obj).Document!;
}
