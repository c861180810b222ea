using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Schema.Tests.Patch;

public sealed class JsonPatchTests
{
    [Theory]
    [InlineData("""{"a":1}""", """[]""", """{"a":1}""")]
    [InlineData("""{"a":1}""", """null""", """{"a":1}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":{"c":null}}]""", """{"a":1,"b":{"c":null}}""")]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/a","value":2}]""", """{"a":2}""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"add","path":"/a/1","value":9}]""", """{"a":[1,9,2]}""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"add","path":"/a/-","value":9}]""", """{"a":[1,2,9]}""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"add","path":"/a/-1","value":9}]""", """{"a":[1,2,9]}""")]
    [InlineData("""{"a":[1,2]}""", """[{"op":"add","path":"/a/2","value":9}]""", """{"a":[1,2,9]}""")]
    [InlineData("""{"a":[1,2,3]}""", """[{"op":"remove","path":"/a/-2"}]""", """{"a":[1,3]}""")]
    [InlineData("""{"a":{"b":null}}""", """[{"op":"remove","path":"/a/b"}]""", """{"a":{}}""")]
    [InlineData("""{"a":[1]}""", """[{"op":"replace","path":"/a/0","value":null}]""", """{"a":[null]}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"/new","value":2}]""", """{"a":1,"new":2}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"","value":{"b":2}}]""", """{"b":2}""")]
    [InlineData("""{"a":{"b":1},"c":{}}""", """[{"op":"move","from":"/a/b","path":"/c/d"}]""", """{"a":{},"c":{"d":1}}""")]
    [InlineData("""{"a":[1,2,3,4]}""", """[{"op":"move","from":"/a/1","path":"/a/3"}]""", """{"a":[1,3,4,2]}""")]
    [InlineData("""{"a":["x"]}""", """[{"op":"copy","from":"/a","path":"/a/0"}]""", """{"a":[["x"],"x"]}""")]
    [InlineData("""{"a":1}""", """[{"op":"copy","from":"/none","path":"/b"}]""", """{"a":1,"b":null}""")]
    [InlineData("""{"a/b":1,"c~d":2}""", """[{"op":"test","path":"/a~1b","value":1},{"op":"remove","path":"/c~0d"}]""", """{"a/b":1}""")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/none"},{"op":"test","path":"/none","value":null}]""", """{"a":1}""")]
    [InlineData("""{"a":{"x":1,"y":[2]}}""", """[{"op":"test","path":"/a","value":{"y":[2],"x":1}}]""", """{"a":{"x":1,"y":[2]}}""")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"","value":{"a":1}}]""", """{"a":1}""")]
    public void Operations_apply(string document, string patch, string expected)
    {
        var result = JsonPatch.Apply(JsonNode.Parse(document)!, JsonNode.Parse(patch));
        Assert.Null(result.Error);
        TestSchema.AssertSame(JsonNode.Parse(expected), result.Document);
    }

    [Theory]
    [InlineData("""{"op":"add","path":"/baz/bat","value":1}""", "add operation does not apply: doc is missing path: \"/baz/bat\": missing value")]
    [InlineData("""{"op":"add","path":"/n/x","value":1}""", "add operation does not apply: doc is missing path: \"/n/x\": missing value")]
    [InlineData("""{"op":"add","path":"","value":1}""", "add operation does not apply: doc is missing path: \"\": missing value")]
    [InlineData("""{"op":"add","value":1}""", "add operation failed to decode path: missing value")]
    [InlineData("""{"op":"add","path":"/list/5","value":1}""", "error in add for path: '/list/5': Unable to access invalid index: 5: invalid index referenced")]
    [InlineData("""{"op":"add","path":"/list/-4","value":1}""", "error in add for path: '/list/-4': Unable to access invalid index: -4: invalid index referenced")]
    [InlineData("""{"op":"add","path":"/list/x","value":1}""", "error in add for path: '/list/x': value was not a proper array index: 'x': strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData("""{"op":"add","path":"/list/99999999999999999999","value":1}""", "error in add for path: '/list/99999999999999999999': value was not a proper array index: '99999999999999999999': strconv.Atoi: parsing \"99999999999999999999\": value out of range")]
    [InlineData("""{"op":"remove","path":"/none"}""", "error in remove for path: '/none': Unable to remove nonexistent key: none: missing value")]
    [InlineData("""{"op":"remove","path":"/list/-"}""", "error in remove for path: '/list/-': strconv.Atoi: parsing \"-\": invalid syntax")]
    [InlineData("""{"op":"remove","path":"/list/2"}""", "error in remove for path: '/list/2': Unable to access invalid index: 2: invalid index referenced")]
    [InlineData("""{"op":"replace","path":"/x/y","value":1}""", "replace operation does not apply: doc is missing path: /x/y: missing value")]
    [InlineData("""{"op":"replace","path":"/list/2","value":1}""", "replace operation does not apply: doc is missing key: /list/2: missing value")]
    [InlineData("""{"op":"replace","path":"","value":1}""", "replace operation value must be object or array: %!w(<nil>)")]
    [InlineData("""{"op":"replace","path":5}""", "replace operation failed to decode path: json: cannot unmarshal number into Go value of type string")]
    [InlineData("""{"op":"replace"}""", "replace operation failed to decode path: operation missing path field: missing value")]
    [InlineData("""{"op":"move","from":"/none","path":"/b"}""", "error in move for path: 'none': Unable to remove nonexistent key: none: missing value")]
    [InlineData("""{"op":"move","path":"/b"}""", "move operation failed to decode from: operation, missing from field: missing value")]
    [InlineData("""{"op":"move","from":"/n","path":"/x/y"}""", "move operation does not apply: doc is missing destination path: /x/y: missing value")]
    [InlineData("""{"op":"copy","from":"/x/y","path":"/b"}""", "copy operation does not apply: doc is missing from path: /x/y: missing value")]
    [InlineData("""{"op":"copy","from":"/n","path":"/list/7"}""", "error while adding value during copy: Unable to access invalid index: 7: invalid index referenced")]
    [InlineData("""{"op":"test","path":"/n","value":2}""", "testing value /n failed: test failed")]
    [InlineData("""{"op":"test","path":"/list","value":null}""", "testing value /list failed: test failed")]
    [InlineData("""{"op":"test","path":"/x/y","value":2}""", "test operation does not apply: is missing path: /x/y: missing value")]
    [InlineData("""{"op":"jump","path":"/n"}""", "Unexpected kind: jump")]
    [InlineData("""{"path":"/n"}""", "Unexpected kind: unknown")]
    [InlineData("null", "Unexpected kind: unknown")]
    public void What_does_not_fit_is_refused_in_upstreams_words(string operation, string message)
    {
        var document = JsonNode.Parse("""{"n":1,"list":["a","b"]}""")!;
        var result = JsonPatch.Apply(document, JsonNode.Parse($"[{operation}]"));
        Assert.Equal(new PatchError(PatchFault.Unprocessable, message), result.Error);
        Assert.Null(result.Document);
    }

    [Theory]
    [InlineData("""{"op":"add"}""", "json: cannot unmarshal object into Go value of type jsonpatch.Patch")]
    [InlineData("""["x"]""", "json: cannot unmarshal string into Go value of type jsonpatch.Operation")]
    public void What_is_no_patch_is_a_bad_request(string patch, string message) =>
        Assert.Equal(new PatchError(PatchFault.BadRequest, message), JsonPatch.Apply(new JsonObject(), JsonNode.Parse(patch)).Error);

    [Fact]
    public void Ten_thousand_operations_are_the_limit()
    {
        var operations = Enumerable.Range(0, JsonPatch.MaxOperations).Select(_ => JsonNode.Parse("""{"op":"add","path":"/a","value":1}"""));
        var patch = new JsonArray([.. operations]);
        Assert.Null(JsonPatch.Apply(new JsonObject(), patch).Error);
        patch.Add(null);
        Assert.Equal(
            new PatchError(PatchFault.TooLarge, "The allowed maximum operations in a JSON patch is 10000, got 10001"),
            JsonPatch.Apply(new JsonObject(), patch).Error);
    }

    [Fact]
    public void Copies_cannot_make_a_document_grow_without_bound()
    {
        var copy = Enumerable.Range(0, 30).Select(_ => JsonNode.Parse("""{"op":"copy","from":"/a","path":"/a/-"}"""));
        var result = JsonPatch.Apply(JsonNode.Parse("""{"a":["x"]}""")!, new JsonArray([.. copy]));
        Assert.StartsWith("Unable to complete the copy, the accumulated size increase of copy is ", result.Error?.Message, StringComparison.Ordinal);
        Assert.EndsWith(", exceeding the limit 3145728", result.Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_the_document_nor_the_patch_is_changed()
    {
        var document = JsonNode.Parse("""{"a":[1],"b":{"c":2}}""")!;
        var patch = JsonNode.Parse("""[{"op":"add","path":"/x","value":{"y":1}},{"op":"add","path":"/x/z","value":2},{"op":"remove","path":"/a"},{"op":"remove","path":"/none"}]""")!;
        var (before, patchBefore) = (document.ToJsonString(), patch.ToJsonString());
        Assert.NotNull(JsonPatch.Apply(document, patch).Error);
        Assert.Equal(before, document.ToJsonString());
        Assert.Equal(patchBefore, patch.ToJsonString());
    }

    [Fact]
    public void Adding_and_then_removing_changes_nothing() => Property.Holds(
        from document in Documents.Objects
        from value in Documents.Values(2)
        select (document, value),
        c =>
        {
            var patch = new JsonArray(
                new JsonObject { ["op"] = "add", ["path"] = "/new~1key", ["value"] = c.value?.DeepClone() },
                new JsonObject { ["op"] = "test", ["path"] = "/new~1key", ["value"] = c.value?.DeepClone() },
                new JsonObject { ["op"] = "move", ["from"] = "/new~1key", ["path"] = "/other" },
                new JsonObject { ["op"] = "remove", ["path"] = "/other" });
            TestSchema.AssertSame(c.document, JsonPatch.Apply(c.document, patch).Document);
        });
}
