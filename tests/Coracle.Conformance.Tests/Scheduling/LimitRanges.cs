using System.Text.Json.Nodes;
using static Coracle.Conformance.Tests.Apps.Steps;

namespace Coracle.Conformance.Tests.Scheduling;

/// <summary>Upstream: test/e2e/scheduling/limit_range.go.</summary>
public sealed class LimitRanges(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Limits = """
        {"type":"Container","min":{"cpu":"50m","memory":"100Mi","ephemeral-storage":"100Gi"},"max":{"cpu":"500m","memory":"500Mi","ephemeral-storage":"500Gi"},
        "default":{"cpu":"500m","memory":"500Mi","ephemeral-storage":"500Gi"},"defaultRequest":{"cpu":"100m","memory":"200Mi","ephemeral-storage":"200Gi"}}
        """;

    private static string Body(string name, string meta = "", string limits = Limits) => $$$"""{"apiVersion":"v1","kind":"LimitRange","metadata":{"name":"{{{name}}}"{{{meta}}}},"spec":{"limits":[{{{limits}}}]}}""";

    private static string Asks(string requests, string limits = "") => $$$""","resources":{"requests":{{{{requests}}}},"limits":{{{{limits}}}}}""";

    private static void Has(Answer pod, string requests, string limits)
    {
        var resources = pod.Json["spec"]!["containers"]![0]!["resources"]!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(requests), resources["requests"]), resources.ToJsonString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(limits), resources["limits"]), resources.ToJsonString());
    }

    [Fact, Behaviour("LimitRange, resources")]
    public async Task A_LimitRange_gives_pods_its_defaults_and_refuses_what_is_beyond()
    {
        var ns = await cluster.Namespace();
        var ranges = Core(ns, "limitranges");
        await using (var watch = await cluster.Watch(ranges))
        {
            await cluster.Create(ranges, Body("limit-range"));
            Assert.Equal("ADDED limit-range", (await watch.Next()).ToString());
        }

        var plain = await cluster.Create(Core(ns, "pods"), Samples.Pod("pod-no-resources"));
        Has(plain, """{"cpu":"100m","memory":"200Mi","ephemeral-storage":"200Gi"}""", """{"cpu":"500m","memory":"500Mi","ephemeral-storage":"500Gi"}""");
        var partial = await cluster.Create(Core(ns, "pods"), Samples.Pod("pod-partial-resources", container: Asks("\"cpu\":\"300m\",\"memory\":\"150Mi\"", "\"cpu\":\"300m\",\"memory\":\"500Mi\"")));
        Has(partial, """{"cpu":"300m","memory":"150Mi","ephemeral-storage":"200Gi"}""", """{"cpu":"300m","memory":"500Mi","ephemeral-storage":"500Gi"}""");
        var small = (await cluster.Post(Core(ns, "pods"), Samples.Pod("pod-small", container: Asks("\"cpu\":\"10m\",\"memory\":\"50Mi\",\"ephemeral-storage\":\"50Gi\"")))).Is(403);
        Assert.Contains("minimum cpu usage per Container is 50m, but request is 10m", small.Message, StringComparison.Ordinal);
        var large = (await cluster.Post(Core(ns, "pods"), Samples.Pod("pod-large", container: Asks("", "\"cpu\":\"600m\",\"memory\":\"600Mi\",\"ephemeral-storage\":\"600Gi\"")))).Is(403);
        Assert.Contains("maximum cpu usage per Container is 500m, but limit is 600m", large.Message, StringComparison.Ordinal);

        await cluster.Update($"{ranges}/limit-range", found => found["spec"]!["limits"]![0]!["min"] = JsonNode.Parse("""{"cpu":"9m","memory":"49Mi","ephemeral-storage":"49Gi"}"""));
        await cluster.Create(Core(ns, "pods"), Samples.Pod("pod-small", container: Asks("\"cpu\":\"10m\",\"memory\":\"50Mi\",\"ephemeral-storage\":\"50Gi\"")));
        (await cluster.Post(Core(ns, "pods"), Samples.Pod("pod-large", container: Asks("", "\"cpu\":\"600m\",\"memory\":\"600Mi\",\"ephemeral-storage\":\"600Gi\"")))).Is(403);

        (await cluster.Delete($"{ranges}/limit-range", """{"gracePeriodSeconds":30}""")).Is(200);
        await cluster.Gone($"{ranges}/limit-range");
        await cluster.Create(Core(ns, "pods"), Samples.Pod("pod-large", container: Asks("", "\"cpu\":\"600m\",\"memory\":\"600Mi\",\"ephemeral-storage\":\"600Gi\"")));
    }

    [Fact, Behaviour("LimitRange, list, patch and delete a LimitRange by collection")]
    public async Task List_patch_and_delete_a_LimitRange_by_collection()
    {
        var (ns, other) = (await cluster.Namespace(), await cluster.Namespace());
        const string label = ",\"labels\":{\"e2e-limitrange\":\"created\"}", created = "/api/v1/limitranges?labelSelector=e2e-limitrange%3Dcreated";
        await cluster.Create(Core(ns, "limitranges"), Body("e2e-limitrange", label));
        await cluster.Create(Core(other, "limitranges"), Body("e2e-limitrange", label));
        Assert.Equal(2, (await cluster.Get(created)).Is(200).Items.Count);
        var patched = (await cluster.Patch($"{Core(ns, "limitranges")}/e2e-limitrange", """
            {"metadata":{"labels":{"e2e-limitrange":"patched"}},"spec":{"limits":[{"type":"Container","min":{"cpu":"40m","memory":"80Mi","ephemeral-storage":"80Gi"},"max":{"cpu":"500m"}}]}}
            """, Cluster.Strategic)).Is(200);
        Assert.Equal(("patched", "40m"), (patched["metadata.labels.e2e-limitrange"], patched["spec.limits.0.min.cpu"]));
        (await cluster.Delete($"{Core(ns, "limitranges")}?labelSelector=e2e-limitrange%3Dpatched")).Is(200);
        Assert.Empty((await cluster.Get(Core(ns, "limitranges"))).Is(200).Items);
        Assert.Single((await cluster.Get(created)).Is(200).Items);
    }
}
