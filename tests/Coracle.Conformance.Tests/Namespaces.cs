using System.Text.Json.Nodes;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/namespace.go.</summary>
public sealed class Namespaces(Cluster cluster) : IClassFixture<Cluster>
{
    /// <summary>Objects of a namespace are gone with it: one of the same name that is created again has none.</summary>
    private async Task GoesWithItsNamespace(string ns, string plural)
    {
        (await cluster.Delete($"/api/v1/namespaces/{ns}")).Is(200);
        await cluster.Gone($"/api/v1/namespaces/{ns}");
        await cluster.Create("/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{ns}}}"} }""");
        Assert.Empty((await cluster.Get($"/api/v1/namespaces/{ns}/{plural}")).Is(200).Items);
    }

    [Fact, Behaviour("namespace-deletion-removes-pods")]
    public async Task Namespace_deletion_removes_pods()
    {
        var ns = await cluster.Namespace();
        await cluster.Create($"/api/v1/namespaces/{ns}/pods", Samples.Pod("test-pod"));
        await cluster.Until($"/api/v1/namespaces/{ns}/pods/test-pod", found => found["status.phase"] == "Running");
        await GoesWithItsNamespace(ns, "pods");
    }

    [Fact, Behaviour("namespace-deletion-removes-services")]
    public async Task Namespace_deletion_removes_services()
    {
        var ns = await cluster.Namespace();
        await cluster.Create($"/api/v1/namespaces/{ns}/services", """{"metadata":{"name":"test-service"},"spec":{"selector":{"foo":"bar"},"ports":[{"port":80,"targetPort":80}]}}""");
        await GoesWithItsNamespace(ns, "services");
    }

    [Fact, Behaviour("Namespace patching")]
    public async Task Namespace_patching()
    {
        var ns = $"/api/v1/namespaces/{await cluster.Namespace()}";
        (await cluster.Patch(ns, """{"metadata":{"labels":{"testLabel":"testValue"}}}""", Cluster.Strategic)).Is(200);
        Assert.Equal("testValue", (await cluster.Get(ns)).Is(200)["metadata.labels.testLabel"]);
    }

    [Fact, Behaviour("Namespace, apply changes to a namespace status")]
    public async Task Apply_changes_to_a_namespace_status()
    {
        var ns = $"/api/v1/namespaces/{await cluster.Namespace()}";
        Assert.Equal("Active", (await cluster.Get(ns + "/status")).Is(200)["status.phase"]);
        var patched = (await cluster.Patch(ns + "/status", """
            {"metadata":{"annotations":{"e2e-patched-ns-status":"yes"}},"status":{"conditions":[{"type":"StatusPatch","status":"True","reason":"E2E","message":"Patched by an e2e test","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
            """)).Is(200);
        Assert.Equal(("yes", "StatusPatch"), (patched["metadata.annotations.e2e-patched-ns-status"], patched["status.conditions.0.type"]));
        var updated = await cluster.Update(ns + "/status", found => found["status"]!["conditions"]!.AsArray().Add(new JsonObject
        {
            ["type"] = "StatusUpdate", ["status"] = "True", ["reason"] = "E2E", ["message"] = "Updated by an e2e test", ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
        }));
        Assert.Equal(["StatusPatch", "StatusUpdate"], updated.Json["status"]!["conditions"]!.AsArray().Select(c => c!.Text("type")));
        Assert.Equal("Active", updated["status.phase"]);
    }

    [Fact, Behaviour("Namespace, apply update to a namespace")]
    public async Task Apply_an_update_to_a_namespace()
    {
        var name = await cluster.Namespace();
        await cluster.Update($"/api/v1/namespaces/{name}", found => ((JsonObject)found["metadata"]!["labels"]!)[name] = "updated");
        Assert.Equal("updated", (await cluster.Get($"/api/v1/namespaces/{name}")).Is(200).Json["metadata"]!["labels"]![name]!.GetValue<string>());
    }

    [Fact, Behaviour("Namespace, apply finalizer to a namespace")]
    public async Task Apply_a_finalizer_to_a_namespace()
    {
        const string finalizer = "e2e.example.com/fakeFinalizer";
        var ns = $"/api/v1/namespaces/{await cluster.Namespace()}";
        Assert.Equal("""["kubernetes"]""", (await cluster.Get(ns))["spec.finalizers"]);

        Assert.Equal($"""["kubernetes","{finalizer}"]""", (await Finalize(list => list.Add(finalizer)))["spec.finalizers"]);
        Assert.Equal($"""["kubernetes","{finalizer}"]""", (await cluster.Get(ns))["spec.finalizers"]);
        Assert.Equal("""["kubernetes"]""", (await Finalize(list => list.RemoveAt(1)))["spec.finalizers"]);

        async Task<Answer> Finalize(Action<JsonArray> change)
        {
            while (true)
            {
                var found = (await cluster.Get(ns)).Is(200).Json;
                change(found["spec"]!["finalizers"]!.AsArray());
                var answer = await cluster.Put(ns + "/finalize", found.ToJsonString());
                if (answer.Code != 409) return answer.Is(200);
            }
        }
    }

    [Fact, Behaviour("Ordered Namespace Deletion")]
    public async Task Ordered_namespace_deletion()
    {
        var ns = $"/api/v1/namespaces/{await cluster.Namespace()}";
        await cluster.Create($"{ns}/pods", Samples.Pod("ordered", meta: ""","finalizers":["e2e.example.com/finalizer"]"""));
        await cluster.Until($"{ns}/pods/ordered", found => found["status.phase"] == "Running");
        await cluster.Create($"{ns}/configmaps", Samples.ConfigMap("waits"));
        (await cluster.Delete(ns)).Is(200);

        await cluster.Until($"{ns}/pods/ordered", found => found["metadata.deletionTimestamp"].Length > 0);
        await cluster.Until(ns, found => found.Json["status"]?["conditions"]?.AsArray().Any(c => c!.Text("type") == "NamespaceFinalizersRemaining" && c!.Text("status") == "True") == true);
        await cluster.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("", (await cluster.Get($"{ns}/configmaps/waits")).Is(200)["metadata.deletionTimestamp"]);

        (await cluster.Patch($"{ns}/pods/ordered", """[{"op":"remove","path":"/metadata/finalizers"}]""", Cluster.JsonPatch)).Is(200);
        await cluster.Gone(ns);
        await cluster.Gone($"{ns}/configmaps/waits");
    }
}
