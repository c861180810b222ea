using System.Text.Json.Nodes;
using static Coracle.Conformance.Tests.Apps.Steps;

namespace Coracle.Conformance.Tests.Apps;

/// <summary>Upstream: test/e2e/apps/disruption.go.</summary>
public sealed class DisruptionBudgets(Cluster cluster) : IClassFixture<Cluster>
{
    private static string Budgets(string ns) => $"/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets";

    private static string Body(string name, string limit, string meta = "") => $$$"""
        {"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"{{{name}}}"{{{meta}}}},"spec":{"selector":{"matchLabels":{"foo":"bar"}},{{{limit}}}}}
        """;

    private async Task<string> Create(string ns, string limit, string name = "foo", string meta = "")
    {
        await cluster.Create(Budgets(ns), Body(name, limit, meta));
        var budget = $"{Budgets(ns)}/{name}";
        await Processed(budget);
        return budget;
    }

    private Task<Answer> Processed(string budget) => cluster.Until(budget, found => found["status.observedGeneration"] == found["metadata.generation"]);

    private async Task CreatePods(string ns, int count)
    {
        for (var i = 0; i < count; i++) await cluster.Create(Core(ns, "pods"), Samples.Pod($"pod-{i}", ""","labels":{"foo":"bar"}"""));
        await cluster.Until(Core(ns, "pods"), found => found.Items.Count == count && found.Items.All(p => p.IsReady()));
    }

    private Task<Answer> Evict(string ns, string pod) => cluster.Post($"{Core(ns, "pods")}/{pod}/eviction", $$$"""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"{{{pod}}}"}}""");

    [Fact, Behaviour("PodDisruptionBudget: create, update, patch, and delete object")]
    public async Task Create_update_patch_and_delete()
    {
        var ns = await cluster.Namespace();
        var budget = await Create(ns, "\"minAvailable\":\"1%\"");
        await cluster.Update(budget, found => found["spec"]!["minAvailable"] = "2%");
        Assert.Equal("2%", (await Processed(budget))["spec.minAvailable"]);
        Assert.Equal("3%", (await cluster.Patch(budget, """{"spec":{"minAvailable":"3%"}}""", Cluster.Strategic)).Is(200)["spec.minAvailable"]);
        (await cluster.Delete(budget)).Is(200);
        await cluster.Gone(budget);
    }

    [Fact, Behaviour("PodDisruptionBudget: Status updates")]
    public async Task Status_is_updated()
    {
        var ns = await cluster.Namespace();
        var budget = await Create(ns, "\"minAvailable\":1");
        await CreatePods(ns, 3);
        var seen = await cluster.Until(budget, found => Number(found, "disruptionsAllowed") == 2);
        Assert.Equal((3, 3, 1), (Number(seen, "currentHealthy"), Number(seen, "expectedPods"), Number(seen, "desiredHealthy")));
    }

    [Fact, Behaviour("PodDisruptionBudget: update and patch status")]
    public async Task Status_can_be_updated_and_patched()
    {
        var ns = await cluster.Namespace();
        var budget = await Create(ns, "\"minAvailable\":1");
        await CreatePods(ns, 1);
        await cluster.Until(budget, found => Number(found, "currentHealthy") == 1);
        await cluster.Update(budget + "/status", found => found["status"]!["disruptedPods"] = new JsonObject { ["pod-0"] = "2026-01-01T00:00:00Z" });
        var updated = (await cluster.Get(budget + "/status")).Is(200);
        Assert.Equal("""{"pod-0":"2026-01-01T00:00:00Z"}""", updated["status.disruptedPods"]);
        (await cluster.Patch(budget + "/status", """{"status":{"disruptedPods":{"pod-0":null}}}""")).Is(200);
        Assert.Equal("", (await cluster.Get(budget)).Is(200)["status.disruptedPods"]);
    }

    [Fact, Behaviour("PodDisruptionBudget: block an eviction until the PDB is updated to allow it")]
    public async Task An_eviction_is_blocked_until_the_budget_allows_it()
    {
        var ns = await cluster.Namespace();
        var budget = await Create(ns, "\"minAvailable\":3");
        await CreatePods(ns, 3);
        await cluster.Until(budget, found => Number(found, "currentHealthy") == 3);
        var blocked = (await Evict(ns, "pod-0")).Is(429);
        Assert.Equal("Cannot evict pod as it would violate the pod's disruption budget.", blocked.Message);
        Assert.Equal("The disruption budget foo needs 3 healthy pods and has 3 currently", blocked.Json["details"]!["causes"]![0]!.Text("message"));

        await cluster.Update(budget, found => found["spec"]!["minAvailable"] = 2);
        await cluster.Until(budget, found => Number(found, "disruptionsAllowed") == 1);
        (await Evict(ns, "pod-0")).Is(201);
        await cluster.Gone($"{Core(ns, "pods")}/pod-0");

        (await cluster.Patch(budget, """{"spec":{"minAvailable":3}}""", Cluster.Strategic)).Is(200);
        await cluster.Until(budget, found => found["status.observedGeneration"] == found["metadata.generation"] && Number(found, "desiredHealthy") == 3 && Number(found, "disruptionsAllowed") == 0);
        (await Evict(ns, "pod-1")).Is(429);
        (await cluster.Delete(budget)).Is(200);
        (await Evict(ns, "pod-1")).Is(201);
        await cluster.Gone($"{Core(ns, "pods")}/pod-1");
    }

    [Fact, Behaviour("PodDisruptionBudget: list and delete collection")]
    public async Task List_and_delete_a_collection()
    {
        var (ns, other) = (await cluster.Namespace(), await cluster.Namespace());
        const string label = ",\"labels\":{\"special-label\":\"collection\"}", all = "/apis/policy/v1/poddisruptionbudgets?labelSelector=special-label%3Dcollection";
        await Create(ns, "\"minAvailable\":2", "foo", label);
        await Create(ns, "\"minAvailable\":2", "foo2", label);
        await Create(other, "\"minAvailable\":2", "foo", label);
        Assert.Equal(3, (await cluster.Get(all)).Is(200).Items.Count);
        Assert.Equal(["foo", "foo2"], (await cluster.Get(Budgets(ns))).Is(200).Names);
        (await cluster.Delete(Budgets(ns))).Is(200);
        await cluster.Until(Budgets(ns), found => found.Items.Count == 0);
        Assert.Single((await cluster.Get(all)).Is(200).Items);
    }
}
