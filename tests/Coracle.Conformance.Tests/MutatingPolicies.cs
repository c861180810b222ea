namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/mutatingadmissionpolicy.go.</summary>
public sealed class MutatingPolicies(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Group = "admissionregistration.k8s.io", Policies = $"/apis/{Group}/v1/mutatingadmissionpolicies", Bindings = $"/apis/{Group}/v1/mutatingadmissionpolicybindings";
    private const string Deployments = """{"operations":["CREATE","UPDATE"],"apiGroups":["apps"],"apiVersions":["v1"],"resources":["deployments"]}""";

    /// <summary>A policy on deployments in one namespace that is bound: the deployment that is created under it once it is in force.</summary>
    private async Task<Answer> CreateUnder(string name, string mutations, Func<Answer, bool> isMutated)
    {
        var ns = await cluster.Namespace($"\"{name}\":\"true\"");
        var selector = $$$"""{"matchLabels":{"{{{name}}}":"true"} }""";
        await cluster.Create(Policies, $$$"""
            {"metadata":{"name":"{{{name}}}.policy.example.com"},"spec":{"matchConstraints":{"namespaceSelector":{{{selector}}},"resourceRules":[{{{Deployments}}}]},
            "mutations":[{{{mutations}}}],"reinvocationPolicy":"Never"}}
            """);
        await cluster.Create(Bindings, $$$"""
            {"metadata":{"name":"{{{name}}}.binding.example.com"},"spec":{"policyName":"{{{name}}}.policy.example.com","matchResources":{"namespaceSelector":{{{selector}}} } } }
            """);
        for (var i = 0; ; i++)
        {
            var created = await cluster.Create($"/apis/apps/v1/namespaces/{ns}/deployments", Samples.Deployment($"test-deployment-{i}", 2));
            if (isMutated(created) || i == 10) return created;
            await cluster.Clock.Advance(TimeSpan.FromSeconds(3));
        }
    }

    private static string Apply(string expression) => $$$"""{"patchType":"ApplyConfiguration","applyConfiguration":{"expression":"{{{expression}}}"} }""";

    [Fact, Behaviour("MutatingAdmissionPolicy should mutate a Deployment")]
    public async Task Should_mutate_a_Deployment()
    {
        var created = await CreateUnder("replicas", Apply("Object{spec: Object.spec{replicas: object.spec.replicas + 1}}"), found => found["spec.replicas"] == "3");
        Assert.Equal("3", created["spec.replicas"]);
    }

    [Fact, Behaviour("MutatingAdmissionPolicy should mutate a Deployment with annotations")]
    public async Task Should_mutate_a_Deployment_with_annotations()
    {
        var created = await CreateUnder("annotations", Apply("""Object{metadata: Object.metadata{annotations: {\"mutated-by\": \"admission-policy\"}}}"""), found => found["metadata.annotations.mutated-by"].Length > 0);
        Assert.Equal("admission-policy", created["metadata.annotations.mutated-by"]);
    }

    [Fact, Behaviour("MutatingAdmissionPolicy API")]
    public Task MutatingAdmissionPolicy_API_operations() => new ApiOperations(Group, "mutatingadmissionpolicies",
        $$$"""{"reinvocationPolicy":"Never","mutations":[{{{Apply("""Object{metadata: Object.metadata{annotations: {\"my-foo-annotation\": \"myAnnotationValue\"}}}""")}}}],"matchConstraints":{"resourceRules":[{{{Deployments}}}]} }""",
        Status: false).Run(cluster, "e2e-example-map", async name =>
        {
            Assert.Equal("Ignore", (await cluster.Patch($"{Policies}/{name}", """{"spec":{"failurePolicy":"Ignore"}}""")).Is(200)["spec.failurePolicy"]);
            Assert.Equal("Fail", (await cluster.Update($"{Policies}/{name}", found => found["spec"]!["failurePolicy"] = "Fail"))["spec.failurePolicy"]);
        });

    [Fact, Behaviour("MutatingAdmissionPolicyBinding API")]
    public Task MutatingAdmissionPolicyBinding_API_operations() =>
        new ApiOperations(Group, "mutatingadmissionpolicybindings", """{"policyName":"replicalimit-policy.example.com"}""", Status: false).Run(cluster, "e2e-example-mapb");
}
