using System.Text.Json.Nodes;
using Coracle.Fuzz.Tests.Targets;
using Coracle.Schema;
using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Fuzz.Tests.Properties;

public sealed class PatchProperties
{
    private static readonly KindInfo[] Kinds = [.. ((string[])["Pod", "Deployment", "Service", "ConfigMap", "StatefulSet", "Node", "ServiceAccount", "PersistentVolume", "Job"]).Select(kind => Corpus.Kinds[Corpus.TagOf(kind)])];

    private static Gen<(KindInfo Kind, JsonObject From, JsonObject To)> Changes =>
        from kind in Gen.Elements(Kinds)
        from a in Plausible.Object(kind.Schema, 5)
        from b in Plausible.Object(kind.Schema, 5)
        select (kind, Canonical(a, kind), Canonical(b, kind));

    private static JsonObject Canonical(JsonObject obj, KindInfo kind) => (JsonObject)JsonNode.Parse(Encoder.Encode(Decoder.Decode(JsonText.ToBytes(obj), kind.Schema).Value!, kind.Schema))!;

    [Fact]
    public void The_strategic_difference_of_two_objects_of_a_kind_makes_one_of_the_other() => Property.Holds(Changes, change =>
    {
        var patch = StrategicMergePatch.Create(change.From, change.To, change.Kind.Schema);
        Assert.Null(patch.Error);
        var made = StrategicMergePatch.Apply(change.From, patch.Document, change.Kind.Schema);
        Assert.Null(made.Error);
        Assert.Equal(Text(change.To, change.Kind), Text((JsonObject)made.Document!, change.Kind));
    }, 400);

    // Lists that merge come out in the order of what was there first.
    private static string Text(JsonObject obj, KindInfo kind) => Sorted(JsonNode.Parse(Encoder.Encode(obj, kind.Schema)))!.ToJsonString();

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject obj => new JsonObject(obj.Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted).OrderBy(item => item?.ToJsonString(), StringComparer.Ordinal)]),
        _ => node?.DeepClone(),
    };

    [Fact]
    public void The_merge_difference_of_two_documents_makes_one_of_the_other() => Property.Holds(Gen.Two(Objects), pair =>
    {
        // A merge patch cannot say null.
        var (a, b) = ((JsonObject)WithoutNulls(pair.Item1)!, (JsonObject)WithoutNulls(pair.Item2)!);
        Assert.True(JsonNode.DeepEquals(b, MergePatch.Apply(a, MergePatch.Create(a, b)).Document));
    });

    [Fact]
    public void A_merge_patch_does_what_the_standard_writes_down() => Property.Holds(Json.Plain(3).SelectMany(a => Objects.Select(b => (Item1: a, Item2: b))), pair =>
        Assert.True(JsonNode.DeepEquals(Rfc7396(pair.Item1?.DeepClone(), pair.Item2), MergePatch.Apply(pair.Item1, pair.Item2).Document)));

    [Fact]
    public void A_json_patch_from_one_document_to_another_makes_one_of_the_other() => Property.Holds(Gen.Two(Objects), pair =>
    {
        var patch = new JsonArray();
        Difference(pair.Item1, pair.Item2, "", patch);
        var made = JsonPatch.Apply(pair.Item1, patch);
        Assert.Null(made.Error);
        Assert.True(JsonNode.DeepEquals(pair.Item2, made.Document), patch.ToJsonString());
    });

    [Fact]
    public void A_json_patch_whose_test_fails_changes_nothing() => Property.Holds(Gen.Two(Objects), pair =>
    {
        if (JsonNode.DeepEquals(pair.Item1, pair.Item2)) return;
        var before = pair.Item1.ToJsonString();
        var patch = new JsonArray(new JsonObject { ["op"] = "add", ["path"] = "/new", ["value"] = 1 }, new JsonObject { ["op"] = "remove", ["path"] = "/new" }, new JsonObject { ["op"] = "test", ["path"] = "", ["value"] = pair.Item2.DeepClone() });
        Assert.Equal(PatchFault.Unprocessable, JsonPatch.Apply(pair.Item1, patch).Error!.Fault);
        Assert.Equal(before, pair.Item1.ToJsonString());
    });

    private static Gen<JsonObject> Objects => Json.Plain(3).Where(node => node is JsonObject).Select(node => (JsonObject)node!);

    // RFC 7396, section 2.
    private static JsonNode? Rfc7396(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes) return patch?.DeepClone();
        var result = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
            if (value is null) result.Remove(name);
            else
            {
                var old = result[name];
                result.Remove(name);
                result[name] = Rfc7396(old, value);
            }
        return result;
    }

    private static JsonNode? WithoutNulls(JsonNode? node) => node is not JsonObject obj ? node?.DeepClone() : new JsonObject(obj.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, WithoutNulls(p.Value))));

    // Fields one by one; lists by taking all out and putting all in.
    private static void Difference(JsonNode? from, JsonNode? to, string path, JsonArray patch)
    {
        if (JsonNode.DeepEquals(from, to)) return;
        if (from is JsonObject a && to is JsonObject b)
        {
            foreach (var (name, _) in a.Where(p => !b.ContainsKey(p.Key))) Add("remove", $"{path}/{Pointer(name)}", null);
            foreach (var (name, value) in b)
                if (a.ContainsKey(name) && value is not null) Difference(a[name], value, $"{path}/{Pointer(name)}", patch);
                else Add("add", $"{path}/{Pointer(name)}", value);
        }
        else if (from is JsonArray old && to is JsonArray list)
        {
            for (var i = old.Count - 1; i >= 0; i--) Add("remove", $"{path}/{i}", null);
            foreach (var item in list) Add("add", $"{path}/-", item);
        }
        else Add("replace", path, to);

        void Add(string op, string at, JsonNode? value) => patch.Add((JsonNode)new JsonObject { ["op"] = op, ["path"] = at, ["value"] = value?.DeepClone() });
    }

    private static string Pointer(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
