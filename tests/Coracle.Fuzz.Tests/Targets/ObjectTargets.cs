using System.Text.Json.Nodes;
using Coracle.Fuzz.Tests.Fuzzing;
using Coracle.Schema;

namespace Coracle.Fuzz.Tests.Targets;

/// <summary>Objects of the built-in kinds, in each form in which a body has them.</summary>
internal static class ObjectTargets
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Names =
    [
        "apiVersion", "kind", "metadata", "name", "namespace", "labels", "annotations", "finalizers", "ownerReferences", "managedFields", "creationTimestamp", "deletionTimestamp", "generateName", "spec", "status",
        "template", "selector", "matchLabels", "matchExpressions", "key", "operator", "values", "In", "Exists", "containers", "initContainers", "image", "ports", "containerPort", "protocol", "TCP", "UDP", "env", "value", "valueFrom",
        "resources", "limits", "requests", "cpu", "memory", "volumes", "volumeMounts", "mountPath", "replicas", "type", "RollingUpdate", "maxSurge", "25%", "default", "Always", "conditions", "True", "2026-01-02T03:04:05Z",
    ];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("json", () => Corpus.Objects, Json) { Shape = Shape.Json, Words = Names, Iterations = 700 },
        new("yaml", Yamls, Yaml) { Words = [.. Names, ": ", "\n  - ", "- ", "\n", "  ", "&a ", "*a", "<<: *a", "!!binary ", "!!int ", "!!str ", "!", "|", ">", "|-", ">+2", "? ", "---\n", "...\n", "%YAML 1.1\n", "%TAG ! x\n", "{", "}", "[", "]", ",", "'", "\"", "\\x41", "\\u00e9", "~", "yes", "0o7", "0x1f", ".inf", "1_000", "190:20:30", "2001-12-14t21:59:43.10-05:00", "#"], Iterations = 700 },
        new("protobuf", Protobufs, Protobuf) { Shape = Shape.Protobuf, Iterations = 700 },
    ];

    // What the server does with a body, and what else it does with an object that it took.
    public static void Json(Seed seed)
    {
        var kind = Corpus.Kinds[seed.Tag];
        var decoded = Decoder.Decode(seed.Bytes, kind.Schema);
        Decoder.DecodeTree(seed.Bytes);
        if (decoded.Value is not { } obj)
        {
            Sound.True(decoded.Error is { Length: > 0 }, "a refusal says why");
            return;
        }
        var plain = Encoder.Encode(obj, kind.Schema);
        Sound.Same(plain, Again(plain, kind.Schema), "what was decoded and written decodes to the same");
        Defaulter.Apply(obj, kind.Schema);
        kind.Rules.Default(obj);
        var filled = Encoder.Encode(obj, kind.Schema);
        Defaulter.Apply(obj, kind.Schema);
        kind.Rules.Default(obj);
        Sound.Same(filled, Encoder.Encode(obj, kind.Schema), "defaults that are there are not filled in again");
        Sound.Same(filled, Again(filled, kind.Schema), "defaults are of the schema");
        OtherForms(filled, kind);
        Judged(obj, filled, kind);
    }

    private static byte[] Again(byte[] json, SchemaNode schema) =>
        Encoder.Encode(Decoder.Decode(json, schema).Value ?? throw new UnsoundException("what was written can be decoded"), schema);

    private static void OtherForms(byte[] json, KindInfo kind)
    {
        Sound.True(Schema.Yaml.TryToJson(Utf8.GetBytes(Schema.Yaml.Write(json)), strict: true, out var back, out _), "what is written as YAML is YAML");
        // A set of owned fields that is none may be a number that no tree holds; ownership drops it.
        if (Decoder.DecodeTree(json) is { Error: null } whole) Sound.True(JsonNode.DeepEquals(whole.Value, Decoder.DecodeTree(Again(back, kind.Schema)).Value), "YAML says what JSON said");
        var protobuf = ProtobufEncoder.Encode(json, kind.Schema);
        var tree = ProtobufDecoder.Decode(protobuf, kind.Schema) ?? throw new UnsoundException("what was written as protobuf can be decoded");
        // Once through, what protobuf cannot say is gone; from then on it stays as it is.
        var again = ProtobufEncoder.Encode(Encoder.Encode(tree, kind.Schema), kind.Schema);
        var third = ProtobufEncoder.Encode(Encoder.Encode(ProtobufDecoder.Decode(again, kind.Schema) ?? throw new UnsoundException("what was written as protobuf can be decoded"), kind.Schema), kind.Schema);
        Sound.Same(again, third, "protobuf that was decoded is written the same");
    }

    private static void Judged(JsonObject obj, byte[] json, KindInfo kind)
    {
        kind.Rules.Check(json, new FieldErrors(), []);
        foreach (var subresource in (string[])["", "status"])
        {
            var errors = new FieldErrors();
            kind.Rules.CheckUpdate(json, json, subresource, errors, []);
            foreach (var error in errors.All) _ = error.ToString();
        }
        _ = kind.Rules.Cells(json, Now);
        _ = kind.Rules.GraceSeconds(obj, null);
        _ = kind.Rules.DeletionRefusal(obj);
        _ = kind.Rules.MayRemove(obj);
        var (old, prepared) = ((JsonObject)obj.DeepClone(), (JsonObject)obj.DeepClone());
        kind.Rules.PrepareForUpdate(prepared, old, "");
        _ = kind.Rules.ChangesGeneration(prepared, old);
        kind.Rules.Stamp(prepared, old, Now);
        kind.Rules.PrepareForCreate(obj);
        kind.Rules.Stamp(obj, null, Now);
        kind.Rules.BeginDelete(obj);
        _ = Encoder.Encode(obj, kind.Schema);
    }

    private static IReadOnlyList<Seed> Yamls() => [.. Corpus.Objects.Select(seed => new Seed(seed.Tag, Utf8.GetBytes(Schema.Yaml.Write(seed.Bytes)))), .. Corpus.Texts("yaml.txt").Select(Unescaped)];

    // A text of many lines stands in one.
    private static Seed Unescaped(Seed seed) => new(0, Utf8.GetBytes(Utf8.GetString(seed.Bytes).Replace("\\n", "\n", StringComparison.Ordinal)));

    private static void Yaml(Seed seed)
    {
        Schema.Yaml.Split(Utf8.GetString(seed.Bytes));
        var strict = Schema.Yaml.TryToJson(seed.Bytes, strict: true, out _, out var why);
        if (!Schema.Yaml.TryToJson(seed.Bytes, strict: false, out var json, out var error))
        {
            Sound.True(error is { Length: > 0 } && why is { Length: > 0 } && !strict, "a refusal says why, and what is no YAML is none when it is read strictly");
            return;
        }
        var tree = Decoder.DecodeTree(json);
        if (tree.Error is null && json.Length < 50_000)
        {
            Sound.True(Schema.Yaml.TryToJson(Utf8.GetBytes(Schema.Yaml.Write(json)), strict: false, out var back, out _), "what is written as YAML is YAML");
            Sound.True(JsonNode.DeepEquals(tree.Value, Decoder.DecodeTree(back).Value), "YAML that was written says what it was written from");
        }
        Decoder.Decode(json, Corpus.Kinds[seed.Tag].Schema);
    }

    private static IReadOnlyList<Seed> Protobufs() =>
    [
        .. Corpus.Objects.Select(seed =>
        {
            var schema = Corpus.Kinds[seed.Tag].Schema;
            return new Seed(seed.Tag, ProtobufEncoder.Encode(Encoder.Encode(Decoder.Decode(seed.Bytes, schema).Value!, schema), schema));
        }),
    ];

    private static void Protobuf(Seed seed)
    {
        var schema = Corpus.Kinds[seed.Tag].Schema;
        if (ProtobufDecoder.Decode(seed.Bytes, schema) is not { } tree) return;
        if (Decoder.Decode(Utf8.GetBytes(tree.ToJsonString()), schema).Value is not { } obj) return;
        var json = Encoder.Encode(obj, schema);
        Sound.True(ProtobufDecoder.Decode(ProtobufEncoder.Encode(json, schema), schema) is not null, "what was written as protobuf can be decoded");
    }
}
