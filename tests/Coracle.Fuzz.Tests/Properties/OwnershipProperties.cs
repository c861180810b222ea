using System.Text.Json.Nodes;
using Coracle.Schema;
using FsCheck;
using FsCheck.Fluent;

namespace Coracle.Fuzz.Tests.Properties;

/// <summary>Several managers apply and update one object, in any order, and it is always as the rules say.</summary>
public sealed class OwnershipProperties
{
    private static readonly SchemaNode Item = new()
    {
        Type = SchemaType.Object, Properties = [new("k", PlainSchema.String), new("v", PlainSchema.String), new("w", PlainSchema.String)],
    };

    private static readonly SchemaNode Spec = new()
    {
        Type = SchemaType.Object,
        Properties =
        [
            new("a", PlainSchema.String), new("b", PlainSchema.String), new("m", PlainSchema.StringMap), new("s", new SchemaNode { Type = SchemaType.Array, Items = PlainSchema.String, ListType = "set" }),
            new("l", new SchemaNode { Type = SchemaType.Array, Items = Item, ListType = "map", ListKeys = ["k"] }), new("t", new SchemaNode { Type = SchemaType.Array, Items = PlainSchema.String, ListType = "atomic" }),
            new("u", new SchemaNode { Type = SchemaType.Map, Items = PlainSchema.String, Atomic = true }),
        ],
    };

    private static readonly SchemaNode Schema = new()
    {
        Type = SchemaType.Object, Properties = [new("apiVersion", PlainSchema.String), new("kind", PlainSchema.String), new("metadata", Kinds.Meta.V1.ObjectMeta.Schema), new("spec", Spec)],
    };

    private static readonly string[] Leaves = ["a", "b", "m/x", "m/y", "s/1", "s/2", "s/3", "l/p/v", "l/p/w", "l/q/v", "t", "u"];

    /// <param name="Manager">Who.</param>
    /// <param name="How">0 applies, 1 applies with force, 2 updates.</param>
    /// <param name="Leaves">What is applied; of an update, what changes: an empty value takes the leaf away.</param>
    public sealed record Step(string Manager, int How, Dictionary<string, string> Leaves)
    {
        public override string ToString() => $"{Manager} {((string[])["applies", "forces", "updates"])[How]} {string.Join(' ', Leaves.Select(l => $"{l.Key}={l.Value}"))}";
    }

    private static readonly Gen<Step> Steps =
        from manager in Gen.Elements("one", "two", "three")
        from how in Gen.Choose(0, 2)
        from leaves in Gen.SubListOf(how < 2 ? Leaves : [.. Leaves.Where(leaf => leaf[0] != 'l')])
        from values in Gen.Elements<string>(how < 2 ? ["1", "2"] : ["1", "2", ""]).ArrayOf(leaves.Count)
        select new Step(manager, how, Complete(leaves.Zip(values).ToDictionary(l => l.First, l => l.First[0] == 's' && l.Second.Length > 0 ? "" + l.First[^1] : l.Second)));

    // An item of a list with keys has its key.
    private static Dictionary<string, string> Complete(Dictionary<string, string> leaves)
    {
        foreach (var item in leaves.Keys.Where(l => l[0] == 'l').Select(l => l[..3]).Distinct().ToList()) leaves[item + "/k"] = "" + item[2];
        return leaves;
    }

    [Fact]
    public void Whatever_managers_do_everybody_owns_what_is_his() => Property.Holds(Gen.Choose(1, 10).SelectMany(n => Steps.ArrayOf(n)), steps =>
    {
        var model = new OwnershipModel();
        JsonObject? live = null;
        foreach (var step in steps) live = Run(step, model, live);
    }, 400);

    /// <summary>Upstream's own cases, as tables: who does what, and what is there and whose afterwards.</summary>
    [Theory]
    [InlineData("two managers share what they agree on", "one applies a=1; two applies a=1", "a=1", "one:a two:a")]
    [InlineData("one of two lets go and it stays", "one applies a=1 b=1; two applies a=1; one applies b=1", "a=1 b=1", "one:b two:a")]
    [InlineData("the last one lets go and it goes", "one applies a=1 b=1; two applies a=1; one applies b=1; two applies m/x=1", "b=1 m/x=1", "one:b two:m/x")]
    [InlineData("force takes it from the other", "one applies a=1 b=1; two forces a=2", "a=2 b=1", "one:b two:a")]
    [InlineData("an update takes what it changes", "one applies a=1 b=1; two updates a=2", "a=2 b=1", "one:b two/Update:a")]
    [InlineData("an update that changes nothing takes nothing", "one applies a=1; two updates a=1", "a=1", "one:a")]
    [InlineData("what an update removes is nobody's", "one applies a=1 b=1; two updates a=", "b=1", "one:b")]
    [InlineData("applying and updating are two managers of one name", "one applies a=1; one updates b=1; one applies a=2", "a=2 b=1", "one:a one/Update:b")]
    [InlineData("items of a set are owned one by one", "one applies s/1=1 s/2=2; two applies s/2=2 s/3=3; one applies s/1=1", "s/1=1 s/2=2 s/3=3", "one:s/1 two:s/2,s/3")]
    [InlineData("items with keys are owned field by field", "one applies l/p/v=1; two applies l/p/w=1; one applies a=1", "a=1 l/p/k=p l/p/w=1", "one:a two:l/p/k,l/p/w")]
    [InlineData("a list that is one is owned as one", "one applies t=1; two forces t=2", "t=2", "two:t")]
    [InlineData("a map that is one is owned as one", "one applies u=1 a=1; two forces u=2; one applies a=1", "a=1 u=2", "one:a two:u")]
    public void Owners_are_as_upstream_has_them(string what, string steps, string leaves, string owners)
    {
        var model = new OwnershipModel();
        JsonObject? live = null;
        foreach (var text in steps.Split("; "))
        {
            var words = text.Split(' ');
            live = Run(new Step(words[0], Array.IndexOf(["applies", "forces", "updates"], words[1]), Complete(words.Skip(2).Select(w => w.Split('=')).ToDictionary(w => w[0], w => w[1]))), model, live);
        }
        Assert.True(leaves == string.Join(' ', model.Live.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")), what);
        Assert.Equal(owners, string.Join(' ', model.Owned.Select(o => $"{o.Key}:{string.Join(',', o.Value)}")));
    }

    private static JsonObject? Run(Step step, OwnershipModel model, JsonObject? live)
    {
        var request = new OwnershipRequest(Schema, "v1", step.Manager, "", DateTimeOffset.UnixEpoch);
        if (step.How == 2)
        {
            var next = new Dictionary<string, string>(model.Live);
            foreach (var (leaf, value) in step.Leaves)
                if (value.Length == 0) next.Remove(leaf);
                else next[leaf] = value;
            var updated = ToJson(next);
            if (live?["metadata"]?["managedFields"] is { } known) updated["metadata"]!["managedFields"] = known.DeepClone();
            FieldOwnership.Update(live, updated, request);
            model.Update(step.Manager + "/Update", next);
            live = updated;
        }
        else
        {
            var conflicts = model.Conflicts(step.Manager, step.Leaves);
            var result = FieldOwnership.Apply(live, ToJson(step.Leaves), step.How == 1, request);
            Assert.Null(result.Error);
            Assert.Equal(step.How == 0 ? conflicts.Count : 0, result.Conflicts.Count);
            if (result.Conflicts.Count == 0)
            {
                model.Apply(step.Manager, step.Leaves);
                live = result.Object;
            }
        }
        if (live is null) return null;
        Assert.Equal(Shown(model.Live), Shown(LeavesOf(live)));
        Assert.Equal(model.Owned.Select(o => $"{o.Key}: {string.Join(' ', o.Value)}").Order(StringComparer.Ordinal), OwnersOf(live));
        return live;
    }

    private static string Shown(Dictionary<string, string> leaves) => string.Join(' ', leaves.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));

    private static JsonObject ToJson(Dictionary<string, string> leaves)
    {
        var spec = new JsonObject();
        foreach (var (leaf, value) in leaves.OrderBy(l => l.Key, StringComparer.Ordinal))
            switch (leaf.Split('/'))
            {
                case ["t"]: spec["t"] = new JsonArray(value); break;
                case ["u"]: spec["u"] = new JsonObject { ["z"] = value }; break;
                case ["s", var item]: ((JsonArray)(spec["s"] ??= new JsonArray())).Add((JsonNode)item); break;
                case ["m", var key]: (spec["m"] ??= new JsonObject())[key] = value; break;
                case ["l", var item, var field]:
                    var list = (JsonArray)(spec["l"] ??= new JsonArray());
                    var found = list.FirstOrDefault(i => (string?)i!["k"] == item);
                    if (found is null) list.Add(found = new JsonObject { ["k"] = item });
                    found[field] = value;
                    break;
                default: spec[leaf] = value; break;
            }
        return new() { ["apiVersion"] = "v1", ["kind"] = "A", ["metadata"] = new JsonObject { ["name"] = "x" }, ["spec"] = spec };
    }

    private static Dictionary<string, string> LeavesOf(JsonObject obj)
    {
        var leaves = new Dictionary<string, string>();
        // What nothing is left in may be there as null: decoding drops it.
        foreach (var (name, value) in (obj["spec"] as JsonObject ?? []).Where(field => field.Value is not null))
            switch (name)
            {
                case "t": leaves["t"] = (string)value![0]!; break;
                case "u": leaves["u"] = (string)value!["z"]!; break;
                case "s": foreach (var item in (JsonArray)value!) leaves[$"s/{item}"] = (string)item!; break;
                case "m": foreach (var (key, entry) in (JsonObject)value!) leaves[$"m/{key}"] = (string)entry!; break;
                case "l":
                    foreach (var item in (JsonArray)value!)
                        foreach (var (field, inner) in (JsonObject)item!) leaves[$"l/{item["k"]}/{field}"] = (string)inner!;
                    break;
                default: leaves[name] = (string)value!; break;
            }
        return leaves;
    }

    private static IEnumerable<string> OwnersOf(JsonObject obj) =>
        (obj["metadata"]?["managedFields"] as JsonArray ?? []).Select(entry =>
        {
            var leaves = FieldSet.Read(entry!["fieldsV1"]).Paths().Select(path => FieldSet.Text(path)).Select(LeafOf).OfType<string>().Order(StringComparer.Ordinal);
            return $"{entry["manager"]}{((string?)entry["operation"] == "Update" ? "/Update" : "")}: {string.Join(' ', leaves)}";
        }).Where(line => !line.EndsWith(": ", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    // .spec.l[k="p"].v -> l/p/v; null for what has leaves below it.
    private static string? LeafOf(string path)
    {
        var leaf = path.Replace(".spec", "", StringComparison.Ordinal).TrimStart('.').Replace("[k=\"", "/", StringComparison.Ordinal).Replace("[=\"", "/", StringComparison.Ordinal).Replace("\"]", "", StringComparison.Ordinal).Replace('.', '/');
        return leaf is "" or "m" or "s" or "l" || leaf.StartsWith("l/", StringComparison.Ordinal) && leaf.Count(c => c == '/') < 2 ? null : leaf;
    }
}
