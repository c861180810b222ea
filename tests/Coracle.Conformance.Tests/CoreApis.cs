using System.Text;
using System.Text.Json.Nodes;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/common/node and others, core kinds as objects.</summary>
public sealed class CoreApis(Cluster cluster) : IClassFixture<Cluster>
{
    private async Task<string> In(string plural) => $"/api/v1/namespaces/{await cluster.Namespace()}/{plural}";

    [Fact, Behaviour("ConfigMap, with empty-key")]
    public async Task ConfigMap_with_empty_key() => (await cluster.Post(await In("configmaps"), """{"metadata":{"name":"empty-key"},"data":{"":"value-1"}}""")).Is(422);

    [Fact, Behaviour("Secrets, with empty-key")]
    public async Task Secret_with_empty_key() => (await cluster.Post(await In("secrets"), """{"metadata":{"name":"empty-key"},"data":{"":"dmFsdWUtMQo="}}""")).Is(422);

    [Fact, Behaviour("ConfigMap lifecycle")]
    public async Task ConfigMap_lifecycle()
    {
        var maps = await In("configmaps");
        await cluster.Create(maps, """{"metadata":{"name":"lifecycle","labels":{"test-configmap-static":"true"}},"data":{"valueName":"value"}}""");
        Assert.Equal("value", (await cluster.Get($"{maps}/lifecycle")).Is(200)["data.valueName"]);
        (await cluster.Patch($"{maps}/lifecycle", """{"metadata":{"labels":{"test-configmap":"patched"}},"data":{"valueName":"value1"}}""", Cluster.Strategic)).Is(200);
        var listed = Assert.Single((await cluster.Get("/api/v1/configmaps?labelSelector=test-configmap-static%3Dtrue")).Is(200).Items);
        Assert.Equal(("patched", "value1"), (listed.Text("metadata.labels.test-configmap"), listed.Text("data.valueName")));
        (await cluster.Delete($"{maps}?labelSelector=test-configmap-static%3Dtrue")).Is(200);
        Assert.DoesNotContain("lifecycle", (await cluster.Get(maps)).Is(200).Names);
    }

    [Fact, Behaviour("Secret patching")]
    public async Task Secret_patching()
    {
        var secrets = await In("secrets");
        await cluster.Create(secrets, """{"metadata":{"name":"patched","labels":{"testsecret-constant":"true"}},"data":{"key":"dmFsdWU="},"type":"Opaque"}""");
        Assert.Contains("patched", (await cluster.Get("/api/v1/secrets?labelSelector=testsecret-constant%3Dtrue")).Is(200).Names);
        var value = Convert.ToBase64String(Encoding.UTF8.GetBytes("value1"));
        (await cluster.Patch($"{secrets}/patched", $$$"""{"metadata":{"labels":{"testsecret":"true"} },"data":{"key":"{{{value}}}"} }""", Cluster.Strategic)).Is(200);
        var read = (await cluster.Get($"{secrets}/patched")).Is(200);
        Assert.Equal(("true", value), (read["metadata.labels.testsecret"], read["data.key"]));
        (await cluster.Delete($"{secrets}?labelSelector=testsecret%3Dtrue")).Is(200);
        Assert.Empty((await cluster.Get("/api/v1/secrets?labelSelector=testsecret-constant%3Dtrue")).Is(200).Items);
    }

    private const string PodTemplate = """ "template":{"spec":{"containers":[{"name":"nginx","image":"nginx"}]}} """;

    [Fact, Behaviour("PodTemplate lifecycle")]
    public async Task PodTemplate_lifecycle()
    {
        var templates = await In("podtemplates");
        await cluster.Create(templates, $$$"""{"metadata":{"name":"nginx-pod-template","labels":{"podtemplate-static":"true"} },{{{PodTemplate}}}}""");
        Assert.Equal("nginx-pod-template", (await cluster.Get($"{templates}/nginx-pod-template")).Is(200).Name);
        (await cluster.Patch($"{templates}/nginx-pod-template", """{"metadata":{"labels":{"podtemplate":"patched"}}}""", Cluster.Strategic)).Is(200);
        Assert.Equal("patched", (await cluster.Get($"{templates}/nginx-pod-template")).Is(200)["metadata.labels.podtemplate"]);
        (await cluster.Delete($"{templates}/nginx-pod-template")).Is(200);
        Assert.Empty((await cluster.Get("/api/v1/podtemplates?labelSelector=podtemplate-static%3Dtrue")).Is(200).Items);
    }

    [Fact, Behaviour("PodTemplate, delete a collection")]
    public async Task PodTemplate_delete_a_collection()
    {
        var templates = await In("podtemplates");
        for (var i = 0; i < 3; i++) await cluster.Create(templates, $$$"""{"metadata":{"name":"test-podtemplate-{{{i}}}","labels":{"podtemplate-set":"true"} },{{{PodTemplate}}}}""");
        Assert.Equal(3, (await cluster.Get($"{templates}?labelSelector=podtemplate-set%3Dtrue")).Is(200).Items.Count);
        (await cluster.Delete($"{templates}?labelSelector=podtemplate-set%3Dtrue")).Is(200);
        Assert.Empty((await cluster.Get($"{templates}?labelSelector=podtemplate-set%3Dtrue")).Is(200).Items);
    }

    [Fact, Behaviour("lease API should be available")]
    public async Task Lease_API_should_be_available()
    {
        var leases = $"/apis/coordination.k8s.io/v1/namespaces/{await cluster.Namespace()}/leases";
        const string spec = """{"holderIdentity":"holder","leaseDurationSeconds":30,"acquireTime":"2026-01-01T00:00:00.000000Z","renewTime":"2026-01-01T00:00:05.000000Z","leaseTransitions":0}""";
        await cluster.Create(leases, $$$"""{"metadata":{"name":"lease"},"spec":{{{spec}}}}""");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(spec), (await cluster.Get($"{leases}/lease")).Is(200).Json["spec"]));
        var second = (JsonObject)JsonNode.Parse("""{"holderIdentity":"holder2","leaseDurationSeconds":60,"acquireTime":"2026-01-01T00:00:10.000000Z","renewTime":"2026-01-01T00:00:15.000000Z","leaseTransitions":1}""")!;
        await cluster.Update($"{leases}/lease", found => found["spec"] = second.DeepClone());
        Assert.True(JsonNode.DeepEquals(second, (await cluster.Get($"{leases}/lease")).Is(200).Json["spec"]));
        (await cluster.Patch($"{leases}/lease", """{"spec":{"holderIdentity":"holder3","leaseDurationSeconds":50}}""", Cluster.Strategic)).Is(200);
        var third = (await cluster.Get($"{leases}/lease")).Is(200);
        Assert.Equal(("holder3", "50", "1"), (third["spec.holderIdentity"], third["spec.leaseDurationSeconds"], third["spec.leaseTransitions"]));
        await cluster.Create(leases, """{"metadata":{"name":"lease2","labels":{"deletecollection":"true"}},"spec":{}}""");
        Assert.Equal(2, (await cluster.Get(leases)).Is(200).Items.Count);
        (await cluster.Delete($"{leases}?labelSelector=deletecollection%3Dtrue")).Is(200);
        Assert.Equal(["lease"], (await cluster.Get(leases)).Is(200).Names);
        (await cluster.Delete($"{leases}/lease")).Is(200);
        (await cluster.Get($"{leases}/lease")).Is(404);
    }

    [Fact, Behaviour("RuntimeClass API")]
    public Task RuntimeClass_API_operations() => new ApiOperations("node.k8s.io", "runtimeclasses", "", Status: false) { Content = """ "handler":"runc-e2e" """ }.Run(cluster, "e2e-example-rc");

    [Fact, Behaviour("Pod with the deleted RuntimeClass is rejected.")]
    public async Task Pod_with_a_deleted_RuntimeClass_is_rejected()
    {
        var pods = await In("pods");
        await cluster.Create("/apis/node.k8s.io/v1/runtimeclasses", """{"metadata":{"name":"delete-me"},"handler":"delete-me-handler"}""");
        (await cluster.Delete("/apis/node.k8s.io/v1/runtimeclasses/delete-me")).Is(200);
        await cluster.Gone("/apis/node.k8s.io/v1/runtimeclasses/delete-me");
        (await cluster.Post(pods, Samples.Pod("rejected", spec: ""","runtimeClassName":"delete-me" """))).Is(403);
    }

    [Fact, Behaviour("Node, resource lifecycle")]
    public Task Node_resource_lifecycle() => new Lifecycle("/api/v1/nodes", """ "status":{"phase":"Running"} """).Run(cluster, "e2e-fake-node");

    [Fact, Behaviour("Conformance tests minimum number of nodes.")]
    public async Task Minimum_number_of_nodes() => Assert.Contains((await cluster.Get("/api/v1/nodes")).Is(200).Items, n => n.Text("spec.unschedulable") != "true" && n.Text("spec.taints").Length == 0);
}
