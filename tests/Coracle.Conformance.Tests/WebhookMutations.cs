namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/webhook.go, what webhooks change.</summary>
public sealed class WebhookMutations(Cluster cluster) : IClassFixture<Cluster>
{
    private const string AllStages = """{"mutation-start":"yes","mutation-stage-1":"yes","mutation-stage-2":"yes"}""";

    private Task<string> ForCustomResources(Hooks hooks, Crd crd) => hooks.Configure(Hooks.Mutating, [..
        from stage in (string[])["1", "2"]
        select hooks.Hook($"mutate-custom-resource-data-stage-{stage}.k8s.io", "/mutating-custom-resource", Hooks.Rule("CREATE UPDATE", crd.Plural, crd.Group))]);

    [Fact, Behaviour("Admission webhook, ordered mutation")]
    public async Task Ordered_mutation()
    {
        var hooks = await Hooks.Deploy(cluster);
        await hooks.Configure(Hooks.Mutating,
            hooks.Hook("adding-configmap-data-stage-1.k8s.io", "/mutating-configmaps", Hooks.Rule("CREATE", "configmaps")),
            hooks.Hook("adding-configmap-data-stage-2.k8s.io", "/mutating-configmaps", Hooks.Rule("CREATE", "configmaps")));
        Assert.Equal(AllStages, Ordered((await cluster.Create(hooks.ConfigMaps, Hooks.ToBeMutated("to-be-mutated")))["data"]));
    }

    // Keys of a map are stored in their order.
    private static string Ordered(string data)
    {
        var map = System.Text.Json.Nodes.JsonNode.Parse(data)!.AsObject();
        return $$$"""{{{{string.Join(',', ((string[])["mutation-start", "mutation-stage-1", "mutation-stage-2"]).Where(map.ContainsKey).Select(key => $"\"{key}\":{map[key]!.ToJsonString()}"))}}}}""";
    }

    [Fact, Behaviour("Admission webhook, mutation with defaulting")]
    public async Task Mutation_with_defaulting()
    {
        var hooks = await Hooks.Deploy(cluster);
        await hooks.Configure(Hooks.Mutating, hooks.Hook("adding-init-container.k8s.io", "/mutating-pods", Hooks.Rule("CREATE", "pods")));
        var pod = await cluster.Create($"{hooks.Path}/pods", Samples.Pod("webhook-to-be-mutated"));
        Assert.Equal(("webhook-added-init-container", "File", ""), (pod["spec.initContainers.0.name"], pod["spec.initContainers.0.terminationMessagePolicy"], pod["spec.initContainers.1"]));
    }

    [Fact, Behaviour("Admission webhook, mutate custom resource")]
    public async Task Mutate_custom_resource()
    {
        var hooks = await Hooks.Deploy(cluster);
        var crd = await hooks.Define();
        await ForCustomResources(hooks, crd);
        Assert.Equal(AllStages, Ordered((await cluster.Create(crd.In(hooks.Namespace), crd.Instance("cr-instance-1", ""","data":{"mutation-start":"yes"}""")))["data"]));
    }

    [Fact, Behaviour("Admission webhook, mutate custom resource with pruning")]
    public async Task Mutate_custom_resource_with_pruning()
    {
        var hooks = await Hooks.Deploy(cluster);
        var crd = await hooks.Define("""
            {"type":"object","properties":{"data":{"type":"object","properties":{"mutation-start":{"type":"string"},"mutation-stage-1":{"type":"string"}}}}}
            """);
        await ForCustomResources(hooks, crd);
        var created = await cluster.Create(crd.In(hooks.Namespace), crd.Instance("cr-instance-1", ""","data":{"mutation-start":"yes"}"""));
        Assert.Equal("""{"mutation-start":"yes","mutation-stage-1":"yes"}""", Ordered(created["data"]));
        Assert.Equal("", created["data.mutation-stage-2"]);
    }

    [Fact, Behaviour("Admission webhook, mutate custom resource with different stored version")]
    public async Task Mutate_custom_resource_with_different_stored_version()
    {
        var hooks = await Hooks.Deploy(cluster);
        var crd = await hooks.Define(versions: $"[{Crd.VersionOf("v1", storage: true)},{Crd.VersionOf("v2", storage: false)}]");
        await ForCustomResources(hooks, crd);
        var created = await cluster.Create(crd.In(hooks.Namespace), crd.Instance("cr-instance-1", ""","data":{"mutation-start":"yes"}"""));
        Assert.Equal(AllStages, Ordered(created["data"]));

        (await cluster.Patch(crd.Definition, """
            [{"op":"replace","path":"/spec/versions/0/storage","value":false},{"op":"replace","path":"/spec/versions/1/storage","value":true}]
            """, Cluster.JsonPatch)).Is(200);
        var patched = (await cluster.Patch($"{crd.In(hooks.Namespace)}/cr-instance-1", """[{"op":"add","path":"/dummy","value":"test"}]""", Cluster.JsonPatch)).Is(200);
        Assert.Equal(("test", AllStages), (patched["dummy"], Ordered(patched["data"])));
        Assert.Equal("""["v1","v2"]""", (await cluster.Get(crd.Definition))["status.storedVersions"]);
    }

    [Fact, Behaviour("Admission webhook, admission control not allowed on webhook configuration objects")]
    public async Task Admission_control_not_allowed_on_webhook_configuration_objects()
    {
        var hooks = await Hooks.Deploy(cluster);
        const string own = """{"operations":["CREATE","DELETE"],"apiGroups":["*"],"apiVersions":["*"],"resources":["validatingwebhookconfigurations","mutatingwebhookconfigurations"]}""";
        await hooks.Configure(Hooks.Validating, hooks.Hook("deny-webhook-configuration-deletions.k8s.io", "/always-deny", own.Replace("\"CREATE\",", "", StringComparison.Ordinal), everywhere: true));
        await hooks.Configure(Hooks.Mutating, hooks.Hook("add-label-to-webhook-configurations.k8s.io", "/add-label", own.Replace(",\"DELETE\"", "", StringComparison.Ordinal), everywhere: true));
        foreach (var sort in (string[])[Hooks.Validating, Hooks.Mutating])
        {
            // Its rule matches nothing, so that it has no effect.
            var dummy = await hooks.Configure(sort, hooks.Hook("dummy-webhook.k8s.io", "/invalid", Hooks.Rule("CREATE", "invalid"), ""","failurePolicy":"Ignore" """));
            Assert.Equal("", (await cluster.Get(dummy)).Is(200)["metadata.labels"]);
            (await cluster.Delete(dummy)).Is(200);
            (await cluster.Get(dummy)).Is(404);
        }
    }

    [Fact, Behaviour("Mutating Admission webhook, mutating webhook excluding object with specific name")]
    public async Task Mutating_webhook_excluding_object_with_specific_name()
    {
        var hooks = await Hooks.Deploy(cluster);
        await hooks.Configure(Hooks.Mutating, hooks.Hook("adding-configmap-data-stage-1.k8s.io", "/mutating-configmaps", Hooks.Rule("CREATE", "configmaps"),
            ""","matchConditions":[{"name":"skip-me","expression":"object.metadata.name != 'skip-me'"}]"""));
        Assert.Equal("""{"mutation-start":"yes"}""", (await cluster.Create(hooks.ConfigMaps, Hooks.ToBeMutated("skip-me")))["data"]);
        Assert.Equal("yes", (await cluster.Create(hooks.ConfigMaps, Hooks.ToBeMutated("to-be-mutated")))["data.mutation-stage-1"]);
    }
}
