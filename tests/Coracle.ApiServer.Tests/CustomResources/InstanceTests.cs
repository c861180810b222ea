using System.Text.Json.Nodes;
using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.CustomResources;

/// <summary>What a schema makes of objects: what is dropped, filled in, refused and in which words.</summary>
public sealed class InstanceTests
{
    [Theory]
    [InlineData("""{"count":"two"}""", "spec.count: Invalid value: \"string\": spec.count in body must be of type integer: \"string\"")]
    [InlineData("""{"count":1.5}""", "spec.count: Invalid value: \"number\": spec.count in body must be of type integer: \"number\" | spec.count: Invalid value: 1.5: spec.count in body should be a multiple of 2")]
    [InlineData("""{"count":0}""", "spec.count: Invalid value: 0: spec.count in body should be greater than or equal to 1")]
    [InlineData("""{"count":12}""", "spec.count: Invalid value: 12: spec.count in body should be less than or equal to 10")]
    [InlineData("""{"count":3}""", "spec.count: Invalid value: 3: spec.count in body should be a multiple of 2")]
    [InlineData("""{"share":1}""", "spec.share: Invalid value: 1: spec.share in body should be less than 1")]
    [InlineData("""{"color":"blue"}""", "spec.color: Unsupported value: \"blue\": supported values: \"red\", \"green\"")]
    [InlineData("""{"name":"toolong"}""", "spec.name: Too long: may not be more than 5 bytes")]
    [InlineData("""{"name":"a"}""", "spec.name: Invalid value: \"a\": spec.name in body should be at least 2 chars long")]
    [InlineData("""{"name":"A2"}""", "spec.name: Invalid value: \"A2\": spec.name in body should match '^[a-z]+$'")]
    [InlineData("""{"when":"noon"}""", "spec.when: Invalid value: \"noon\": spec.when in body must be of type date-time: \"noon\"")]
    [InlineData("""{"address":"1.2.3"}""", "spec.address: Invalid value: \"1.2.3\": spec.address in body must be of type ipv4: \"1.2.3\"")]
    [InlineData("""{"port":true}""", "spec.port: Invalid value: \"boolean\": spec.port in body must be of type integer,string: \"boolean\"")]
    [InlineData("""{"tags":[]}""", "spec.tags: Invalid value: 0: spec.tags in body should have at least 1 items")]
    [InlineData("""{"tags":["a","b","c"]}""", "spec.tags: Too many: 3: must have at most 2 items")]
    [InlineData("""{"tags":["a","a"]}""", "spec.tags[1]: Duplicate value: \"a\"")]
    [InlineData("""{"tags":["a",5]}""", "spec.tags[1]: Invalid value: \"integer\": spec.tags[1] in body must be of type string: \"integer\"")]
    [InlineData("""{"parts":[{"size":1}]}""", "spec.parts[0].key: Required value")]
    [InlineData("""{"parts":[{"key":"a"},{"key":"b"},{"key":"a"}]}""", "spec.parts[2]: Duplicate value: {\"key\":\"a\"}")]
    [InlineData("""{"labels":{"a":1}}""", "spec.labels.a: Invalid value: \"integer\": spec.labels.a in body must be of type string: \"integer\"")]
    [InlineData("""{"labels":{"a":"1","b":"2","c":"3"}}""", "spec.labels: Too many: 3: must have at most 2 items")]
    [InlineData("""{"either":{"a":"1","b":"2"}}""", "<nil>: Invalid value: \"\": \"spec.either\" must validate one and only one schema (oneOf). Found 2 valid alternatives")]
    [InlineData("""{"either":{}}""", "<nil>: Invalid value: \"\": \"spec.either\" must validate one and only one schema (oneOf). Found none valid | spec.either.a: Required value")]
    [InlineData("""{"some":{}}""", "<nil>: Invalid value: \"\": \"spec.some\" must validate at least one schema (anyOf) | spec.some.a: Required value")]
    [InlineData("""{"never":"x"}""", "<nil>: Invalid value: \"\": \"spec.never\" must not validate the schema (not)")]
    [InlineData("""{"template":{"kind":"Pod"}}""", "spec.template.apiVersion: Required value")]
    public async Task A_value_that_the_schema_does_not_allow_is_refused_in_upstreams_words(string spec, string expected)
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget(Properties));
        var refused = await crds.Api.Post(Crds.Widgets, Crds.Object("one", spec));
        Assert.Equal(422, refused.Code);
        var errors = expected.Split(" | ");
        var all = errors.Length == 1 ? errors[0] : $"[{string.Join(", ", errors)}]";
        Assert.Equal($"Widget.example.com \"one\" is invalid: {all}", refused.Message);
    }

    private const string Properties = """
        "count":{"type":"integer","minimum":1,"maximum":10,"multipleOf":2},
        "share":{"type":"number","maximum":1,"exclusiveMaximum":true},
        "color":{"type":"string","enum":["red","green"]},
        "name":{"type":"string","minLength":2,"maxLength":5,"pattern":"^[a-z]+$"},
        "when":{"type":"string","format":"date-time"},
        "address":{"type":"string","format":"ipv4"},
        "port":{"x-kubernetes-int-or-string":true},
        "tags":{"type":"array","minItems":1,"maxItems":2,"x-kubernetes-list-type":"set","items":{"type":"string"}},
        "parts":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["key"],"items":{"type":"object","required":["key"],"properties":{"key":{"type":"string"},"size":{"type":"integer"}}}},
        "labels":{"type":"object","maxProperties":2,"additionalProperties":{"type":"string"}},
        "either":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"oneOf":[{"required":["a"]},{"required":["b"]}]},
        "some":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"anyOf":[{"required":["a"]},{"required":["b"]}]},
        "never":{"type":"string","not":{"enum":["x"]}},
        "template":{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}
        """;

    [Theory]
    [InlineData("""{"count":2,"share":0.5,"color":"red","name":"abc","when":"2024-01-02T03:04:05Z","address":"10.0.0.1","port":80}""")]
    [InlineData("""{"count":4.0,"port":"http","tags":["a","b"],"parts":[{"key":"a"},{"key":"b","size":3}],"labels":{"a":"b"}}""")]
    [InlineData("""{"either":{"b":"1"},"some":{"a":"1","b":"2"},"never":"y","template":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"x":[1]}}}""")]
    public async Task A_value_that_the_schema_allows_is_kept_as_it_came(string spec)
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget(Properties));
        var created = await crds.Api.Create(Crds.Widgets, Crds.Object("one", spec));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(spec.Replace("4.0", "4", StringComparison.Ordinal)), created.Json["spec"]), created.Text);
    }

    [Fact]
    public async Task Fields_that_the_schema_does_not_name_are_dropped_unless_they_are_to_be_kept()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget("""
            "known":{"type":"object","properties":{"a":{"type":"string"}}},
            "open":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{"shut":{"type":"object","properties":{"b":{"type":"string"}}}}},
            "any":{"x-kubernetes-preserve-unknown-fields":true},
            "map":{"type":"object","additionalProperties":{"type":"object","properties":{"c":{"type":"integer"}}}},
            "list":{"type":"array","items":{"type":"object","properties":{"d":{"type":"boolean"}}}}
            """));
        const string spec = """{"known":{"a":"1","x":1},"open":{"y":{"z":[null]},"shut":{"b":"1","w":1}},"any":[{"v":null}],"map":{"k":{"c":1,"u":1}},"list":[{"d":true,"t":1}],"s":1}""";
        var created = await crds.Api.Create(Crds.Widgets, Crds.Object("one", spec, ",\"extra\":1"));
        Assert.Equal("""{"any":[{"v":null}],"known":{"a":"1"},"list":[{"d":true}],"map":{"k":{"c":1}},"open":{"shut":{"b":"1"},"y":{"z":[null]}}}""", created.Json["spec"]!.ToJsonString());
        Assert.Null(created.Json["extra"]);
        Assert.Equal(["unknown field \"spec.known.x\"", "unknown field \"spec.open.shut.w\"", "unknown field \"spec.map.k.u\"", "unknown field \"spec.list[0].t\"", "unknown field \"spec.s\"", "unknown field \"extra\""],
            created.Warnings);
        var strict = await crds.Api.Post(Crds.Widgets + "?fieldValidation=Strict", Crds.Object("two", """{"s":1,"known":{"a":"1","a":"2"}}"""));
        Assert.Equal((400, "BadRequest", "Widget in version \"v1\" cannot be handled as a Widget: strict decoding error: unknown field \"spec.s\", duplicate field \"spec.known.a\""), strict.Status);
        Assert.Empty((await crds.Api.Post(Crds.Widgets + "?fieldValidation=Ignore", Crds.Object("three", """{"s":1}"""))).Warnings);
    }

    [Fact]
    public async Task What_a_list_keeps_of_unknown_fields_its_items_keep_and_what_is_below_them_does_not()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget("""
            "jobs":{"type":"array","x-kubernetes-preserve-unknown-fields":true,"items":{"type":"object"}},
            "rows":{"type":"array","x-kubernetes-preserve-unknown-fields":true,"items":{"type":"array","items":{"type":"object","properties":{"shut":{"type":"object","properties":{"a":{"type":"string"}}}}}}}
            """));
        const string spec = """{"jobs":[{"name":"scrape","targets":[{"host":"one"}]}],"rows":[[{"zone":{"b":1},"shut":{"a":"1","c":2}}]]}""";
        var created = await crds.Api.Create(Crds.Widgets, Crds.Object("one", spec));
        Assert.Equal("""{"jobs":[{"name":"scrape","targets":[{"host":"one"}]}],"rows":[[{"shut":{"a":"1"},"zone":{"b":1}}]]}""", created.Json["spec"]!.ToJsonString());
        Assert.Equal(["unknown field \"spec.rows[0][0].shut.c\""], created.Warnings);
    }

    [Fact]
    public async Task Entries_that_have_a_schema_follow_it_even_where_unknown_fields_are_kept()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget("""
            "caps":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"additionalProperties":{"type":"string"}},
            "pools":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"additionalProperties":{"type":"object","properties":{"size":{"type":"integer","default":3}}}}
            """));
        var created = await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"caps":{"mon":"allow r"},"pools":{"a":{"unknown":1},"b":{"size":1}}}"""));
        Assert.Equal("""{"caps":{"mon":"allow r"},"pools":{"a":{"size":3},"b":{"size":1}}}""", created.Json["spec"]!.ToJsonString());
        var refused = await crds.Api.Post(Crds.Widgets, Crds.Object("two", """{"caps":{"mon":5}}"""));
        Assert.Equal((422, "Invalid", "Widget.example.com \"two\" is invalid: spec.caps.mon: Invalid value: \"integer\": spec.caps.mon in body must be of type string: \"integer\""), refused.Status);
    }

    [Fact]
    public async Task Defaults_fill_what_is_absent_and_what_is_null_but_may_not_be()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget("""
            "a":{"type":"string","default":"x"},
            "b":{"type":"string","default":"y","nullable":true},
            "c":{"type":"object","default":{},"properties":{"d":{"type":"integer","default":5}}},
            "e":{"type":"array","items":{"type":"object","properties":{"f":{"type":"boolean","default":true}}}},
            "g":{"type":"string"}
            """));
        var created = await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"a":null,"b":null,"e":[{},{"f":false}],"g":null}"""));
        Assert.Equal("""{"a":"x","b":null,"c":{"d":5},"e":[{"f":true},{"f":false}]}""", created.Json["spec"]!.ToJsonString());
    }

    [Fact]
    public async Task What_was_wrong_before_an_update_and_is_not_changed_by_it_is_let_pass()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget("""
            "a":{"type":"string"},"b":{"type":"string"},
            "parts":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["key"],"items":{"type":"object","required":["key"],"properties":{"key":{"type":"string"},"v":{"type":"string"}}}}
            """));
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"a":"old","b":"1","parts":[{"key":"x","v":"old"},{"key":"y","v":"new"}]}"""));
        await crds.Api.Patch($"{Crds.Definitions}/widgets.example.com", """
            [{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/a/enum","value":["new"]},
             {"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/parts/items/properties/v/enum","value":["new"]}]
            """, Api.JsonPatch);
        var kept = await crds.Api.Patch($"{Crds.Widgets}/one", """{"spec":{"b":"2","parts":[{"key":"y","v":"new"},{"key":"x","v":"old"},{"key":"z","v":"new"}]}}""");
        Assert.True(kept.Code == 200, kept.Text);
        var changed = await crds.Api.Patch($"{Crds.Widgets}/one", """{"spec":{"a":"other"}}""");
        Assert.Equal("Widget.example.com \"one\" is invalid: spec.a: Unsupported value: \"other\": supported values: \"new\"", changed.Message);
        var item = await crds.Api.Patch($"{Crds.Widgets}/one", """{"spec":{"parts":[{"key":"y","v":"new"},{"key":"x","v":"worse"}]}}""");
        Assert.Equal("Widget.example.com \"one\" is invalid: spec.parts[1].v: Unsupported value: \"worse\": supported values: \"new\"", item.Message);
    }

    [Fact]
    public async Task A_status_of_its_own_is_written_apart_and_changes_no_generation()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget("""
            "a":{"type":"string"}
            """, version: ",\"subresources\":{\"status\":{}}"));
        var created = await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"a":"1"}""", ",\"status\":{\"ok\":true}"));
        Assert.Null(created.Json["status"]);
        var status = await crds.Api.Patch($"{Crds.Widgets}/one/status", """{"spec":{"a":"2"},"status":{"ok":true},"metadata":{"labels":{"a":"b"}}}""");
        Assert.Equal(("1", "true", "1", null), (status.At("spec.a"), status.At("status.ok"), status.At("metadata.generation"), status.At("metadata.labels")));
        var spec = await crds.Api.Patch($"{Crds.Widgets}/one", """{"spec":{"a":"3"},"status":{"ok":false}}""");
        Assert.Equal(("3", "true", "2"), (spec.At("spec.a"), spec.At("status.ok"), spec.At("metadata.generation")));
    }

    [Fact]
    public async Task A_scale_reads_and_writes_where_the_definition_says()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget("""
            "size":{"type":"object","properties":{"wanted":{"type":"integer"}}}
            """, version: ",\"subresources\":{\"status\":{},\"scale\":{\"specReplicasPath\":\".spec.size.wanted\",\"statusReplicasPath\":\".status.there\",\"labelSelectorPath\":\".status.selector\"}}"));
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"size":{"wanted":2}}"""));
        await crds.Api.Patch($"{Crds.Widgets}/one/status", """{"status":{"there":1,"selector":"a=b"}}""");
        var scale = await crds.Api.Get($"{Crds.Widgets}/one/scale");
        Assert.Equal(("Scale", "2", "1", "a=b"), (scale.At("kind"), scale.At("spec.replicas"), scale.At("status.replicas"), scale.At("status.selector")));
        var scaled = await crds.Api.Patch($"{Crds.Widgets}/one/scale", """{"spec":{"replicas":5}}""");
        Assert.True(scaled.Code == 200, scaled.Text);
        Assert.Equal("5", (await crds.Api.Get($"{Crds.Widgets}/one")).At("spec.size.wanted"));
        var negative = await crds.Api.Patch($"{Crds.Widgets}/one", """{"spec":{"size":{"wanted":-1}}}""");
        Assert.Equal("Widget.example.com \"one\" is invalid: .spec.size.wanted: Invalid value: -1: should be a non-negative integer", negative.Message);
    }

    [Fact]
    public async Task Tables_show_the_columns_of_the_definition()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget("""
            "size":{"type":"integer"},"on":{"type":"boolean"},"tags":{"type":"array","items":{"type":"string"}},"start":{"type":"string"}
            """, version: """
            ,"additionalPrinterColumns":[{"name":"Size","type":"integer","jsonPath":".spec.size"},{"name":"On","type":"boolean","jsonPath":".spec.on","priority":1},
            {"name":"Tags","type":"string","jsonPath":".spec.tags","description":"its tags"},{"name":"Ready","type":"string","jsonPath":".status.conditions[?(@.type==\"Ready\")].status"},
            {"name":"Start","type":"date","jsonPath":".spec.start"},{"name":"Wrong","type":"integer","jsonPath":".spec.start"}]
            """));
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"size":3,"on":true,"tags":["a"],"start":"2024-01-02T03:04:05Z"}""",
            ",\"status\":{\"conditions\":[{\"type\":\"Other\",\"status\":\"False\"},{\"type\":\"Ready\",\"status\":\"True\"}]}"));
        await crds.Api.Create(Crds.Widgets, Crds.Object("two", "{}"));
        var table = await crds.Api.Get(Crds.Widgets, Api.Table);
        Assert.Equal(["Name", "Size", "On", "Tags", "Ready", "Start", "Wrong"], table.Json["columnDefinitions"]!.AsArray().Select(c => (string?)c!["name"]));
        Assert.Equal("Custom resource definition column (in JSONPath format): .spec.size", table.At("columnDefinitions.1.description"));
        var rows = table.Json["rows"]!.AsArray();
        Assert.StartsWith("""["one",3,true,"[\"a\"]","True",""", rows[0]!["cells"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\"[\"a\"]\"", "\"[\\\"a\\\"]\"", StringComparison.Ordinal));
        Assert.Equal("""["two",null,null,null,null,null,null]""", rows[1]!["cells"]!.ToJsonString());
    }

    [Fact]
    public async Task Field_selectors_may_name_the_fields_that_the_definition_selects()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget("""
            "color":{"type":"string"},"on":{"type":"boolean"}
            """, version: ",\"selectableFields\":[{\"jsonPath\":\".spec.color\"},{\"jsonPath\":\".spec.on\"}]"));
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"color":"red","on":true}"""));
        await crds.Api.Create(Crds.Widgets, Crds.Object("two", """{"color":"green"}"""));
        Assert.Equal(["one"], (await crds.Api.Get(Crds.Widgets + "?fieldSelector=spec.color=red,spec.on=true")).Names);
        Assert.Equal(["two"], (await crds.Api.Get(Crds.Widgets + "?fieldSelector=spec.on=")).Names);
        var refused = await crds.Api.Get(Crds.Widgets + "?fieldSelector=spec.size=1");
        Assert.Equal((400, "BadRequest", "field label not supported: spec.size"), refused.Status);
    }

    [Fact]
    public async Task Applies_merge_lists_as_the_schema_says()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget("""
            "set":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},
            "map":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],"items":{"type":"object","required":["k"],"properties":{"k":{"type":"string"},"v":{"type":"string"}}}},
            "whole":{"type":"array","items":{"type":"string"}}
            """));
        await Apply("ann", """{"set":["a"],"map":[{"k":"1","v":"a"}],"whole":["a"]}""");
        await Apply("bob", """{"set":["b"],"map":[{"k":"2","v":"b"}]}""");
        var one = await crds.Api.Get($"{Crds.Widgets}/one");
        Assert.Equal("""{"map":[{"k":"1","v":"a"},{"k":"2","v":"b"}],"set":["a","b"],"whole":["a"]}""", one.Json["spec"]!.ToJsonString());
        var conflict = await crds.Api.Send("PATCH", $"{Crds.Widgets}/one?fieldManager=bob", Crds.Object("one", """{"map":[{"k":"1","v":"b"}]}"""), new How { ContentType = Api.Apply });
        Assert.Equal((409, "Conflict", "Apply failed with 1 conflict: conflict with \"ann\": .spec.map[k=\"1\"].v"), conflict.Status);

        async Task Apply(string manager, string spec)
        {
            var applied = await crds.Api.Send("PATCH", $"{Crds.Widgets}/one?fieldManager={manager}", Crds.Object("one", spec), new How { ContentType = Api.Apply });
            Assert.True(applied.Code is 200 or 201, applied.Text);
        }
    }

    [Fact]
    public async Task An_apply_of_what_is_there_writes_nothing_even_where_defaults_fill_a_list_that_is_owned_as_one()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget("""
            "rules":{"type":"array","x-kubernetes-list-type":"atomic","items":{"type":"object","properties":{"name":{"type":"string"},"weight":{"type":"integer","default":1}}}}
            """));
        var first = await Apply("ann", "a");
        Assert.Equal("1", first.At("spec.rules.0.weight"));
        crds.Api.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(first.Version, (await Apply("ann", "a")).Version);
        Assert.NotEqual(first.Version, (await Apply("ann", "b")).Version);
        // Who else owns it is a change, even where the object stays what it is.
        var before = await crds.Api.Get($"{Crds.Widgets}/one");
        crds.Api.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.NotEqual(before.Version, (await Apply("bob", "b")).Version);

        Task<Answer> Apply(string manager, string name) =>
            crds.Api.Send("PATCH", $"{Crds.Widgets}/one?force=true&fieldManager={manager}", Crds.Object("one", $$"""{"rules":[{"name":"{{name}}"}]}"""), new How { ContentType = Api.Apply });
    }

    [Fact]
    public async Task Strategic_merge_patches_are_not_for_custom_resources()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Crds.Widget("\"a\":{\"type\":\"string\"}"));
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", "{}"));
        var refused = await crds.Api.Patch($"{Crds.Widgets}/one", "{}", Api.Strategic);
        Assert.Equal((415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"), refused.Status);
        var put = await crds.Api.Put($"{Crds.Widgets}/one", Crds.Object("one", "{}"));
        Assert.Equal("widgets.example.com \"one\" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update", put.Message);
        var kind = await crds.Api.Post(Crds.Widgets, """{"apiVersion":"example.com/v1","kind":"Gadget","metadata":{"name":"x"}}""");
        Assert.Equal("Widget.example.com \"x\" is invalid: kind: Invalid value: \"Gadget\": must be Widget", kind.Message);
        var version = await crds.Api.Post(Crds.Widgets, """{"apiVersion":"example.com/v2","kind":"Widget","metadata":{"name":"x"}}""");
        Assert.Equal("the API version in the data (example.com/v2) does not match the expected API version (example.com/v1)", version.Message);
    }

    [Fact]
    public async Task Versions_without_a_converter_differ_in_their_name_and_their_schema_alone()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define("""
            {"metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},"versions":[
            {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}}}}}}},
            {"name":"v2","served":true,"storage":false,"deprecated":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"string"},"c":{"type":"string","default":"d"}}}}}}}]}}
            """);
        const string v2 = "/apis/example.com/v2/namespaces/default/widgets";
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"a":"1","b":"2"}"""));
        var read = await crds.Api.Get($"{v2}/one");
        Assert.Equal(("example.com/v2", """{"a":"1","c":"d"}"""), (read.At("apiVersion"), read.Json["spec"]!.ToJsonString()));
        Assert.Equal(["example.com/v2 Widget is deprecated"], read.Warnings);
        Assert.Equal("example.com/v2", (string?)(await crds.Api.Get(v2)).Items[0]["apiVersion"]);
        var written = await crds.Api.Create(v2, """{"apiVersion":"example.com/v2","kind":"Widget","metadata":{"name":"two"},"spec":{"a":"3","c":"4"}}""");
        Assert.Equal(("example.com/v2", "4"), (written.At("apiVersion"), written.At("spec.c")));
        Assert.Equal("""{"a":"3"}""", (await crds.Api.Get($"{Crds.Widgets}/two")).Json["spec"]!.ToJsonString());
        Assert.Equal(read.Version, (await crds.Api.Get($"{Crds.Widgets}/one")).Version);

        // Who owns a field in one version still does when another is written.
        var patched = await crds.Api.Patch($"{v2}/one?fieldManager=bob", """{"metadata":{"labels":{"x":"y"}},"spec":{"a":"5"}}""");
        var owners = patched.Json["metadata"]!["managedFields"]!.AsArray().Select(m => $"{m!["apiVersion"]} {m["fieldsV1"]!.ToJsonString()}");
        Assert.Equal(["""example.com/v2 {"f:metadata":{"f:labels":{".":{},"f:x":{}}},"f:spec":{"f:a":{}}}""", """example.com/v1 {"f:spec":{".":{},"f:b":{}}}"""], owners);
    }
}
