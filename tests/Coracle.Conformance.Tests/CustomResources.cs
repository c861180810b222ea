using System.Text.Json.Nodes;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/custom_resource_definition.go, crd_watch.go.</summary>
public sealed class CustomResources(Cluster cluster) : IClassFixture<Cluster>
{
    [Fact, Behaviour("Custom Resource Definition, create")]
    public async Task Create_and_delete()
    {
        var crd = await Crd.Define(cluster, "Foo", scope: "Cluster");
        (await cluster.Get($"/apis/{crd.Group}/v1/{crd.Plural}")).Is(200);
        (await cluster.Delete(crd.Definition)).Is(200);
        await cluster.Gone(crd.Definition);
        (await cluster.Get($"/apis/{crd.Group}/v1/{crd.Plural}")).Is(404);
    }

    [Fact, Behaviour("Custom Resource Definition, list")]
    public async Task List()
    {
        var other = await Crd.Define(cluster, "Other", scope: "Cluster");
        var created = new Dictionary<string, JsonNode>();
        for (var i = 0; i < 10; i++)
        {
            var body = (JsonObject)JsonNode.Parse(Crd.Named("Foo").Body(scope: "Cluster"))!;
            body["metadata"]!["labels"] = new JsonObject { ["e2e-list-test-uuid"] = "listed" };
            var answer = await cluster.Create(Crd.Definitions, body.ToJsonString());
            created[answer.Name] = answer.Json["spec"]!;
        }
        const string selected = $"{Crd.Definitions}?labelSelector=e2e-list-test-uuid%3Dlisted";
        var listed = (await cluster.Get(selected)).Is(200).Items;
        Assert.Equal(created.Keys.Order(), listed.Select(i => i.Text("metadata.name")).Order());
        Assert.All(listed, item => Assert.Equal(created[item.Text("metadata.name")].ToJsonString(), item["spec"]!.ToJsonString()));
        (await cluster.Delete(selected)).Is(200);
        await cluster.Until(selected, found => found.Items.Count == 0);
        (await cluster.Get(other.Definition)).Is(200);
    }

    [Fact, Behaviour("Custom Resource Definition, status sub-resource")]
    public async Task Status_sub_resource()
    {
        var crd = await Crd.Define(cluster, "Foo", scope: "Cluster");
        var whole = await cluster.Get(crd.Definition);
        Assert.Equal(whole["spec"], (await cluster.Get(crd.Definition + "/status")).Is(200)["spec"]);
        var updated = await cluster.Update(crd.Definition + "/status", found => found["status"]!["conditions"]!.AsArray().Add(new JsonObject { ["type"] = "", ["status"] = "", ["message"] = "updated" }));
        Assert.Contains("updated", Messages(updated));
        var patched = (await cluster.Patch(crd.Definition + "/status", """[{"op":"add","path":"/status/conditions","value":[{"message":"patched"}]}]""", Cluster.JsonPatch)).Is(200);
        Assert.Equal(["patched"], Messages(patched));

        static IEnumerable<string> Messages(Answer answer) => answer.Json["status"]!["conditions"]!.AsArray().Select(c => c!.Text("message"));
    }

    [Fact, Behaviour("Custom Resource Definition, discovery")]
    public async Task Discovery()
    {
        const string name = "apiextensions.k8s.io";
        var listed = (await cluster.Get("/apis")).Is(200).Json["groups"]!.AsArray().Single(g => g!.Text("name") == name)!;
        Assert.Contains("v1", listed["versions"]!.AsArray().Select(v => v!.Text("version")));
        var group = (await cluster.Get($"/apis/{name}")).Is(200);
        Assert.Equal(name, group["name"]);
        Assert.Contains("v1", group.Json["versions"]!.AsArray().Select(v => v!.Text("version")));
        var resources = (await cluster.Get($"/apis/{name}/v1")).Is(200);
        Assert.Equal($"{name}/v1", resources["groupVersion"]);
        Assert.Contains("customresourcedefinitions", resources.Json["resources"]!.AsArray().Select(r => r!.Text("name")));
    }

    [Fact, Behaviour("Custom Resource Definition, defaulting")]
    public async Task Defaulting_for_requests_and_from_storage()
    {
        const string property = "/spec/versions/0/schema/openAPIV3Schema/properties";
        var crd = await Crd.Define(cluster, "Foo", """{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{"a":{"type":"string"},"b":{"type":"string"}}}""", scope: "Cluster");
        var instances = $"/apis/{crd.Group}/v1/{crd.Plural}";
        Assert.Equal("", (await cluster.Create(instances, crd.Instance("cr-1")))["a"]);

        (await cluster.Patch(crd.Definition, $$"""[{"op":"add","path":"{{property}}/a/default","value":"A"}]""", Cluster.JsonPatch)).Is(200);
        await cluster.Until($"{instances}/cr-1", found => found["a"] == "A");
        Assert.Equal("A", (await cluster.Create(instances, crd.Instance("cr-2")))["a"]);

        (await cluster.Patch(crd.Definition, $$"""[{"op":"remove","path":"{{property}}/a/default"},{"op":"add","path":"{{property}}/b/default","value":"B"}]""", Cluster.JsonPatch)).Is(200);
        var second = await cluster.Until($"{instances}/cr-2", found => found["b"] == "B");
        Assert.Equal("A", second["a"]);
        // What was not stored with its default has it no more.
        Assert.Equal(("", "B"), ((await cluster.Get($"{instances}/cr-1"))["a"], (await cluster.Get($"{instances}/cr-1"))["b"]));
    }

    [Fact, Behaviour("Custom Resource Definition, watch")]
    public async Task Watch_on_custom_resource_definition_objects()
    {
        var crd = await Crd.Define(cluster, "WishIHadChosenNoxu", scope: "Cluster");
        var instances = $"/apis/{crd.Group}/v1/{crd.Plural}";
        await using var a = await cluster.Watch($"{instances}?fieldSelector=metadata.name%3Dname1");
        await using var b = await cluster.Watch($"{instances}?fieldSelector=metadata.name%3Dname2");
        await cluster.Create(instances, crd.Instance("name1"));
        await cluster.Create(instances, crd.Instance("name2"));
        (await cluster.Patch($"{instances}/name1", """[{"op":"add","path":"/dummy","value":"test"}]""", Cluster.JsonPatch)).Is(200);
        (await cluster.Patch($"{instances}/name2", """[{"op":"add","path":"/dummy","value":"test"}]""", Cluster.JsonPatch)).Is(200);
        (await cluster.Delete($"{instances}/name1")).Is(200);
        (await cluster.Delete($"{instances}/name2")).Is(200);
        Assert.Equal(["ADDED name1", "MODIFIED name1", "DELETED name1"], await a.Next(3));
        Assert.Equal(["ADDED name2", "MODIFIED name2", "DELETED name2"], await b.Next(3));
    }
}
