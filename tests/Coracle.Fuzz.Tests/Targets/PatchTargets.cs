using System.Text.Json.Nodes;
using Coracle.Fuzz.Tests.Fuzzing;
using Coracle.Schema;

namespace Coracle.Fuzz.Tests.Targets;

/// <summary>Patches of objects, and sets of owned fields.</summary>
internal static class PatchTargets
{
    private static readonly string[] Words =
    [
        "$patch", "replace", "delete", "merge", "$retainKeys", "$deleteFromPrimitiveList/finalizers", "$setElementOrder/containers", "$setElementOrder/ports", "$setElementOrder/finalizers", "name", "containers", "ports", "containerPort", "env", "volumes",
        "emptyDir", "hostPath", "metadata", "labels", "annotations", "finalizers", "ownerReferences", "uid", "spec", "template", "strategy", "rollingUpdate", "type", "tolerations", "managedFields", "apiVersion", "v1",
        "kubectl.kubernetes.io/last-applied-configuration", "{\"apiVersion\":\"v1\",\"metadata\":{}}",
    ];

    public static IEnumerable<FuzzTarget> All =>
    [
        new("json-patch", () => Corpus.Of(File("json-patches.jsonl")), JsonPatches) { Shape = Shape.Json, Words = ["op", "path", "value", "from", "add", "remove", "replace", "move", "copy", "test", "/spec", "/metadata/labels/a", "/spec/containers/0", "/spec/containers/-", "/a~1b", "/-1", "/spec/containers/-1"], Iterations = 500, AllocatedMax = 1L << 30 },
        new("merge-patch", () => Corpus.Of(File("patches.jsonl")), seed => OnAll(seed, (live, patch, _) => MergePatch.Apply(live, patch))) { Shape = Shape.Json, Words = Words, Iterations = 400 },
        new("strategic", () => [.. Corpus.Of(File("patches.jsonl")), .. Corpus.Objects], seed => OnAll(seed, StrategicMergePatch.Apply)) { Shape = Shape.Json, Words = Words, Iterations = 600 },
        new("apply", Applied, Apply) { Shape = Shape.Json, Words = Words, Iterations = 400 },
        new("fields", () => Corpus.Of(File("fields.jsonl")), Fields) { Shape = Shape.Json, Words = [".", "f:", "f:metadata", "k:{\"name\":\"a\"}", "k:{", "v:1", "v:\"a\"", "i:0", "i:-1", "x:1", "k:{\"a\":[{}]}", "v:{}", "f:spec"], Iterations = 600 },
    ];

    private static IEnumerable<string> File(string name) => Corpus.Texts(name).Select(Corpus.Text);

    private static readonly (KindInfo Kind, JsonObject Object)[] Live =
        [.. ((string[])["Pod", "Deployment", "Service", "CustomResourceDefinition", "ConfigMap"]).Select(name => Corpus.TagOf(name)).Select(tag => (Corpus.Kinds[tag], Decoder.Decode(Corpus.Objects[tag].Bytes, Corpus.Kinds[tag].Schema).Value!))];

    private static void JsonPatches(Seed seed) => OnAll(seed, (live, patch, _) => JsonPatch.Apply(live, patch));

    private static void OnAll(Seed seed, Func<JsonObject, JsonNode?, SchemaNode, PatchResult> apply)
    {
        var decoded = Decoder.DecodeTree(seed.Bytes);
        if (decoded.Error is not null) return;
        foreach (var (kind, live) in Live)
        {
            var result = apply(live, decoded.Value, kind.Schema);
            if (result.Error is { } error) Sound.True(error.Message.Length > 0, "a refusal says why");
            // The way of the server from there on.
            else if (Decoder.Decode(JsonText.ToBytes(result.Document), kind.Schema).Value is { } made) _ = Encoder.Encode(made, kind.Schema);
        }
    }

    private static IReadOnlyList<Seed> Applied() => [.. Live.Select((live, tag) => new Seed(tag, Encoder.Encode(live.Object, live.Kind.Schema))), .. Corpus.Texts("applied.jsonl").Select(seed => seed with { Tag = 0 })];

    // The text is what is applied, what is stored, and what an update sends back, in turn.
    private static void Apply(Seed seed)
    {
        var (kind, live) = Live[seed.Tag];
        if (Decoder.Decode(seed.Bytes, kind.Schema).Value is not { } made) return;
        var request = new OwnershipRequest(kind.Schema, kind.ApiVersion, "kubectl", "", DateTimeOffset.UnixEpoch);
        // What is stored has managedFields that we wrote.
        FieldOwnership.Update(null, made, request);
        foreach (var force in (bool[])[false, true])
        {
            Usable(FieldOwnership.Apply(live, (JsonObject)made.DeepClone(), force, request), kind);
            Usable(FieldOwnership.Apply(made, (JsonObject)live.DeepClone(), force, request), kind);
            var bare = (JsonObject)made.DeepClone();
            (bare["metadata"] as JsonObject)?.Remove("managedFields");
            bare["apiVersion"] = kind.ApiVersion;
            Usable(FieldOwnership.Apply(made, bare, force, request with { Manager = "other" }), kind);
        }
        var sent = (JsonObject)made.DeepClone();
        FieldOwnership.Update(live, sent, request);
        _ = Encoder.Encode(sent, kind.Schema);
        FieldOwnership.Update(made, sent, request with { Manager = "other", Subresource = "status" });
        _ = Encoder.Encode(sent, kind.Schema);
        FieldOwnership.Update(null, made, request);
        _ = Encoder.Encode(made, kind.Schema);
    }

    private static void Usable(ApplyResult result, KindInfo kind)
    {
        if (result.Conflicts.Count > 0) Sound.True(result.ConflictMessage.Length > 0, "a conflict says with whom");
        else if (result.Error is { } error) Sound.True(error.Message.Length > 0, "a refusal says why");
        else _ = Encoder.Encode(result.Object!, kind.Schema);
    }

    private static void Fields(Seed seed)
    {
        var decoded = Decoder.DecodeTree(seed.Bytes);
        if (decoded.Error is not null) return;
        FieldSet set;
        try { set = FieldSet.Read(decoded.Value); }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException) { return; }
        foreach (var path in set.Paths()) _ = FieldSet.Text(path);
        var written = set.ToJson();
        Sound.True(JsonNode.DeepEquals(written, FieldSet.Read(written).ToJson()), "a set of fields that was written reads back the same");
        Sound.True(set.Except(FieldSet.Read(written)).IsEmpty, "a set without itself is empty");
        Sound.True(JsonNode.DeepEquals(written, set.Union(set).Intersect(set).ToJson()), "a set with itself is itself");
    }
}
