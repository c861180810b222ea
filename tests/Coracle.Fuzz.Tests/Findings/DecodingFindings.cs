using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Fuzz.Tests.Targets;
using Coracle.Schema;
using Coracle.Schema.Cel;

namespace Coracle.Fuzz.Tests.Findings;

public sealed class DecodingFindings
{
    private static SchemaNode SchemaOf(string kind) => Corpus.Kinds[Corpus.TagOf(kind)].Schema;

    [Theory, InlineData("1e999"), InlineData("-1e999")]
    public void A_number_that_no_double_holds_is_refused(string number)
    {
        Assert.Equal($"json: cannot unmarshal number {number} into Go value of type float64", Decoder.DecodeTree(Utf8.GetBytes($"{{\"a\":[{number}]}}")).Error);
        Assert.Equal($"json: cannot unmarshal number {number} into Go struct field ControllerRevision.data of type float64",
            Decoder.Decode(Utf8.GetBytes($"{{\"data\":{number}}}"), SchemaOf("ControllerRevision")).Error);
    }

    [Fact]
    public void Nobodys_time_in_a_map_of_times_can_be_read_as_an_object()
    {
        var schema = SchemaOf("PodDisruptionBudget");
        var stored = Encoder.Encode(Decoder.Decode("""{"status":{"disruptedPods":{"p":null}}}"""u8, schema).Value!, schema);
        Assert.Equal(default, ApiJson.Parse<Kinds.Policy.V1.PodDisruptionBudget>(stored).Status.DisruptedPods!["p"]);
    }

    [Fact]
    public void A_text_without_letters_is_no_time()
    {
        Assert.Equal("parsing time \"\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"2006\"", Decoder.Decode("""{"metadata":{"deletionTimestamp":""}}"""u8, SchemaOf("Pod")).Error);
    }

    [Theory, InlineData("""{"metadata":{"name":"\ud800"}}"""), InlineData("""{"metadata":{"\ud800":1}}"""), InlineData("""{"metadata":"\ud800"}""")]
    public void A_typed_object_is_not_made_of_half_a_character(string json) => Assert.Throws<JsonException>(() => ApiJson.Parse<Kinds.Core.V1.Pod>(Utf8.GetBytes(json)));

    [Fact]
    public void What_client_side_apply_left_may_name_a_field_twice()
    {
        var schema = SchemaOf("ConfigMap");
        var live = Decoder.Decode("""
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"apiVersion\":\"v1\",\"apiVersion\":\"v1\",\"data\":{\"a\":\"1\"}}"}},"data":{"a":"1"}}
            """u8, schema).Value!;
        var request = new OwnershipRequest(schema, "v1", "kubectl", "", DateTimeOffset.UnixEpoch);
        Assert.Null(FieldOwnership.Apply(live, (JsonObject)JsonNode.Parse("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":{"a":"2"}}""")!, false, request).Error);
    }

    [Theory, InlineData("""k:{"name":"a"}{}"""), InlineData("""k:{"name":"a""")]
    public void The_key_of_an_owned_item_is_one_object(string key) => Assert.Throws<FormatException>(() => FieldSet.Read(new JsonObject { [key] = new JsonObject() }));

    [Fact]
    public void The_key_of_an_owned_item_may_be_deep()
    {
        var value = string.Concat(Enumerable.Repeat("[", 100)) + new string(']', 100);
        var path = Assert.Single(FieldSet.Read(new JsonObject { [$"k:{{\"a\":{value},\"a\":{value}}}"] = new JsonObject() }).Paths());
        Assert.Equal($"[a={value}]", path[0].ToString());
    }

    [Fact]
    public void Owned_fields_with_half_a_character_in_a_name_are_refused() =>
        Assert.Equal("invalid UTF-8 in string at \"metadata.managedFields[0].fieldsV1\"", Decoder.Decode("""{"metadata":{"managedFields":[{"fieldsV1":{"f:\udc00x":{}}}]}}"""u8, SchemaOf("Pod")).Error);

    [Fact]
    public void Copies_into_copies_end_where_no_object_is_so_deep()
    {
        const string level = "/a/a/a/a/a/a/a/a/a/a";
        var deep = JsonNode.Parse(string.Concat(Enumerable.Repeat("""{"a":""", 60)) + "{}" + new string('}', 60))!;
        var patch = new JsonArray();
        for (var i = 0; i < 200; i++) patch.Add((JsonNode)new JsonObject { ["op"] = "copy", ["from"] = "/a", ["path"] = level });
        Assert.Equal(PatchFault.Unprocessable, JsonPatch.Apply(deep, patch).Error!.Fault);

        // Again and again to the same place, nothing gets deeper.
        patch.Clear();
        for (var i = 0; i < 200; i++) patch.Add((JsonNode)new JsonObject { ["op"] = "copy", ["from"] = level, ["path"] = "/b" });
        Assert.Null(JsonPatch.Apply(deep, patch).Error);
    }

    [Fact]
    public void Owned_fields_may_be_as_deep_as_objects_when_they_are_copied()
    {
        var fields = string.Concat(Enumerable.Repeat("""{"f:a":""", 100)) + "{}" + new string('}', 100);
        var obj = Decoder.Decode(Utf8.GetBytes($$$"""{"metadata":{"managedFields":[{"fieldsV1":{{{fields}}} }]}}"""), SchemaOf("Pod")).Value!;
        Assert.Equal(fields, obj.DeepClone()["metadata"]!["managedFields"]![0]!["fieldsV1"]!.ToJsonString());
    }

    [Fact]
    public void A_row_of_tokens_that_belong_nowhere_does_not_exhaust_the_stack()
    {
        var compiled = CelProgram.Compile(string.Concat(Enumerable.Repeat("* !", 1)) + string.Concat(Enumerable.Repeat("* - ", 20_000)) + string.Concat(Enumerable.Repeat("? ", 20_000)) + "1", CelEnvironment.Kubernetes);
        Assert.NotEqual("", compiled.IssueText);
    }
}
