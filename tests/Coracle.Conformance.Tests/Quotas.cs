using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/resource_quota.go; its scopes are in <see cref="QuotaScopes"/>.</summary>
public sealed class Quotas(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Standard = """
        "pods":"5","services":"10","services.nodeports":"1","services.loadbalancers":"1","replicationcontrollers":"10","resourcequotas":"1","cpu":"1","memory":"500Mi","configmaps":"10","secrets":"10",
        "persistentvolumeclaims":"10","requests.storage":"10Gi","ephemeral-storage":"50Gi","count/replicasets.apps":"5","requests.example.com/dongle":"3"
        """;

    /// <summary>A namespace with a quota that has counted itself.</summary>
    private async Task<string> Quota(params (string, string)[] hard)
    {
        var ns = $"/api/v1/namespaces/{await cluster.Namespace()}";
        var amounts = (JsonObject)JsonNode.Parse("{" + Standard + "}")!;
        foreach (var (resource, amount) in hard) amounts[resource] = amount;
        await cluster.Create($"{ns}/resourcequotas", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "test-quota" }, ["spec"] = new JsonObject { ["hard"] = amounts } }.ToJsonString());
        await Uses(ns, ("resourcequotas", "1"));
        return ns;
    }

    private Task Uses(string ns, params (string Resource, string Amount)[] used) => cluster.UsesOf($"{ns}/resourcequotas/test-quota", used);

    private async Task<int> Count(string path)
    {
        await cluster.Clock.Advance(TimeSpan.FromSeconds(15)); // for what every namespace gets
        return (await cluster.Get(path)).Is(200).Items.Count;
    }

    [Fact, Behaviour("ResourceQuota, object count quota, resourcequotas")]
    public Task Object_count_quota_resourcequotas() => Quota();

    [Fact, Behaviour("ResourceQuota, object count quota, service")]
    public async Task Object_count_quota_service()
    {
        static string Service(string name, string type) => $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"type":"{{{type}}}","ports":[{"port":80,"targetPort":80}]} }""";
        var ns = await Quota();
        await cluster.Create($"{ns}/services", Service("test-service", "ClusterIP"));
        await cluster.Create($"{ns}/services", Service("test-service-np", "NodePort"));
        var refused = (await cluster.Post($"{ns}/services", Service("test-service-lb", "LoadBalancer"))).Is(403);
        Assert.Equal("services \"test-service-lb\" is forbidden: exceeded quota: test-quota, requested: services.nodeports=1, used: services.nodeports=1, limited: services.nodeports=1", refused.Message);
        await Uses(ns, ("resourcequotas", "1"), ("services", "2"), ("services.nodeports", "1"));
        (await cluster.Delete($"{ns}/services/test-service")).Is(200);
        (await cluster.Delete($"{ns}/services/test-service-np")).Is(200);
        await Uses(ns, ("services", "0"), ("services.nodeports", "0"));
    }

    private async Task ObjectsAreCounted(string plural, string body)
    {
        var empty = $"/api/v1/namespaces/{await cluster.Namespace()}/{plural}";
        var found = await Count(empty);
        var ns = await Quota((plural, $"{found + 1}"));
        await Uses(ns, (plural, $"{found}"));
        await cluster.Create($"{ns}/{plural}", body);
        await Uses(ns, (plural, $"{found + 1}"));
        (await cluster.Delete($"{ns}/{plural}/one")).Is(200);
        await Uses(ns, (plural, $"{found}"));
    }

    [Fact, Behaviour("ResourceQuota, object count quota, configmap")]
    public Task Object_count_quota_configmap() => ObjectsAreCounted("configmaps", """{"metadata":{"name":"one"},"data":{"a":"b"}}""");

    [Fact, Behaviour("ResourceQuota, object count quota, secret")]
    public Task Object_count_quota_secret() => ObjectsAreCounted("secrets", """{"metadata":{"name":"one"},"data":{"data-1":"dmFsdWUtMQo="}}""");

    [Fact, Behaviour("ResourceQuota, object count quota, replicationController")]
    public async Task Object_count_quota_replicationController()
    {
        var ns = await Quota();
        await Uses(ns, ("replicationcontrollers", "0"));
        await cluster.Create($"{ns}/replicationcontrollers", Samples.ReplicationController("test-rc", 0));
        await Uses(ns, ("replicationcontrollers", "1"));
        (await cluster.Delete($"{ns}/replicationcontrollers/test-rc", """{"propagationPolicy":"Background"}""")).Is(200);
        await Uses(ns, ("replicationcontrollers", "0"));
    }

    [Fact, Behaviour("ResourceQuota, object count quota, replicaSet")]
    public async Task Object_count_quota_replicaSet()
    {
        var ns = await Quota();
        var sets = ns.Replace("/api/v1/", "/apis/apps/v1/", StringComparison.Ordinal) + "/replicasets";
        await Uses(ns, ("count/replicasets.apps", "0"));
        await cluster.Create(sets, Samples.ReplicaSet("test-rs", 0));
        await Uses(ns, ("count/replicasets.apps", "1"));
        (await cluster.Delete($"{sets}/test-rs")).Is(200);
        await Uses(ns, ("count/replicasets.apps", "0"));
    }

    [Fact, Behaviour("ResourceQuota, object count quota, pod")]
    public async Task Object_count_quota_pod()
    {
        static string Asking(string requests, string limits) => $$$""","resources":{"requests":{ {{{requests}}} },"limits":{ {{{limits}}} } }""";
        const string fits = """ "cpu":"500m","memory":"252Mi","ephemeral-storage":"30Gi","example.com/dongle":"2" """;
        var ns = await Quota();
        await cluster.Create($"{ns}/pods", Samples.Pod("test-pod", container: Asking(fits, """ "example.com/dongle":"2" """)));
        (string, string)[] captured = [("resourcequotas", "1"), ("pods", "1"), ("cpu", "500m"), ("memory", "252Mi"), ("ephemeral-storage", "30Gi"), ("requests.example.com/dongle", "2")];
        await Uses(ns, captured);

        (await cluster.Post($"{ns}/pods", Samples.Pod("fail-pod", container: Asking(""" "cpu":"600m","memory":"100Mi" """, "")))).Is(403);
        (await cluster.Post($"{ns}/pods", Samples.Pod("fail-pod-for-extended-resource", container: Asking("""
            "cpu":"500m","memory":"100Mi","ephemeral-storage":"30Gi","example.com/dongle":"2"
            """, """ "example.com/dongle":"2" """)))).Is(403);
        var pod = (await cluster.Get($"{ns}/pods/test-pod")).Is(200).Json;
        pod["spec"]!["containers"]![0]!["resources"]!["requests"] = JsonNode.Parse("""{"cpu":"100m","memory":"100Mi","ephemeral-storage":"10Gi"}""");
        (await cluster.Put($"{ns}/pods/test-pod", pod.ToJsonString())).Is(422);
        await Uses(ns, captured);

        (await cluster.Delete($"{ns}/pods/test-pod", """{"gracePeriodSeconds":0}""")).Is(200);
        await Uses(ns, ("resourcequotas", "1"), ("pods", "0"), ("cpu", "0"), ("memory", "0"), ("ephemeral-storage", "0"), ("requests.example.com/dongle", "0"));
    }

    [Fact, Behaviour("ResourceQuota, update and delete")]
    public async Task Update_and_delete()
    {
        var quotas = $"/api/v1/namespaces/{await cluster.Namespace()}/resourcequotas";
        await cluster.Create(quotas, """{"metadata":{"name":"test-quota"},"spec":{"hard":{"cpu":"1","memory":"500Mi"}}}""");
        var read = (await cluster.Get($"{quotas}/test-quota")).Is(200);
        Assert.Equal(("1", "500Mi"), (read["spec.hard.cpu"], read["spec.hard.memory"]));
        await cluster.Update($"{quotas}/test-quota", found => found["spec"]!["hard"] = JsonNode.Parse("""{"cpu":"2","memory":"1Gi"}"""));
        read = (await cluster.Get($"{quotas}/test-quota")).Is(200);
        Assert.Equal(("2", "1Gi"), (read["spec.hard.cpu"], read["spec.hard.memory"]));
        (await cluster.Delete($"{quotas}/test-quota")).Is(200);
        (await cluster.Get($"{quotas}/test-quota")).Is(404);
    }

    [Fact, Behaviour("ResourceQuota, manage lifecycle of a ResourceQuota")]
    public async Task Manage_the_lifecycle_of_a_ResourceQuota()
    {
        var quotas = $"/api/v1/namespaces/{await cluster.Namespace()}/resourcequotas";
        await cluster.Create(quotas, """{"metadata":{"name":"managed","labels":{"e2e-rq-label":"managed"}},"spec":{"hard":{"cpu":"1","memory":"500Mi"}}}""");
        Assert.Equal("1", (await cluster.Get($"{quotas}/managed")).Is(200)["spec.hard.cpu"]);
        Assert.Single((await cluster.Get("/api/v1/resourcequotas?labelSelector=e2e-rq-label%3Dmanaged")).Is(200).Items);
        var patched = (await cluster.Patch($"{quotas}/managed", """{"metadata":{"labels":{"managed":"patched"}},"spec":{"hard":{"memory":"750Mi"}}}""", Cluster.Strategic)).Is(200);
        Assert.Equal(("patched", "1", "750Mi"), (patched["metadata.labels.managed"], patched["spec.hard.cpu"], patched["spec.hard.memory"]));
        (await cluster.Delete($"{quotas}?labelSelector=e2e-rq-label%3Dmanaged")).Is(200);
        (await cluster.Get($"{quotas}/managed")).Is(404);
    }

    [Fact, Behaviour("ResourceQuota, apply changes to a ResourceQuota status")]
    public async Task Apply_changes_to_a_ResourceQuota_status()
    {
        var quotas = $"/api/v1/namespaces/{await cluster.Namespace()}/resourcequotas";
        var (one, began) = ($"{quotas}/status", (await cluster.Get(quotas)).Version);
        await cluster.Create(quotas, """{"metadata":{"name":"status"},"spec":{"hard":{"cpu":"500m","memory":"500Mi"}}}""");
        await cluster.Update(one + "/status", found => found["status"] = JsonNode.Parse("""{"hard":{"cpu":"500m","memory":"500Mi"}}"""));
        await using (var watch = await cluster.Watch($"{quotas}?resourceVersion={began}"))
            await watch.Until(e => (e.Object.Text("status.hard.cpu"), e.Object.Text("status.hard.memory")) == ("500m", "500Mi"));

        (await cluster.Patch(one, """{"spec":{"hard":{"cpu":"1","memory":"1Gi"}}}""", Cluster.Strategic)).Is(200);
        (await cluster.Patch(one + "/status", """{"status":{"hard":{"cpu":"1","memory":"1Gi"}}}""", Cluster.Strategic)).Is(200);
        var read = await cluster.Until(one + "/status", found => found["status.hard.cpu"] == "1");
        Assert.Equal("1Gi", read["status.hard.memory"]);

        var repatched = (await cluster.Patch(one + "/status", """{"status":{"hard":{"cpu":"2","memory":"2Gi"}}}""", Cluster.Strategic)).Is(200);
        Assert.Equal(("2", "2Gi", "1", "1Gi"), (repatched["status.hard.cpu"], repatched["status.hard.memory"], repatched["spec.hard.cpu"], repatched["spec.hard.memory"]));
        await using (var watch = await cluster.Watch($"{quotas}?resourceVersion={read.Version}"))
            await watch.Until(e => (e.Object.Text("status.hard.cpu"), e.Object.Text("status.hard.memory")) == ("2", "2Gi"));
        await cluster.Until(one, found => (found["status.hard.cpu"], found["status.hard.memory"]) == ("1", "1Gi"), TimeSpan.FromMinutes(6));
    }
}

internal static class QuotaWaits
{
    /// <summary>Waits until a quota's status says that so much is used; amounts may be written differently.</summary>
    public static Task UsesOf(this Cluster cluster, string quota, params (string Resource, string Amount)[] used) =>
        cluster.Until(quota, found => used.All(u => found.Json["status"]?["used"]?[u.Resource]?.GetValue<string>() is { } amount && Quantity.Parse(amount) == Quantity.Parse(u.Amount)));
}
