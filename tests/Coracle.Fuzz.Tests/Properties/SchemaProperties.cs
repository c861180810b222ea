using System.Text.Json.Nodes;
using Coracle.ApiServer;
using Coracle.Fuzz.Tests.Fuzzing;
using Coracle.Fuzz.Tests.Targets;
using Coracle.Kinds.Apiextensions.V1;
using Coracle.Schema;
using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Fuzz.Tests.Properties;

/// <summary>What decoding, defaulting, pruning and validating guarantee, whatever the schema and whatever the object.</summary>
public sealed class SchemaProperties
{
    private static readonly Gen<(string Schema, string Text)> AnyOfAny = Structural.Schema(3).SelectMany(schema => Json.Object(4).Select(text => (schema, text)));

    private static KindInfo KindOf(string schema) => new()
    {
        Group = "example.com", Version = "v1", Kind = "A", Plural = "as", Singular = "a", Rules = KindRules.None,
        Schema = SchemaCompiler.Root(ApiJson.Parse<JSONSchemaProps>(Utf8.GetBytes($"{{\"type\":\"object\",\"properties\":{{\"spec\":{schema},\"a\":{schema}}}}}"))),
    };

    [Fact]
    public void Any_object_is_decoded_by_any_schema_or_refused() => Property.Holds(AnyOfAny, pair =>
    {
        var decoded = Decoder.Decode(Utf8.GetBytes(pair.Text), KindOf(pair.Schema).Schema);
        Assert.True(decoded.Value is not null ^ decoded.Error is { Length: > 0 });
    }, 500);

    [Fact]
    public void What_was_pruned_and_defaulted_stays_as_it_is() => Property.Holds(AnyOfAny, pair =>
    {
        var schema = KindOf(pair.Schema).Schema;
        if (Decoder.Decode(Utf8.GetBytes(pair.Text), schema).Value is not { } obj) return;
        var pruned = Encoder.Encode(obj, schema);
        Assert.Equal(Utf8.GetString(pruned), Utf8.GetString(Encoder.Encode(Decoder.Decode(pruned, schema).Value!, schema)));
        Defaulter.Apply(obj, schema);
        var once = Encoder.Encode(obj, schema);
        Defaulter.Apply(obj, schema);
        Assert.Equal(Utf8.GetString(once), Utf8.GetString(Encoder.Encode(obj, schema)));
        Assert.Equal(Utf8.GetString(once), Utf8.GetString(Encoder.Encode(Decoder.Decode(once, schema).Value!, schema)));
    }, 500);

    [Fact]
    public void Any_object_can_be_judged_by_any_schema() => Property.Holds(AnyOfAny, pair =>
    {
        var kind = KindOf(pair.Schema);
        if (Decoder.Decode(Utf8.GetBytes(pair.Text), kind.Schema).Value is not { } obj) return;
        var errors = new FieldErrors();
        CustomValidation.Validate(kind, obj, null, "", errors, []);
        CustomValidation.Validate(kind, obj, (JsonObject)obj.DeepClone(), "", new FieldErrors(), []);
        Assert.All(errors.All, error => Assert.NotEqual("", error.ToString()));
    }, 500);

    [Fact]
    public void An_object_that_does_not_change_is_not_judged_worse_than_before() => Property.Holds(AnyOfAny, pair =>
    {
        var kind = KindOf(pair.Schema);
        if (Decoder.Decode(Utf8.GetBytes(pair.Text), kind.Schema).Value is not { } obj) return;
        var (created, updated) = (new FieldErrors(), new FieldErrors());
        CustomValidation.Validate(kind, obj, null, "", created, []);
        CustomValidation.Validate(kind, obj, (JsonObject)obj.DeepClone(), "", updated, []);
        Assert.True(updated.Count <= created.Count, string.Join('\n', updated.All));
    });

    [Fact]
    public void Any_object_is_decoded_as_any_built_in_kind_or_refused() => Property.Holds(Gen.Choose(0, Corpus.Kinds.Length - 1).SelectMany(tag => Json.Object(5).Select(text => (tag, text))), pair =>
    {
        var decoded = Decoder.Decode(Utf8.GetBytes(pair.text), Corpus.Kinds[pair.tag].Schema);
        Assert.True(decoded.Value is not null ^ decoded.Error is { Length: > 0 });
    }, 500);

    /// <summary>Through JSON, YAML and protobuf, defaults and rules: what the fuzzer does with texts, with objects that might be real.</summary>
    [Fact]
    public void Objects_of_built_in_kinds_are_the_same_in_every_form() => Property.Holds(
        Gen.Choose(0, Corpus.Kinds.Length - 1).SelectMany(tag => Plausible.Object(Corpus.Kinds[tag].Schema, 4).Select(obj => new Seed(tag, JsonText.ToBytes(obj)))),
        ObjectTargets.Json, 400);
}
