using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/discovery.go, server_version.go, table_conversion.go: what a server says of itself.</summary>
public sealed partial class Discoveries(Cluster cluster) : IClassFixture<Cluster>
{
    private async Task<List<JsonObject>> Groups() => [.. (await cluster.Get("/apis")).Is(200).Json["groups"]!.AsArray().Select(g => (JsonObject)g!)];

    [Fact, Behaviour("Discovery, confirm the PreferredVersion for each api group")]
    public async Task Confirm_the_PreferredVersion_for_each_api_group()
    {
        foreach (var listed in await Groups())
        {
            var group = (await cluster.Get($"/apis/{listed.Text("name")}")).Is(200);
            Assert.Equal(listed.Text("preferredVersion"), group["preferredVersion"]);
            Assert.Contains(group["preferredVersion.groupVersion"], group.Json["versions"]!.AsArray().Select(v => v!.Text("groupVersion")));
        }
    }

    [Fact, Behaviour("Discovery, confirm the groupVerion and a resourcefrom each apiGroup")]
    public async Task Confirm_the_groupVersion_and_a_resource_from_each_apiGroup()
    {
        var groups = await Groups();
        foreach (var expected in BuiltIn.Resources.Select(r => r.Split('/')))
        {
            var (name, version, resource) = (expected[0], expected[1], expected[2]);
            var listed = Assert.Single(groups, g => g.Text("name") == name);
            Assert.Contains(version, listed["versions"]!.AsArray().Select(v => v!.Text("version")));
            var group = (await cluster.Get($"/apis/{name}")).Is(200);
            Assert.Contains($"{name}/{version}", group.Json["versions"]!.AsArray().Select(v => v!.Text("groupVersion")));
            await HasResource($"/apis/{name}/{version}", $"{name}/{version}", resource);
        }
        Assert.Equal("""["v1"]""", (await cluster.Get("/api")).Is(200)["versions"]);
        await HasResource("/api/v1", "v1", "namespaces");
    }

    private async Task HasResource(string path, string groupVersion, string resource)
    {
        var list = (await cluster.Get(path)).Is(200);
        Assert.Equal(("APIResourceList", groupVersion), (list["kind"], list["groupVersion"]));
        Assert.Contains(resource, list.Json["resources"]!.AsArray().Select(r => r!.Text("name")));
    }

    [Fact, Behaviour("Confirm a server version")]
    public async Task Confirm_a_server_version()
    {
        var version = (await cluster.Get("/version")).Is(200);
        Assert.Matches(Number(), version["major"]);
        Assert.Matches(Number(), version["minor"].TrimEnd('+'));
    }

    [Fact, Behaviour("API metadata HTTP return")]
    public async Task A_406_for_a_backend_which_does_not_implement_metadata()
    {
        const string review = """{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"namespace":"default","resource":"pods","verb":"get"}}}""";
        var refused = await cluster.Send("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review, accept: "application/json;as=Table;v=v1;g=meta.k8s.io");
        Assert.Equal("NotAcceptable", refused.Is(406).Reason);
    }

    [GeneratedRegex("^[1-9][0-9]*$")] private static partial Regex Number();
}
