using System.Text.Json.Nodes;
using Coracle.ApiServer;
using Coracle.Fuzz.Tests.Targets;
using Coracle.Kinds.Apiextensions.V1;
using Coracle.Schema;

namespace Coracle.Fuzz.Tests.Findings;

public sealed class DefinitionFindings
{
    private const int Levels = 80;

    private static string Nested(string inner, int levels = Levels) => string.Concat(Enumerable.Repeat("""{"type":"object","properties":{"a":""", levels)) + inner + string.Concat(Enumerable.Repeat("}}", levels));

    [Fact]
    public void Defaults_and_choices_may_be_as_deep_as_objects()
    {
        var deep = string.Concat(Enumerable.Repeat("[", Levels)) + "1" + new string(']', Levels);
        var schema = SchemaCompiler.Root(ApiJson.Parse<JSONSchemaProps>(Utf8.GetBytes(
            """{"type":"object","properties":{"a":{"x-kubernetes-preserve-unknown-fields":true,"default":DEEP,"enum":[DEEP]},"b":{"type":"object","additionalProperties":{"x-kubernetes-preserve-unknown-fields":true,"default":DEEP}}}}"""
                .Replace("DEEP", deep, StringComparison.Ordinal))));
        var obj = Decoder.Decode("""{"b":{"c":null}}"""u8, schema).Value!;
        Defaulter.Apply(obj, schema);
        Assert.Equal(deep, obj["a"]!.ToJsonString());
        Assert.Equal(deep, obj["b"]!["c"]!.ToJsonString());
    }

    [Fact]
    public void What_is_wrong_with_a_deep_schema_can_be_shown()
    {
        var kind = Corpus.Kinds[Corpus.TagOf("CustomResourceDefinition")];
        var json = Utf8.GetBytes("""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"as.example.com"},"spec":{"group":"example.com","scope":"Cluster","names":{"plural":"as","kind":"A"},
            "versions":[{"name":"v1","served":true,"storage":false,"schema":{"openAPIV3Schema":DEEP}}]}}
            """.Replace("DEEP", Nested("""{"type":"string"}"""), StringComparison.Ordinal));
        var errors = new FieldErrors();
        kind.Rules.Validate(Encoder.Encode(Decoder.Decode(json, kind.Schema).Value!, kind.Schema), errors);
        Assert.Contains(errors.All, error => error.ToString().Contains("must have exactly one version marked as storage version", StringComparison.Ordinal));
    }

    [Fact]
    public void A_path_with_many_dots_finds_nothing_twice()
    {
        var root = JsonNode.Parse("""{"a":{"b":[1,{"c":[2,3]}]}}""");
        Assert.True(JsonPaths.First(new string('.', 1000) + "c", root, out var value));
        Assert.Equal("[2,3]", value!.ToJsonString());
    }

    [Theory, InlineData("[1:3:2147483647]"), InlineData("[2147483647]"), InlineData("[?(@>1e999)]")]
    public void A_path_may_name_numbers_beyond_any_list(string path) => JsonPaths.First(path, JsonNode.Parse("[1,2,3]"), out _);
}
