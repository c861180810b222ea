using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using static Coracle.Schema.Tests.TestSchema;

namespace Coracle.Schema.Tests.Merge;

public sealed class FieldSetTests
{
    [Fact]
    public void A_set_reads_and_writes_as_upstreams_json()
    {
        const string json = """{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:image":{},"f:ports":{".":{},"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}},"k:{\"containerPort\":443,\"protocol\":\"TCP\"}":{}}}},"f:finalizers":{"v:\"a\"":{},"v:\"b\\u003cc\"":{}},"f:list":{"i:2":{},"i:10":{}}}}""";
        var set = FieldSet.Read(JsonNode.Parse(json));
        Assert.Equal(json, set.ToJson().ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(
            """
            .metadata.labels
            .metadata.labels.app
            .spec.containers[name="web"]
            .spec.containers[name="web"].image
            .spec.containers[name="web"].ports
            .spec.containers[name="web"].ports[containerPort=80,protocol="TCP"]
            .spec.containers[name="web"].ports[containerPort=443,protocol="TCP"]
            .spec.containers[name="web"].ports[containerPort=80,protocol="TCP"].containerPort
            .spec.finalizers[="a"]
            .spec.finalizers[="b<c"]
            .spec.list[2]
            .spec.list[10]
            """.ReplaceLineEndings("\n"),
            set.ToString());
    }

    [Theory]
    [InlineData("""{"f:a":{"x:later":{},"f:b":{}}}""", ".a.b")]
    [InlineData("""{"k:{ \"b\" : 1, \"a\":\"x\" }":{}}""", "[a=\"x\",b=1]")]
    [InlineData("""{"k:{\"a\":3.0}":{},"k:{\"a\":3}":{}}""", "[a=3]")]
    [InlineData("{}", "")]
    [InlineData("null", "")]
    public void What_others_wrote_is_brought_into_one_form(string json, string paths) => Assert.Equal(paths, FieldSet.Read(JsonNode.Parse(json)).ToString());

    [Theory]
    [InlineData("""{"f":{}}""")]
    [InlineData("""{"fa":{}}""")]
    [InlineData("""{"i:x":{}}""")]
    [InlineData("""{"k:5":{}}""")]
    [InlineData("""{"f:a":5}""")]
    [InlineData("5")]
    public void What_is_no_set_is_refused(string json) => Assert.Throws<FormatException>(() => FieldSet.Read(JsonNode.Parse(json)));

    [Fact]
    public void Operations_are_those_of_sets_of_paths() => Property.Holds(Gen.Two(Sets), pair =>
    {
        var (a, b) = pair;
        var (x, y) = (Lines(a), Lines(b));
        Assert.Equal(x.Union(y).Order(), Lines(a.Union(b)).Order());
        Assert.Equal(x.Intersect(y).Order(), Lines(a.Intersect(b)).Order());
        Assert.Equal(x.Except(y).Order(), Lines(a.Except(b)).Order());
        Assert.Equal(x.Where(path => !y.Any(p => path == p || path.StartsWith(p, StringComparison.Ordinal) && path[p.Length] is '.' or '[')).Order(), Lines(a.ExceptBelow(b)).Order());
        Assert.Equal(x.Count == 0, a.IsEmpty);
        Assert.True(a.SetEquals(FieldSet.Read(a.ToJson())));
        Assert.Equal(x.SetEquals(y), a.SetEquals(b));
    }, 1000);

    private static HashSet<string> Lines(FieldSet set) => [.. set.Paths().Select(FieldSet.Text)];

    private static Gen<FieldSet> Sets =>
        from count in Gen.Choose(0, 8)
        from paths in Gen.Choose(1, 4).SelectMany(n => Gen.Elements("f:a", "f:b", "f:c", "k:{\"n\":1}", "k:{\"n\":10}", "k:{\"n\":2}", "v:\"x\"").ArrayOf(n)).ArrayOf(count)
        select Of(paths);

    private static FieldSet Of(string[][] paths)
    {
        var set = new FieldSet();
        foreach (var path in paths) set.Insert([.. path.Select(p => PathElement.Parse(p)!.Value)]);
        return set;
    }
}
