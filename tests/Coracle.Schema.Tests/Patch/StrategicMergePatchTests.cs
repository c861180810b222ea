using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using static Coracle.Schema.Tests.TestSchema;

namespace Coracle.Schema.Tests.Patch;

public sealed class StrategicMergePatchTests
{
    private const string Two = """{"containers":[{"name":"web","image":"a","ports":[{"containerPort":80},{"containerPort":443}]},{"name":"log","image":"b"}],"hostNetwork":true}""";

    [Theory]
    // lists with a merge key merge item by item; the patch's items keep their order among the others
    [InlineData(Two, """{"containers":[{"name":"log","image":"c"}]}""", """{"containers":[{"name":"web","image":"a","ports":[{"containerPort":80},{"containerPort":443}]},{"name":"log","image":"c"}],"hostNetwork":true}""")]
    [InlineData("""{"containers":[{"name":"a"}]}""", """{"containers":[{"name":"b"}]}""", """{"containers":[{"name":"b"},{"name":"a"}]}""")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"},{"name":"c"}]}""", """{"containers":[{"name":"c","stdin":true},{"name":"a","stdin":true}]}""", """{"containers":[{"name":"b"},{"name":"c","stdin":true},{"name":"a","stdin":true}]}""")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"}]}""", """{"containers":[{"name":"a","$patch":"delete"}]}""", """{"containers":[{"name":"b"}]}""")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"}]}""", """{"containers":[{"name":"c"},{"$patch":"replace"}]}""", """{"containers":[{"name":"c"}]}""")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"}]}""", """{"containers":[{"$patch":"replace"}]}""", """{"containers":[]}""")]
    [InlineData("""{"containers":[{"name":"a"}]}""", """{"containers":null}""", """{}""")]
    [InlineData("""{"containers":[{"name":"a","ports":[{"containerPort":1,"hostPort":5}]}]}""", """{"containers":[{"name":"a","ports":[{"containerPort":1,"hostPort":null},{"containerPort":2}]}]}""", """{"containers":[{"name":"a","ports":[{"containerPort":1},{"containerPort":2}]}]}""")]
    // the order asked for, then the order that was
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"},{"name":"c"}]}""", """{"$setElementOrder/containers":[{"name":"c"},{"name":"a"}]}""", """{"containers":[{"name":"b"},{"name":"c"},{"name":"a"}]}""")]
    [InlineData("""{"containers":[{"name":"a"}]}""", """{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"b"}]}""", """{"containers":[{"name":"b"},{"name":"a"}]}""")]
    // lists without a strategy are replaced
    [InlineData("""{"tolerations":[{"key":"a"}]}""", """{"tolerations":[{"key":"b"}]}""", """{"tolerations":[{"key":"b"}]}""")]
    // maps and objects
    [InlineData("""{"nodeSelector":{"a":"1","b":"2"}}""", """{"nodeSelector":{"a":null,"c":"3"}}""", """{"nodeSelector":{"b":"2","c":"3"}}""")]
    [InlineData("""{"nodeSelector":{"a":"1"}}""", """{"nodeSelector":{"$patch":"replace","c":"3"}}""", """{"nodeSelector":{"c":"3"}}""")]
    [InlineData("""{"nodeSelector":{"a":"1"}}""", """{"nodeSelector":{"$patch":"delete"}}""", """{"nodeSelector":{}}""")]
    [InlineData("""{"hostNetwork":true}""", """{"nodeSelector":{"a":null,"b":"1"},"unknown":5}""", """{"hostNetwork":true,"nodeSelector":{"b":"1"},"unknown":5}""")]
    [InlineData("""{"hostNetwork":true}""", """{"containers":[{"name":"a","image":null,"$patch":"delete"},{"name":"b","image":null}]}""", """{"hostNetwork":true,"containers":[{"name":"b"}]}""")]
    // a volume has one source: retainKeys drops the other
    [InlineData("""{"volumes":[{"name":"v","emptyDir":{}}]}""", """{"volumes":[{"$retainKeys":["name","path"],"name":"v","path":"/x"}]}""", """{"volumes":[{"name":"v","path":"/x"}]}""")]
    [InlineData("""{"hostNetwork":true}""", """null""", """{"hostNetwork":true}""")]
    [InlineData("""{"hostNetwork":true}""", """{"$patch":"replace"}""", """{}""")]
    public void A_patch_applies(string document, string patch, string expected)
    {
        var result = StrategicMergePatch.Apply(Json(document), JsonNode.Parse(patch), PodSpec);
        Assert.Null(result.Error);
        AssertSame(Json(expected), result.Document);
    }

    [Theory]
    [InlineData("""{"finalizers":["a","b"]}""", """{"finalizers":["b","c"]}""", """{"finalizers":["a","b","c"]}""")]
    [InlineData("""{"finalizers":["a","b"]}""", """{"$deleteFromPrimitiveList/finalizers":["a","x"]}""", """{"finalizers":["b"]}""")]
    [InlineData("""{"name":"n"}""", """{"$deleteFromPrimitiveList/finalizers":["a"]}""", """{"name":"n"}""")]
    [InlineData("""{"finalizers":["a","b","c"]}""", """{"$setElementOrder/finalizers":["c","a"]}""", """{"finalizers":["b","c","a"]}""")]
    public void Lists_of_scalars_merge(string document, string patch, string expected) =>
        AssertSame(Json(expected), StrategicMergePatch.Apply(Json(document), Json(patch), Metadata).Document);

    [Theory]
    [InlineData("""{"containers":[{"image":"x"}]}""", PatchFault.Internal, "map: map[image:x] does not contain declared merge key: name")]
    [InlineData("""{"containers":[{"$patch":"delete","image":"x"}]}""", PatchFault.Internal, "map: map[$patch:delete image:x] does not contain declared merge key: name")]
    [InlineData("""{"containers":[{"name":"a","$patch":"merge"}]}""", PatchFault.Internal, "merging lists cannot yet be specified in the patch")]
    [InlineData("""{"containers":[{"name":"a","$patch":"shred"}]}""", PatchFault.Internal, "unknown patch type: shred in map: map[$patch:shred name:a]")]
    [InlineData("""{"nodeSelector":{"$patch":5}}""", PatchFault.Internal, "unknown patch type: %!s(int64=5) in map: map[$patch:5]")]
    [InlineData("""{"containers":[5]}""", PatchFault.Internal, "list element types are not identical: [[map[name:a] map[name:b]] [5]]")]
    [InlineData("""{"containers":[[]]}""", PatchFault.Internal, "list element types are not identical: [[map[name:a] map[name:b]] [[]]]")]
    [InlineData("""{"$setElementOrder/containers":5}""", PatchFault.Internal, "expected a []interface {}, but received a int64")]
    [InlineData("""{"$setElementOrder":[]}""", PatchFault.BadRequest, "invalid patch format of setElementOrder list")]
    [InlineData("""{"$deleteFromPrimitiveListX/a":[]}""", PatchFault.BadRequest, "invalid patch format of primitive list")]
    [InlineData("""{"$retainKeys":5}""", PatchFault.BadRequest, "invalid patch format of retainKeys")]
    [InlineData("""{"$retainKeys":["a"],"b":1}""", PatchFault.BadRequest, "invalid patch format of retainKeys")]
    [InlineData("""{"$setElementOrder/containers":[{"name":"a"},{"name":"b"}],"containers":[{"name":"b"},{"name":"a"}]}""", PatchFault.Internal, "The order in patch list:\n[map[name:b] map[name:a]]\n doesn't match $setElementOrder list:\n[map[name:a] map[name:b]]\n")]
    [InlineData("""[]""", PatchFault.BadRequest, "json: cannot unmarshal array into Go value of type map[string]interface {}")]
    public void What_does_not_fit_is_refused_in_upstreams_words(string patch, PatchFault fault, string message)
    {
        var document = Json("""{"containers":[{"name":"a"},{"name":"b"}],"nodeSelector":{"x":"y"}}""");
        var before = document.ToJsonString();
        Assert.Equal(new PatchError(fault, message), StrategicMergePatch.Apply(document, JsonNode.Parse(patch), PodSpec).Error);
        Assert.Equal(before, document.ToJsonString());
    }

    [Theory]
    [InlineData("""{"unknown":{"a":1}}""", """{"unknown":{"a":2}}""", "unable to find api field in struct PodSpec for the json field \"unknown\"")]
    [InlineData("""{"unknown":[1]}""", """{"unknown":[2]}""", "unable to find api field in struct PodSpec for the json field \"unknown\"")]
    public void An_unknown_field_cannot_be_merged(string document, string patch, string message) =>
        Assert.Equal(message, StrategicMergePatch.Apply(Json(document), Json(patch), PodSpec).Error?.Message);

    [Theory]
    [InlineData("""{"containers":[{"name":"a","image":"1"},{"name":"b"}]}""", """{"containers":[{"name":"a","image":"2"},{"name":"b"}]}""", """{"$setElementOrder/containers":[{"name":"a"},{"name":"b"}],"containers":[{"name":"a","image":"2"}]}""")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"}]}""", """{"containers":[{"name":"b"}]}""", """{"$setElementOrder/containers":[{"name":"b"}],"containers":[{"name":"a","$patch":"delete"}]}""")]
    [InlineData("""{"containers":[{"name":"a"},{"name":"b"}]}""", """{"containers":[{"name":"b"},{"name":"a"}]}""", """{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}""")]
    [InlineData("""{"containers":[{"name":"a"}]}""", """{"containers":[{"name":"a"}]}""", """{}""")]
    [InlineData("""{"volumes":[{"name":"v","emptyDir":{}}]}""", """{"volumes":[{"name":"v","path":"/x"}]}""", """{"$setElementOrder/volumes":[{"name":"v"}],"volumes":[{"$retainKeys":["name","path"],"name":"v","path":"/x","emptyDir":null}]}""")]
    [InlineData("""{"tolerations":[{"key":"a"}],"hostNetwork":true}""", """{"tolerations":[{"key":"b"}]}""", """{"tolerations":[{"key":"b"}],"hostNetwork":null}""")]
    [InlineData("""{"nodeSelector":{"a":"1","b":"2"}}""", """{"nodeSelector":{"a":"1","c":"3"}}""", """{"nodeSelector":{"b":null,"c":"3"}}""")]
    public void The_difference_says_no_more_than_it_must(string original, string modified, string patch) =>
        AssertSame(Json(patch), StrategicMergePatch.Create(Json(original), Json(modified), PodSpec).Document);

    [Fact]
    public void Apply_changes_what_is_wanted_removes_what_was_and_leaves_the_rest()
    {
        var original = Json("""{"replicas":1,"paused":true,"template":{"spec":{"containers":[{"name":"a","image":"1"},{"name":"old"}]}}}""");
        var modified = Json("""{"replicas":2,"template":{"spec":{"containers":[{"name":"a","image":"2"},{"name":"new"}]}}}""");
        var current = Json("""{"replicas":7,"paused":true,"strategy":{"type":"x"},"template":{"spec":{"containers":[{"name":"a","image":"1","stdin":true},{"name":"old"},{"name":"injected"}],"hostNetwork":false}}}""");
        var schema = Root.Property("spec")!.Node;
        var patch = StrategicMergePatch.CreateThreeWay(original, modified, current, schema);
        Assert.Null(patch.Error);
        AssertSame(
            Json("""{"replicas":2,"strategy":{"type":"x"},"template":{"spec":{"containers":[{"name":"a","image":"2","stdin":true},{"name":"new"},{"name":"injected"}],"hostNetwork":false}}}"""),
            Sorted(StrategicMergePatch.Apply(current, patch.Document, schema).Document!));
    }

    [Fact]
    public void Items_that_share_a_merge_key_are_told_apart_by_their_order()
    {
        var services = Object("ServiceSpec", Field("ports", List(Object("ServicePort", Field("port", Integer), Field("protocol", Text)), "map", "port", "protocol"), "merge", "port"));
        var spec = Json("""{"ports":[{"port":53,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}""");
        AssertSame(new JsonObject(), StrategicMergePatch.Create(spec, (JsonObject)spec.DeepClone(), services).Document);
    }

    [Fact]
    public void The_difference_of_two_objects_makes_one_of_the_other() => Property.Holds(Gen.Two(Specs), pair =>
    {
        var patch = StrategicMergePatch.Create(pair.Item1, pair.Item2, PodSpec);
        Assert.Null(patch.Error);
        var result = StrategicMergePatch.Apply(pair.Item1, patch.Document, PodSpec);
        Assert.Null(result.Error);
        AssertSame(pair.Item2, Ordered((JsonObject)result.Document!, pair.Item2));
        Assert.Equal(JsonNode.DeepEquals(pair.Item1, pair.Item2), ((JsonObject)patch.Document!).Count == 0);
    }, 1000);

    [Fact]
    public void Apply_of_the_last_applied_is_the_two_way_difference() => Property.Holds(Gen.Two(Specs), pair =>
    {
        var patch = StrategicMergePatch.CreateThreeWay(pair.Item1, pair.Item2, pair.Item1, PodSpec);
        Assert.Null(patch.Error);
        var result = StrategicMergePatch.Apply(pair.Item1, patch.Document, PodSpec);
        Assert.Null(result.Error);
        AssertSame(pair.Item2, Ordered((JsonObject)result.Document!, pair.Item2));
    }, 1000);

    [Fact]
    public void Any_patch_is_applied_or_refused() => Property.Holds(
        from document in Specs
        from patch in Mangled
        select (document, patch),
        c =>
        {
            var result = StrategicMergePatch.Apply(c.document, c.patch, PodSpec);
            Assert.True(result.Error is null != result.Document is null);
        }, 1000);

    private static Gen<JsonObject> Specs =>
        from containers in Named(["a", "b", "c", "d"], name =>
            from image in Gen.Elements("1", "2")
            from ports in Gen.SubListOf(80, 443, 8080)
            from args in Gen.SubListOf("x", "y")
            from hasPorts in Gen.Elements(true, false)
            select new JsonObject
            {
                ["name"] = name,
                ["image"] = image,
                ["args"] = new JsonArray([.. args.Select(a => (JsonNode)a)]),
                ["ports"] = hasPorts ? new JsonArray([.. ports.Select(p => (JsonNode)new JsonObject { ["containerPort"] = p })]) : new JsonArray(),
            })
        from volumes in Named(["v", "w"], name => Gen.Elements(true, false).Select(dir => dir
            ? new JsonObject { ["name"] = name, ["emptyDir"] = new JsonObject() }
            : new JsonObject { ["name"] = name, ["path"] = "/x" }))
        from labels in Gen.SubListOf("k", "l", "m")
        from network in Gen.Elements(true, false)
        select WithoutEmpty(new JsonObject
        {
            ["containers"] = containers,
            ["volumes"] = volumes,
            ["nodeSelector"] = new JsonObject(labels.Select(l => KeyValuePair.Create(l, (JsonNode?)(network ? "1" : "2")))),
            ["hostNetwork"] = network ? true : null,
        });

    private static Gen<JsonArray> Named(string[] names, Func<string, Gen<JsonObject>> item) =>
        from shuffled in Gen.Shuffle(names)
        from count in Gen.Choose(0, names.Length)
        let order = shuffled.Take(count)
        from items in Gen.CollectToArray(order, item)
        select new JsonArray([.. items.Select(i => i.DeepClone())]);

    private static Gen<JsonObject> Mangled =>
        from spec in Specs
        from directive in Gen.Elements("$patch", "$retainKeys", "$setElementOrder/containers", "$deleteFromPrimitiveList/containers", "$setElementOrder", "containers", "nodeSelector")
        from value in Gen.Elements("\"delete\"", "\"replace\"", "[\"containers\"]", "[{\"name\":\"a\"}]", "null", "5", "[[]]", "[null]", "[]", "{}", "[{\"$patch\":\"replace\"}]")
        select With(spec, directive, JsonNode.Parse(value));

    private static JsonObject With(JsonObject spec, string key, JsonNode? value)
    {
        var copy = (JsonObject)spec.DeepClone();
        copy[key] = value;
        return copy;
    }

    private static JsonObject WithoutEmpty(JsonObject obj)
    {
        if (obj["hostNetwork"] is null) obj.Remove("hostNetwork");
        return obj;
    }

    // A list emptied by deletions stays as [], and one that came empty is left out of the patch when nothing was there before.
    private static JsonObject Ordered(JsonObject result, JsonObject like)
    {
        foreach (var key in new[] { "containers", "volumes" })
            if (like[key] is JsonArray { Count: 0 } && !result.ContainsKey(key))
                result[key] = new JsonArray();
        return result;
    }

    private static JsonNode Sorted(JsonNode result)
    {
        var containers = (JsonArray)result["template"]!["spec"]!["containers"]!;
        var items = containers.OrderBy(c => new[] { "a", "new", "injected" }.IndexOf((string)c!["name"]!)).ToList();
        containers.Clear();
        foreach (var item in items) containers.Add(item);
        return result;
    }
}
