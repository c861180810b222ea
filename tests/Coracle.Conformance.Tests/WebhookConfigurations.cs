using System.Text.Json.Nodes;

namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/webhook.go, the configurations as objects.</summary>
public sealed class WebhookConfigurations(Cluster cluster) : IClassFixture<Cluster>
{
    [Fact, Behaviour("Admission webhook, discovery document")]
    public async Task Discovery_document()
    {
        const string name = "admissionregistration.k8s.io";
        var group = (await cluster.Get("/apis")).Is(200).Json["groups"]!.AsArray().Single(g => g!.Text("name") == name)!;
        Assert.Contains("v1", group["versions"]!.AsArray().Select(v => v!.Text("version")));
        var alone = (await cluster.Get($"/apis/{name}")).Is(200);
        Assert.Equal(name, alone["name"]);
        Assert.Contains($"{name}/v1", alone.Json["versions"]!.AsArray().Select(v => v!.Text("groupVersion")));
        var resources = (await cluster.Get($"/apis/{name}/v1")).Is(200).Json["resources"]!.AsArray().Select(r => r!.Text("name")).ToHashSet();
        Assert.Subset(resources, new HashSet<string> { "mutatingwebhookconfigurations", "validatingwebhookconfigurations" });
    }

    private static string Deny(Hooks hooks, string operations) => hooks.Hook("deny-unwanted-configmap-data.k8s.io", "/configmaps", Hooks.Rule(operations, "configmaps"));
    private static string Mutate(Hooks hooks, string operations) => hooks.Hook("adding-configmap-data-stage-1.k8s.io", "/mutating-configmaps", Hooks.Rule(operations, "configmaps"));

    private async Task<bool> IsDenied(Hooks hooks)
    {
        var created = await cluster.Post(hooks.ConfigMaps, Hooks.NonCompliant("one"));
        if (created.Code == 201) (await cluster.Delete($"{hooks.ConfigMaps}/one")).Is(200);
        return created.Code != 201 && created.Message.Contains("the configmap contains unwanted key and value", StringComparison.Ordinal);
    }

    private async Task<bool> IsMutated(Hooks hooks)
    {
        var created = await cluster.Create(hooks.ConfigMaps, Hooks.ToBeMutated("one"));
        (await cluster.Delete($"{hooks.ConfigMaps}/one")).Is(200);
        return created["data.mutation-stage-1"] == "yes";
    }

    /// <summary>A webhook that is asked, then is not asked of creations, and then is again.</summary>
    private async Task Updated(string sort, Func<Hooks, string, string> hook, Func<Hooks, Task<bool>> acts)
    {
        var hooks = await Hooks.Deploy(cluster);
        var configuration = await hooks.Configure(sort, hook(hooks, "CREATE"));
        Assert.True(await acts(hooks));
        await cluster.Update(configuration, found => found["webhooks"]![0]!["rules"]![0]!["operations"] = new JsonArray("UPDATE"));
        Assert.False(await acts(hooks));
        (await cluster.Patch(configuration, """[{"op":"replace","path":"/webhooks/0/rules/0/operations","value":["CREATE"]}]""", Cluster.JsonPatch)).Is(200);
        Assert.True(await acts(hooks));
    }

    [Fact, Behaviour("Admission webhook, update validating webhook")]
    public Task Update_validating_webhook() => Updated(Hooks.Validating, Deny, IsDenied);

    [Fact, Behaviour("Admission webhook, update mutating webhook")]
    public Task Update_mutating_webhook() => Updated(Hooks.Mutating, Mutate, IsMutated);

    /// <summary>Ten configurations are found by their label, act, and are deleted together.</summary>
    private async Task Listed(string sort, Func<Hooks, string, string> hook, Func<Hooks, Task<bool>> acts)
    {
        var hooks = await Hooks.Deploy(cluster);
        for (var i = 0; i < 10; i++)
            await cluster.Create(sort, $$$"""{"metadata":{"name":"{{{hooks.Namespace}}}-{{{i}}}","labels":{"e2e-list-test-uuid":"{{{hooks.Namespace}}}"} },"webhooks":[{{{hook(hooks, "CREATE")}}}]}""");
        var selected = $"{sort}?labelSelector=e2e-list-test-uuid%3D{hooks.Namespace}";
        Assert.Equal(10, (await cluster.Get(selected)).Is(200).Items.Count);
        Assert.True(await acts(hooks));
        (await cluster.Delete(selected)).Is(200);
        Assert.Empty((await cluster.Get(selected)).Is(200).Items);
        Assert.False(await acts(hooks));
    }

    [Fact, Behaviour("Admission webhook, list validating webhooks")]
    public Task List_validating_webhooks() => Listed(Hooks.Validating, Deny, IsDenied);

    [Fact, Behaviour("Admission webhook, list mutating webhooks")]
    public Task List_mutating_webhooks() => Listed(Hooks.Mutating, Mutate, IsMutated);

    private const string First = """[{"name":"expression-1","expression":"object.metadata.namespace == 'production'"}]""";
    private const string Second = """[{"name":"expression-1","expression":"object.metadata.namespace == 'production'"},{"name":"expression-2","expression":"object.metadata.namespace == 'staging'"}]""";

    private async Task WithConditions(string sort, Func<Hooks, string, string> hook)
    {
        var hooks = await Hooks.Deploy(cluster);
        var configuration = await hooks.Configure(sort, Conditioned(hook(hooks, "CREATE"), First));
        Assert.Equal(First, Conditions(await cluster.Get(configuration)));
        await cluster.Update(configuration, found => found["webhooks"]![0]!["matchConditions"] = JsonNode.Parse(Second));
        Assert.Equal(Second, Conditions(await cluster.Get(configuration)));
    }

    private static string Conditioned(string hook, string conditions)
    {
        var whole = (JsonObject)JsonNode.Parse(hook)!;
        whole["matchConditions"] = JsonNode.Parse(conditions);
        return whole.ToJsonString();
    }

    private static string Conditions(Answer configuration) =>
        $"[{string.Join(',', configuration.Is(200).Json["webhooks"]![0]!["matchConditions"]!.AsArray().Select(c => $$$"""{"name":"{{{c!.Text("name")}}}","expression":"{{{c!.Text("expression")}}}"}"""))}]";

    [Fact, Behaviour("Validating Admission webhook, create and update validating webhook configuration with matchConditions")]
    public Task Create_and_update_validating_webhook_configuration_with_matchConditions() => WithConditions(Hooks.Validating, Deny);

    [Fact, Behaviour("Mutating Admission webhook, create and update mutating webhook configuration with matchConditions")]
    public Task Create_and_update_mutating_webhook_configuration_with_matchConditions() => WithConditions(Hooks.Mutating, Mutate);

    private async Task Rejected(string sort, Func<Hooks, string, string> hook)
    {
        var hooks = await Hooks.Deploy(cluster);
        var hooked = Conditioned(hook(hooks, "CREATE"), """[{"name":"expression-1","expression":"... [] bad expression"}]""");
        var refused = (await cluster.Post(sort, $$$"""{"metadata":{"name":"invalid"},"webhooks":[{{{hooked}}}]}""")).Is(422);
        Assert.Contains("compilation failed", refused.Message, StringComparison.Ordinal);
    }

    [Fact, Behaviour("Validing Admission webhook, reject validating webhook configurations with invalid matchConditions")]
    public Task Reject_validating_webhook_configurations_with_invalid_matchConditions() => Rejected(Hooks.Validating, Deny);

    [Fact, Behaviour("Mutating Admission webhook, reject mutating webhook configurations with invalid matchConditions")]
    public Task Reject_mutating_webhook_configurations_with_invalid_matchConditions() => Rejected(Hooks.Mutating, Mutate);
}
