using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using static Coracle.Schema.Tests.TestSchema;

namespace Coracle.Schema.Tests.Merge;

public sealed class FieldOwnershipTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private const string Deployment =
        """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"d","uid":"u","labels":{"app":"web"}},
         "spec":{"replicas":3,"template":{"spec":{"containers":[{"name":"web","image":"a:1","ports":[{"containerPort":80}]}]}}}}
        """;

    [Fact]
    public void Who_creates_an_object_owns_its_fields_but_not_what_identifies_it()
    {
        var created = Json(Deployment);
        ((JsonObject)created["metadata"]!).Remove("uid");
        FieldOwnership.Update(null, created, By("kubectl-create"));
        Assert.Equal(
            [
                "kubectl-create Update apps/v1 2026-05-01T12:00:00Z",
                ".metadata.labels", ".metadata.labels.app",
                ".spec", ".spec.replicas", ".spec.template", ".spec.template.spec", ".spec.template.spec.containers",
                ".spec.template.spec.containers[name=\"web\"]", ".spec.template.spec.containers[name=\"web\"].image", ".spec.template.spec.containers[name=\"web\"].name",
                ".spec.template.spec.containers[name=\"web\"].ports", ".spec.template.spec.containers[name=\"web\"].ports[containerPort=80,protocol=\"TCP\"]",
                ".spec.template.spec.containers[name=\"web\"].ports[containerPort=80,protocol=\"TCP\"].containerPort",
            ],
            Owners(created));
    }

    [Fact]
    public void A_new_object_has_the_owner_that_comparing_it_with_nothing_gives() => Property.Holds(Gen.Two(Spec), pair =>
    {
        var created = Json("""{"apiVersion":"apps/v1","kind":"Deployment"}""");
        created["spec"] = pair.Item1.DeepClone();
        // Items twice, empty and unknown things, and values of another form than the schema has.
        created["spec"]!["free"] = pair.Item2.DeepClone();
        created["metadata"] = Json("""{"name":"n","uid":"u","labels":{},"annotations":{"z":"1","a/b\"c":"2"},"finalizers":["x","y","x"]}""");
        if (created["spec"]!["template"]?["spec"]?["containers"] is JsonArray { Count: > 0 } containers) containers.Add(containers[0]!.DeepClone());
        var managers = new Dictionary<string, ManagerFields>();
        new OwnershipEngine(MergeVersions.Only("apps/v1", Root)).Update([], created, "apps/v1", managers, "m");
        var identifying = FieldSet.OfFields("apiVersion", "kind", "metadata", "metadata.name", "metadata.uid");

        FieldOwnership.Update(null, created, By("m"));
        var own = JsonNode.Parse(created["metadata"]!["managedFields"]![0]!["fieldsV1"]!.ToJsonString())!;
        Assert.Equal(managers["m"].Set.Except(identifying).ToJson().ToJsonString(), own.ToJsonString());
    });

    [Fact]
    public void Fields_that_are_always_there_are_not_owned_for_being_there()
    {
        var spec = Object("Spec", new SchemaProperty("nested", () => Object("Nested", Field("a", Text))) { Presence = Presence.Always }, Field("b", Text));
        var schema = Object("Kind", Field("apiVersion", Text), Field("metadata", Metadata), new SchemaProperty("spec", () => spec) { Presence = Presence.Always });
        var created = Json("""{"apiVersion":"v1","metadata":{"name":"n"},"spec":{"nested":{},"b":"x"}}""");
        FieldOwnership.Update(null, created, new(schema, "v1", "m", "", Noon));
        Assert.Equal(["m Update v1 2026-05-01T12:00:00Z", ".spec.b"], Owners(created));
    }

    [Fact]
    public void An_update_takes_what_it_changes_and_only_that()
    {
        var live = Tracked(Deployment, "creator");
        var updated = Changed(live, o => o["spec"]!["replicas"] = 5);
        FieldOwnership.Update(live, updated, By("scaler", Noon.AddHours(1)));
        var owners = Owners(updated);
        Assert.Equal(["scaler Update apps/v1 2026-05-01T13:00:00Z", ".spec.replicas"], owners[^2..]);
        Assert.DoesNotContain(".spec.replicas", owners[..^2]);
        Assert.Equal("creator Update apps/v1 2026-05-01T12:00:00Z", owners[0]);
    }

    [Fact]
    public void An_update_that_changes_nothing_leaves_managed_fields_byte_for_byte()
    {
        var live = Tracked(Deployment, "creator");
        var updated = Changed(live, _ => { });
        FieldOwnership.Update(live, updated, By("other", Noon.AddHours(1)));
        Assert.Equal(live["metadata"]!["managedFields"]!.ToJsonString(), updated["metadata"]!["managedFields"]!.ToJsonString());
    }

    [Fact]
    public void What_an_update_removes_is_nobodys()
    {
        var live = Tracked(Deployment, "creator");
        var updated = Changed(live, o => ((JsonObject)o["spec"]!).Remove("replicas"));
        FieldOwnership.Update(live, updated, By("other", Noon.AddHours(1)));
        Assert.DoesNotContain(Owners(updated), line => line == ".spec.replicas" || line.StartsWith("other", StringComparison.Ordinal));
    }

    [Fact]
    public void A_client_that_drops_managed_fields_does_not_lose_them_unless_it_says_so()
    {
        var live = Tracked(Deployment, "creator");
        var dropped = Changed(live, o => ((JsonObject)o["metadata"]!).Remove("managedFields"));
        FieldOwnership.Update(live, dropped, By("other"));
        Assert.StartsWith("creator", Owners(dropped)[0], StringComparison.Ordinal);

        foreach (var reset in new[] { "[]", "[{}]" })
        {
            var cleared = Changed(live, o => o["metadata"]!["managedFields"] = JsonNode.Parse(reset));
            FieldOwnership.Update(live, cleared, By("other"));
            Assert.Null(cleared["metadata"]!["managedFields"]);

            // and it is not tracked again by later updates
            var later = Changed(cleared, o => o["spec"]!["replicas"] = 9);
            FieldOwnership.Update(cleared, later, By("other"));
            Assert.Null(later["metadata"]!["managedFields"]);
        }
    }

    [Fact]
    public void A_subresource_ignores_managed_fields_that_are_sent_to_it_and_has_entries_of_its_own()
    {
        var live = Tracked(Deployment, "creator");
        var updated = Changed(live, o =>
        {
            o["metadata"]!["managedFields"] = new JsonArray();
            o["status"] = new JsonObject { ["ready"] = 1 };
        });
        var request = new OwnershipRequest(Root, "apps/v1", "controller", "status", Noon) { Ignored = FieldSet.OfFields("spec") };
        FieldOwnership.Update(live, updated, request);
        Assert.Equal(["controller/status Update apps/v1 2026-05-01T12:00:00Z", ".status", ".status.ready"], Owners(updated)[..3]);
        Assert.Equal("status", (string?)updated["metadata"]!["managedFields"]![0]!["subresource"]);
    }

    [Fact]
    public void Ignored_fields_are_not_owned()
    {
        var created = Json("""{"apiVersion":"apps/v1","metadata":{"name":"n"},"spec":{"replicas":1},"status":{"ready":1}}""");
        FieldOwnership.Update(null, created, By("m") with { Ignored = FieldSet.OfFields("status") });
        Assert.DoesNotContain(Owners(created), line => line.Contains("status", StringComparison.Ordinal));
    }

    [Fact]
    public void The_oldest_updates_are_merged_beyond_ten()
    {
        var live = Tracked(Deployment, "m0");
        for (var i = 1; i <= 13; i++)
        {
            var n = i;
            var updated = Changed(live, o => o["metadata"]!["labels"]![$"l{n}"] = "x");
            FieldOwnership.Update(live, updated, By($"m{n}", Noon.AddMinutes(n)));
            live = updated;
        }
        var managers = ((JsonArray)live["metadata"]!["managedFields"]!).Select(e => (string)e!["manager"]!).ToList();
        Assert.Equal(["ancient-changes", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12", "m13"], managers);
        Assert.Equal("2026-05-01T12:04:00Z", (string?)live["metadata"]!["managedFields"]![0]!["time"]);
        Assert.Contains(".metadata.labels.l4", Owners(live));
    }

    [Fact]
    public void Applying_creates_and_owns_what_is_said()
    {
        var result = FieldOwnership.Apply(null, Json("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","labels":{"app":"web"}},"spec":{"replicas":1}}"""), false, By("ci"));
        Assert.Null(result.Error);
        Assert.True(result.Changed);
        Assert.Equal(["ci Apply apps/v1 2026-05-01T12:00:00Z", ".metadata.labels.app", ".spec.replicas"], Owners(result.Object!));
        Assert.Equal(1, (int)result.Object!["spec"]!["replicas"]!);
    }

    [Fact]
    public void Applying_what_another_manager_set_differently_is_a_conflict()
    {
        var live = Tracked(Deployment, "kubectl-client-side-apply");
        var applied = Json("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":9}}""");
        var result = FieldOwnership.Apply(live, applied, false, By("ci"));
        Assert.Null(result.Object);
        Assert.Equal([new ApplyConflict("\"kubectl-client-side-apply\" using apps/v1", ".spec.replicas")], result.Conflicts);
        Assert.Equal("conflict with \"kubectl-client-side-apply\" using apps/v1", result.Conflicts[0].Message);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using apps/v1: .spec.replicas", result.ConflictMessage);

        var forced = FieldOwnership.Apply(live, applied, true, By("ci"));
        Assert.Equal(9, (int)forced.Object!["spec"]!["replicas"]!);
        Assert.Equal(["ci Apply apps/v1 2026-05-01T12:00:00Z", ".spec.replicas"], Owners(forced.Object!)[..2]);
        Assert.Equal(1, Owners(forced.Object!).Count(l => l == ".spec.replicas"));
    }

    [Fact]
    public void Several_conflicts_are_listed_by_manager()
    {
        var live = Tracked(Deployment, "a");
        var updated = Changed(live, o => o["metadata"]!["labels"]!["app"] = "other");
        FieldOwnership.Update(live, updated, By("b", subresource: "status"));
        var applied = Json("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","labels":{"app":"x"}},"spec":{"replicas":9,"template":{"spec":{"containers":[{"name":"web","image":"z"}]}}}}""");
        var result = FieldOwnership.Apply(updated, applied, false, By("ci"));
        Assert.Equal(
            "Apply failed with 3 conflicts: conflicts with \"a\" using apps/v1:\n- .spec.replicas\n- .spec.template.spec.containers[name=\"web\"].image\nconflicts with \"b\" with subresource \"status\" using apps/v1:\n- .metadata.labels.app",
            result.ConflictMessage);
    }

    [Fact]
    public void Applying_the_same_value_shares_the_field()
    {
        var live = Tracked(Deployment, "a");
        var result = FieldOwnership.Apply(live, Json("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":3}}"""), false, By("ci"));
        Assert.False(result.Changed);
        Assert.Equal(2, Owners(result.Object!).Count(l => l == ".spec.replicas"));
    }

    [Fact]
    public void What_a_manager_stops_applying_goes_unless_another_owns_it()
    {
        var request = By("ci");
        const string head = """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","labels":{"a":"1","b":"2"},"finalizers":["x","y"]},""";
        var first = FieldOwnership.Apply(null, Json(head + """ "spec":{"replicas":1,"paused":true,"template":{"spec":{"containers":[{"name":"one"},{"name":"two","image":"i"}]}}}}"""), false, request).Object!;
        var shared = FieldOwnership.Apply(first, Json("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","labels":{"b":"2"}},"spec":{"paused":true}}"""), false, By("second")).Object!;
        var updated = Changed(shared, o => o["spec"]!["template"]!["spec"]!["containers"]![1]!["stdin"] = true);
        FieldOwnership.Update(shared, updated, By("updater"));

        var last = FieldOwnership.Apply(updated, Json("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","finalizers":["y"]},"spec":{"template":{"spec":{"containers":[{"name":"one"}]}}}}"""), false, request);
        Assert.Null(last.Error);
        ((JsonObject)last.Object!["metadata"]!).Remove("managedFields");
        AssertSame(
            Json("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","labels":{"b":"2"},"finalizers":["y"]},"spec":{"paused":true,"template":{"spec":{"containers":[{"name":"one"}]}}}}"""),
            last.Object); // the second container goes with what the updater set in it: that did not make it the updater's
    }

    [Fact]
    public void Lists_merge_by_key_keep_the_order_of_others_and_atomic_ones_are_replaced()
    {
        var live = Tracked("""{"apiVersion":"apps/v1","metadata":{"name":"n","uid":"u"},"spec":{"template":{"spec":{"containers":[{"name":"a"},{"name":"b"},{"name":"c"}],"tolerations":[{"key":"x"}]}}}}""", "m");
        var applied = Json("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"n"},"spec":{"template":{"spec":{"containers":[{"name":"c"},{"name":"new"},{"name":"a"}],"tolerations":[{"key":"y"}]}}}}""");
        var result = FieldOwnership.Apply(live, applied, true, By("ci"));
        var spec = result.Object!["spec"]!["template"]!["spec"]!;
        Assert.Equal("""[{"name":"b"},{"name":"c"},{"name":"new"},{"name":"a"}]""", spec["containers"]!.ToJsonString());
        Assert.Equal("""[{"key":"y"}]""", spec["tolerations"]!.ToJsonString());
    }

    [Fact]
    public void An_object_from_before_tracking_belongs_to_before_first_apply()
    {
        var live = Json(Deployment);
        var result = FieldOwnership.Apply(live, Json("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":9}}"""), false, By("ci"));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"before-first-apply\" using apps/v1: .spec.replicas", result.ConflictMessage);
    }

    [Fact]
    public void Kubectl_may_take_over_what_it_applied_from_the_client()
    {
        const string last = """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":3,"paused":true}}""";
        var source = Json(Deployment);
        source["metadata"]!["annotations"] = new JsonObject { [FieldOwnership.LastAppliedAnnotation] = last };
        var live = Tracked(source.ToJsonString(), "kubectl-client-side-apply");
        var applied = Json("""{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web"},"spec":{"replicas":4}}""");

        Assert.NotEmpty(FieldOwnership.Apply(live, applied, false, By("other")).Conflicts);
        var result = FieldOwnership.Apply(live, applied, false, By("kubectl"));
        Assert.Empty(result.Conflicts);
        Assert.Equal(4, (int)result.Object!["spec"]!["replicas"]!);
        Assert.Equal(
            """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":4}}""" + "\n",
            (string?)result.Object!["metadata"]!["annotations"]![FieldOwnership.LastAppliedAnnotation]);

        // but not what someone has changed since
        var changed = Changed(live, o => o["spec"]!["replicas"] = 7);
        FieldOwnership.Update(live, changed, By("hpa"));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"hpa\" using apps/v1: .spec.replicas", FieldOwnership.Apply(changed, applied, false, By("kubectl")).ConflictMessage);
    }

    [Theory]
    [InlineData("""{"apiVersion":"v2"}""", PatchFault.BadRequest, "Incorrect version specified in apply patch. Specified patch version: v2, expected: apps/v1")]
    [InlineData("""{"apiVersion":"apps/v1","metadata":{"managedFields":[]}}""", PatchFault.BadRequest, "metadata.managedFields must be nil")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"n","namespace":"d"},"spec":{"foo":1}}""", PatchFault.Internal, "failed to create typed patch object (d/n; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"D","metadata":{"name":"n"},"spec":{"replicas":"x","paused":5}}""", PatchFault.Internal, "failed to create typed patch object (/n; apps/v1, Kind=D): errors:\n  .spec.replicas: expected numeric (int or float), got string\n  .spec.paused: expected boolean, got &{5}")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"D","metadata":{"name":"n","finalizers":["a","a"]}}""", PatchFault.Internal, "failed to create typed patch object (/n; apps/v1, Kind=D): .metadata.finalizers: duplicate entries for key [=\"a\"]")]
    [InlineData("""{"apiVersion":"apps/v1","kind":"D","metadata":{"name":"n"},"spec":{"template":{"spec":{"containers":[{"image":"x"}]}}}}""", PatchFault.Internal, "failed to create typed patch object (/n; apps/v1, Kind=D): .spec.template.spec.containers: element 0: associative list with keys has an element that omits all key fields [\"name\"] (and doesn't have default values for any key fields)")]
    public void What_cannot_be_applied_is_refused_in_upstreams_words(string applied, PatchFault fault, string message) =>
        Assert.Equal(new PatchError(fault, message), FieldOwnership.Apply(Json(Deployment), Json(applied), false, By("ci")).Error);

    [Fact]
    public void Fields_named_in_a_version_that_is_gone_are_forgotten()
    {
        var live = Tracked(Deployment, "a");
        ((JsonArray)live["metadata"]!["managedFields"]!).Add(Json("""{"manager":"old","operation":"Update","apiVersion":"apps/v1beta1","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}}}"""));
        var result = FieldOwnership.Apply(live, Json("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"paused":true}}"""), false, By("ci"));
        Assert.DoesNotContain(Owners(result.Object!), line => line.StartsWith("old", StringComparison.Ordinal));
    }

    [Fact]
    public void Fields_of_another_version_are_followed_through_conversion()
    {
        var v2 = Object("KindV2", Field("apiVersion", Text), Field("kind", Text), Field("metadata", Metadata), Field("count", Integer));
        var v1 = Object("KindV1", Field("apiVersion", Text), Field("kind", Text), Field("metadata", Metadata), Field("replicas", Integer));
        JsonObject? Convert(JsonObject obj, string from, string to)
        {
            if (from == to) return obj;
            var (source, target) = to == "v2" ? ("replicas", "count") : ("count", "replicas");
            var copy = (JsonObject)obj.DeepClone();
            if (copy.Remove(source, out var value)) copy[target] = value;
            return copy;
        }
        var versions = new MergeVersions(v => v switch { "v1" => v1, "v2" => v2, _ => null }, Convert);
        var request1 = new OwnershipRequest(v1, "v1", "a", "", Noon) { Versions = versions };
        var request2 = new OwnershipRequest(v2, "v2", "b", "", Noon) { Versions = versions };
        var live = FieldOwnership.Apply(null, Json("""{"apiVersion":"v1","kind":"K","metadata":{"name":"n"},"replicas":1}"""), false, request1).Object!;

        var liveV2 = Convert(live, "v1", "v2")!;
        var conflict = FieldOwnership.Apply(liveV2, Json("""{"apiVersion":"v2","kind":"K","metadata":{"name":"n"},"count":2}"""), false, request2);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"a\": .replicas", conflict.ConflictMessage);

        var gone = FieldOwnership.Apply(liveV2, Json("""{"apiVersion":"v2","kind":"K","metadata":{"name":"n"}}"""), false, request2 with { Manager = "a" });
        Assert.False(gone.Object!.ContainsKey("count"));
    }

    [Fact]
    public void Every_field_of_a_tracked_object_has_an_owner_after_any_updates() => Property.Holds(Gen.Choose(1, 6).SelectMany(n => Spec.ArrayOf(n)), specs =>
    {
        JsonObject? live = null;
        for (var i = 0; i < specs.Length; i++)
        {
            var next = Json("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"n","uid":"u"}}""");
            next["spec"] = specs[i].DeepClone();
            if (live is null) ((JsonObject)next["metadata"]!).Remove("uid");
            else if (live["metadata"]!["managedFields"] is { } fields) next["metadata"]!["managedFields"] = fields.DeepClone();
            FieldOwnership.Update(live, next, By($"m{i % 3}", Noon.AddMinutes(i)));
            live = next;
        }
        var owned = Owners(live!).Where(l => l.StartsWith('.')).ToList();
        Assert.Equal(Leaves(live!["spec"]!, ".spec").Order(), owned.Where(l => Leaves(live!["spec"]!, ".spec").Contains(l)).Distinct().Order());
    }, 500);

    [Fact]
    public void Applying_twice_changes_nothing_the_second_time() => Property.Holds(Gen.Two(Spec), pair =>
    {
        JsonObject Object(JsonObject spec)
        {
            var obj = Json("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"n"}}""");
            if (spec.Count > 0) obj["spec"] = spec.DeepClone();
            return obj;
        }
        var live = FieldOwnership.Apply(null, Object(pair.Item1), false, By("a")).Object!;
        var once = FieldOwnership.Apply(live, Object(pair.Item2), true, By("b"));
        Assert.Null(once.Error);
        var twice = FieldOwnership.Apply(once.Object!, Object(pair.Item2), false, By("b", Noon.AddHours(1)));
        Assert.Empty(twice.Conflicts);
        Assert.False(twice.Changed);
        AssertSame(once.Object, twice.Object);

        // what only the one applied is gone when it applies nothing, and what the other applied is there
        var rest = FieldOwnership.Apply(once.Object!, Object(new JsonObject()), false, By("a"));
        var kept = FieldOwnership.Apply(rest.Object!, Object(pair.Item2), false, By("b"));
        Assert.Empty(kept.Conflicts);
        Assert.Equal(Leaves(pair.Item2, ".spec").Order(), Leaves(kept.Object!["spec"] ?? new JsonObject(), ".spec").Order());
    }, 500);

    private static Gen<JsonObject> Spec =>
        from replicas in Gen.Choose(0, 3)
        from names in Gen.SubListOf("a", "b", "c")
        from images in Gen.Elements("x", "y").ArrayOf(names.Count)
        from selector in Gen.SubListOf("k", "l")
        from type in Gen.Elements("R", "S", "")
        select Build(replicas, names, images, selector, type);

    private static JsonObject Build(int replicas, IList<string> names, string[] images, IList<string> selector, string type)
    {
        var spec = new JsonObject();
        if (replicas > 0) spec["replicas"] = replicas;
        if (type.Length > 0) spec["strategy"] = new JsonObject { ["type"] = type };
        if (selector.Count > 0) spec["selector"] = new JsonObject { ["matchLabels"] = new JsonObject(selector.Select(s => KeyValuePair.Create(s, (JsonNode?)"1"))) };
        var containers = new JsonArray([.. names.Select((n, i) => (JsonNode)new JsonObject { ["name"] = n, ["image"] = images[i], ["args"] = new JsonArray(images[i]) })]);
        if (containers.Count > 0) spec["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = containers } };
        return spec;
    }

    /// <summary>Paths of scalars, atomic lists and atomic objects.</summary>
    private static List<string> Leaves(JsonNode node, string path)
    {
        if (path.EndsWith(".selector", StringComparison.Ordinal) || path.EndsWith(".args", StringComparison.Ordinal) || node is JsonValue) return [path];
        if (node is JsonArray list) return [.. list.SelectMany(i => Leaves(i!, $"{path}[name=\"{(string)i!["name"]!}\"]"))];
        return [.. ((JsonObject)node).Where(p => p.Value is not null).SelectMany(p => Leaves(p.Value!, $"{path}.{p.Key}"))];
    }

    private static OwnershipRequest By(string manager, DateTimeOffset? now = null, string subresource = "") => new(Root, "apps/v1", manager, subresource, now ?? Noon);

    private static JsonObject Tracked(string json, string manager)
    {
        var obj = Json(json);
        var uid = (string?)obj["metadata"]!["uid"];
        FieldOwnership.Update(null, obj, By(manager));
        if (uid is not null) obj["metadata"]!["uid"] = uid;
        return obj;
    }

    private static JsonObject Changed(JsonObject live, Action<JsonObject> change)
    {
        var copy = (JsonObject)live.DeepClone();
        change(copy);
        return copy;
    }

    private static List<string> Owners(JsonObject obj) =>
    [
        .. (obj["metadata"]!["managedFields"] as JsonArray ?? []).SelectMany(entry =>
        {
            var subresource = (string?)entry!["subresource"] is { } s ? "/" + s : "";
            string[] head = [$"{entry["manager"]}{subresource} {entry["operation"]} {entry["apiVersion"]} {entry["time"]}"];
            return head.Concat(FieldSet.Read(entry["fieldsV1"]).Paths().Select(FieldSet.Text).OrderBy(p => p, StringComparer.Ordinal));
        }),
    ];
}
