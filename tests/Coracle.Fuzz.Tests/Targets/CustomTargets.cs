using System.Text.Json.Nodes;
using Coracle.ApiServer;
using Coracle.Fuzz.Tests.Fuzzing;
using Coracle.Kinds.Apiextensions.V1;
using Coracle.Schema;

namespace Coracle.Fuzz.Tests.Targets;

/// <summary>Definitions of custom resources that nobody would write, and objects of definitions that somebody might.</summary>
internal static class CustomTargets
{
    private static readonly string[] SchemaWords =
    [
        "type", "object", "array", "string", "integer", "number", "boolean", "properties", "items", "additionalProperties", "required", "enum", "default", "nullable", "format", "date-time", "byte", "int32", "ipv4", "cidr", "duration", "uuid",
        "pattern", "minimum", "maximum", "exclusiveMinimum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "allOf", "anyOf", "oneOf", "not",
        "x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource", "x-kubernetes-int-or-string", "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type", "x-kubernetes-validations",
        "rule", "message", "messageExpression", "reason", "fieldPath", "optionalOldSelf", "self", "self == oldSelf", "self.all(x, x.size() > 1)", "has(self.a)", "atomic", "set", "map", "granular", "$ref", "title", "description", "name", "key", "value",
        "subresources", "status", "scale", "specReplicasPath", ".spec.replicas", "additionalPrinterColumns", "jsonPath", "selectableFields", "conversion", "versions", "served", "storage", "deprecated", "names", "plural", "scope",
    ];

    private static readonly string[] FieldWords = ["spec", "status", "name", "key", "value", "text", "count", "ratio", "when", "list", "keyed", "set", "map", "any", "embedded", "either", "nested", "choice", "replicas", "apiVersion", "kind", "metadata"];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("definition", () => Corpus.Definitions, Definition) { Shape = Shape.Json, Words = SchemaWords, Iterations = 250 },
        new("custom", Objects, Custom) { Shape = Shape.Json, Words = FieldWords, Iterations = 500 },
    ];

    private static readonly KindInfo Definitions = Corpus.Kinds[Corpus.TagOf("CustomResourceDefinition")];

    private static readonly byte[][] Samples = [.. Corpus.Texts("customs.jsonl").Select(seed => seed.Bytes)];

    private static readonly KindInfo[] Kinds = [.. Corpus.Definitions.SelectMany(seed => KindsOf(ApiJson.Parse<CustomResourceDefinition>(Stored(seed.Bytes, out var errors) ?? throw new InvalidOperationException(errors))))];

    private static byte[]? Stored(byte[] json, out string why)
    {
        why = "";
        if (Decoder.Decode(json, Definitions.Schema).Value is not { } obj) return null;
        Definitions.Rules.PrepareForCreate(obj);
        Defaulter.Apply(obj, Definitions.Schema);
        Definitions.Rules.Default(obj);
        var stored = Encoder.Encode(obj, Definitions.Schema);
        var errors = new FieldErrors();
        Definitions.Rules.Check(stored, errors, []);
        Definitions.Rules.CheckUpdate(stored, stored, "", new FieldErrors(), []);
        why = string.Join('\n', errors.All);
        return errors.Count == 0 ? stored : null;
    }

    private static IEnumerable<KindInfo> KindsOf(CustomResourceDefinition definition) => (definition.Spec.Versions ?? []).Select(version => new KindInfo
    {
        Group = definition.Spec.Group, Version = version.Name, Kind = definition.Spec.Names.Kind, Plural = definition.Spec.Names.Plural, Singular = definition.Spec.Names.Singular, Rules = new CustomRules(null),
        Scale = version.Subresources?.Scale is { } scale ? new(scale.SpecReplicasPath, scale.StatusReplicasPath, scale.LabelSelectorPath) : null,
        Schema = SchemaCompiler.Root(version.Validation?.OpenAPIV3Schema, definition.Spec.PreserveUnknownFields),
    });

    // A definition that is taken is used: for objects that fit, and for some that do not.
    private static void Definition(Seed seed)
    {
        if (Stored(seed.Bytes, out _) is not { } stored) return;
        foreach (var kind in KindsOf(ApiJson.Parse<CustomResourceDefinition>(stored)))
            foreach (var sample in Samples) Object(kind, sample);
    }

    private static IReadOnlyList<Seed> Objects() => [.. from sample in Samples from tag in Enumerable.Range(0, Kinds.Length) select new Seed(tag, sample)];

    private static void Custom(Seed seed) => Object(Kinds[seed.Tag], seed.Bytes);

    private static void Object(KindInfo kind, byte[] json)
    {
        var schema = kind.Schema;
        if (Decoder.Decode(json, schema).Value is not { } obj) return;
        var plain = Encoder.Encode(obj, schema);
        Sound.Same(plain, Encoder.Encode(Decoder.Decode(plain, schema).Value ?? throw new UnsoundException("what was written can be decoded"), schema), "what was pruned is pruned");
        Defaulter.Apply(obj, schema);
        var filled = Encoder.Encode(obj, schema);
        Defaulter.Apply(obj, schema);
        Sound.Same(filled, Encoder.Encode(obj, schema), "defaults that are there are not filled in again");
        var again = Decoder.Decode(filled, schema).Value ?? throw new UnsoundException("defaults can be decoded");
        Sound.Same(filled, Encoder.Encode(again, schema), "what was defaulted is stable under pruning");
        Judged(kind, again, obj);
        var old = Decoder.Decode(Samples[0], schema).Value;
        if (old is not null) Judged(kind, again, old);
        var request = new OwnershipRequest(schema, kind.ApiVersion, "fuzz", "", DateTimeOffset.UnixEpoch);
        FieldOwnership.Apply(old, obj, true, request);
        FieldOwnership.Update(old, again, request);
        _ = Encoder.Encode(again, schema);
        kind.Rules.Check(filled, new FieldErrors(), []);
        Yaml.Write(filled);
    }

    private static void Judged(KindInfo kind, JsonObject obj, JsonObject old)
    {
        foreach (var (before, subresource) in ((JsonObject?, string)[])[(null, ""), (old, ""), (old, "status")])
        {
            var errors = new FieldErrors();
            CustomValidation.Validate(kind, obj, before, subresource, errors, []);
            foreach (var error in errors.All) _ = error.ToString();
        }
    }
}
