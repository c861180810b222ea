using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.CustomResources;

/// <summary>Rules in CEL: what definitions may have, and what they make of objects.</summary>
public sealed class RuleTests
{
    private static string Rules(params string[] rules) => $$"""
        ,"x-kubernetes-validations":[{{string.Join(',', rules)}}]
        """;

    private static string Spec(string properties, params string[] rules) => $$$"""
        {"metadata":{"name":"widgets.example.com"},"spec":{"group":"example.com","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},"versions":[{"name":"v1","served":true,"storage":true,
        "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{ {{{properties}}} }{{{(rules.Length > 0 ? Rules(rules) : "")}}} } } } } } ]} }
        """;

    private const string Sizes = """
        "min":{"type":"integer"},"max":{"type":"integer"},"name":{"type":"string","maxLength":20}
        """;

    [Theory]
    [InlineData("""{"rule":"self.min <= self.max"}""", """{"min":3,"max":2}""", "spec: Invalid value: failed rule: self.min <= self.max")]
    [InlineData("""{"rule":"self.min <= self.max","message":"min is above max"}""", """{"min":3,"max":2}""", "spec: Invalid value: min is above max")]
    [InlineData("""{"rule":"self.min <= self.max","messageExpression":"'not so, ' + self.name"}""", """{"min":3,"max":2,"name":"ann"}""", "spec: Invalid value: not so, ann")]
    [InlineData("""{"rule":"self.min <= self.max","message":"wrong","messageExpression":"'not so, ' + self.name"}""", """{"min":3,"max":2}""", "spec: Invalid value: wrong")]
    [InlineData("""{"rule":"self.min <= self.max","fieldPath":".max","reason":"FieldValueForbidden","message":"too low"}""", """{"min":3,"max":2}""", "spec.max: Forbidden: too low")]
    [InlineData("""{"rule":"has(self.name)","fieldPath":".name","reason":"FieldValueRequired","message":"say who"}""", """{"min":1}""", "spec.name: Required value: say who")]
    public async Task A_rule_that_does_not_hold_is_told_as_it_says(string rule, string spec, string expected)
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Spec(Sizes, rule));
        await crds.Api.Create(Crds.Widgets, Crds.Object("good", """{"min":1,"max":2,"name":"n"}"""));
        var refused = await crds.Api.Post(Crds.Widgets, Crds.Object("one", spec));
        Assert.Equal($"Widget.example.com \"one\" is invalid: {expected}", refused.Message);
    }

    [Fact]
    public async Task A_default_that_its_own_rules_refuse_is_refused_with_the_definition()
    {
        await using var crds = await Crds.StartAsync();
        var refused = await crds.Api.Post(Crds.Definitions, Spec("""
            "size":{"type":"object","default":{"min":3,"max":2},"properties":{"min":{"type":"integer"},"max":{"type":"integer"}},"x-kubernetes-validations":[{"rule":"self.min <= self.max","message":"min is above max"}]}
            """));
        Assert.Equal((422, "CustomResourceDefinition.apiextensions.k8s.io \"widgets.example.com\" is invalid: spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[size].default: Invalid value: min is above max"),
            (refused.Code, refused.Message));
    }

    [Fact]
    public async Task Objects_count_against_quotas()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Spec(Sizes));
        await crds.Api.Create("/api/v1/namespaces/default/resourcequotas", """{"metadata":{"name":"q"},"spec":{"hard":{"count/widgets.example.com":"2"}}}""");
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", "{}"));
        await crds.Api.Create(Crds.Widgets, Crds.Object("two", "{}"));
        var refused = await crds.Api.Post(Crds.Widgets, Crds.Object("three", "{}"));
        Assert.Equal((403, "widgets.example.com \"three\" is forbidden: exceeded quota: q, requested: count/widgets.example.com=1, used: count/widgets.example.com=2, limited: count/widgets.example.com=2"),
            (refused.Code, refused.Message));
        // What a quota allows can change; what has gone is given back.
        Assert.Equal(200, (await crds.Api.Patch("/api/v1/namespaces/default/resourcequotas/q", """{"spec":{"hard":{"count/widgets.example.com":"3"}}}""")).Code);
        await crds.Api.Create(Crds.Widgets, Crds.Object("three", "{}"));
        Assert.Equal(403, (await crds.Api.Post(Crds.Widgets, Crds.Object("four", "{}"))).Code);
        await crds.Api.Delete($"{Crds.Widgets}/one");
        await crds.Api.Create(Crds.Widgets, Crds.Object("four", "{}"));
    }

    [Fact]
    public async Task Rules_hold_at_every_level_and_compare_with_what_was()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Spec("""
            "fixed":{"type":"string","maxLength":10,"x-kubernetes-validations":[{"rule":"self == oldSelf","message":"cannot be changed"}]},
            "count":{"type":"integer","x-kubernetes-validations":[{"rule":"!oldSelf.hasValue() || self >= oldSelf.value()","optionalOldSelf":true,"message":"only grows"}]},
            "parts":{"type":"array","maxItems":5,"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["key"],"items":{"type":"object","required":["key"],
              "properties":{"key":{"type":"string","maxLength":10},"size":{"type":"integer","x-kubernetes-validations":[{"rule":"self < 10"},{"rule":"self >= oldSelf"}]}}}}
            """));
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"fixed":"a","count":1,"parts":[{"key":"x","size":3}]}"""));
        Assert.Equal("Widget.example.com \"one\" is invalid: spec.fixed: Invalid value: \"b\": cannot be changed", (await Patch("""{"fixed":"b"}""")).Message);
        Assert.Equal("Widget.example.com \"one\" is invalid: spec.count: Invalid value: 0: only grows", (await Patch("""{"count":0}""")).Message);
        Assert.Equal("Widget.example.com \"one\" is invalid: spec.parts[1].size: Invalid value: 2: failed rule: self >= oldSelf", (await Patch("""{"parts":[{"key":"y","size":1},{"key":"x","size":2}]}""")).Message);
        Assert.Equal("Widget.example.com \"one\" is invalid: spec.parts[0].size: Invalid value: 12: failed rule: self < 10", (await Patch("""{"parts":[{"key":"x","size":12}]}""")).Message);
        Assert.Equal(200, (await Patch("""{"count":2,"parts":[{"key":"x","size":4}]}""")).Code);

        Task<Answer> Patch(string spec) => crds.Api.Patch($"{Crds.Widgets}/one", $$"""{"spec":{{spec}}}""");
    }

    [Fact]
    public async Task What_broke_a_rule_before_only_warns_as_long_as_it_is_not_changed()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Spec("""
            "a":{"type":"object","properties":{"n":{"type":"integer"}}},"b":{"type":"string","maxLength":5}
            """));
        await crds.Api.Create(Crds.Widgets, Crds.Object("one", """{"a":{"n":1},"b":"x"}"""));
        var changed = await crds.Api.Patch($"{Crds.Definitions}/widgets.example.com",
            """[{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/a/x-kubernetes-validations","value":[{"rule":"self.n > 1"}]}]""", Api.JsonPatch);
        Assert.True(changed.Code == 200, changed.Text);
        var kept = await crds.Api.Patch($"{Crds.Widgets}/one", """{"spec":{"b":"y"}}""");
        Assert.Equal((200, "spec.a: Invalid value: failed rule: self.n > 1"), (kept.Code, string.Join('|', kept.Warnings)));
        Assert.Equal(422, (await crds.Api.Patch($"{Crds.Widgets}/one", """{"spec":{"a":{"n":0}}}""")).Code);
    }

    [Fact]
    public async Task Rules_are_not_asked_of_an_object_whose_values_are_wrong()
    {
        await using var crds = await Crds.StartAsync();
        await crds.Define(Spec(Sizes, """{"rule":"self.min <= self.max"}"""));
        var refused = await crds.Api.Post(Crds.Widgets, Crds.Object("one", """{"min":"a","max":2}"""));
        Assert.Equal("Widget.example.com \"one\" is invalid: [spec.min: Invalid value: \"string\": spec.min in body must be of type integer: \"string\", <nil>: Invalid value: null: some validation rules "
            + "were not checked because the object was invalid; correct the existing errors to complete validation]", refused.Message);
    }

    [Theory]
    [InlineData("""{"rule":"self.min <= self.other"}""", ".rule: Invalid value: {", "undefined field 'other'")]
    [InlineData("""{"rule":"self.min + 1"}""", ".rule: Invalid value: {", "cel expression must evaluate to a bool")]
    [InlineData("""{"rule":"true","messageExpression":"1"}""", ".messageExpression: Invalid value: {", "messageExpression must evaluate to a string")]
    [InlineData("""{"rule":"true","optionalOldSelf":true}""", ".optionalOldSelf: Invalid value: true", "may not be set if oldSelf is not used in rule")]
    [InlineData("""{"rule":""}""", ".rule: Required value", "rule is not specified")]
    [InlineData("""{"rule":"true","fieldPath":".nothing"}""", ".fieldPath: Invalid value: \".nothing\"", "must be a valid path")]
    [InlineData("""{"rule":"true","reason":"Odd"}""", ".reason: Unsupported value: \"Odd\"", "supported values: \"FieldValueDuplicate\", \"FieldValueForbidden\", \"FieldValueInvalid\", \"FieldValueRequired\"")]
    public async Task A_rule_that_cannot_be_is_refused_with_its_definition(string rule, string where, string why)
    {
        await using var crds = await Crds.StartAsync();
        var refused = await crds.Api.Post(Crds.Definitions, Spec(Sizes, rule));
        Assert.Equal(422, refused.Code);
        Assert.Contains($"spec.versions[0].schema.openAPIV3Schema.properties[spec].x-kubernetes-validations[0]{where}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_may_cost_too_much_is_refused_with_its_definition()
    {
        await using var crds = await Crds.StartAsync();
        var refused = await crds.Api.Post(Crds.Definitions, Spec("""
            "list":{"type":"array","items":{"type":"string"}}
            """, """{"rule":"self.list.all(x, self.list.exists_one(y, x == y))"}"""));
        Assert.Contains("x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and "
            + "maxLength where arrays, maps, and strings are declared)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("openAPIV3Schema: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_values_are_not_to_be_had_where_items_cannot_be_told_apart()
    {
        await using var crds = await Crds.StartAsync();
        var refused = await crds.Api.Post(Crds.Definitions, Spec("""
            "list":{"type":"array","maxItems":5,"items":{"type":"string","maxLength":5,"x-kubernetes-validations":[{"rule":"self == oldSelf"}]}}
            """));
        Assert.Contains("oldSelf cannot be used on the uncorrelatable portion of the schema within spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[list]", refused.Message, StringComparison.Ordinal);
    }
}
