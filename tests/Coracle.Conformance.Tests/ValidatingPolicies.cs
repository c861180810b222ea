namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/validatingadmissionpolicy.go.</summary>
public sealed class ValidatingPolicies(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Group = "admissionregistration.k8s.io", Policies = $"/apis/{Group}/v1/validatingadmissionpolicies", Bindings = $"/apis/{Group}/v1/validatingadmissionpolicybindings";

    /// <summary>A policy on deployments in one namespace, bound, and in force.</summary>
    private async Task<string> Enforce(string name, string variables, string validations)
    {
        var ns = await cluster.Namespace($"\"{name}\":\"true\"");
        var selector = $$$"""{"matchLabels":{"{{{name}}}":"true"} }""";
        await cluster.Create(Policies, $$$"""
            {"metadata":{"name":"{{{name}}}.policy.example.com"},"spec":{"matchConstraints":{"namespaceSelector":{{{selector}}},
            "resourceRules":[{"operations":["CREATE","UPDATE"],"apiGroups":["apps"],"apiVersions":["v1"],"resources":["deployments"]}]},"variables":[{{{variables}}}],"validations":[{{{validations}}}]}}
            """);
        await cluster.Create(Bindings, $$$"""
            {"metadata":{"name":"{{{name}}}.binding.example.com"},"spec":{"policyName":"{{{name}}}.policy.example.com","matchResources":{"namespaceSelector":{{{selector}}}},"validationActions":["Deny"]}}
            """);
        return $"/apis/apps/v1/namespaces/{ns}";
    }

    /// <summary>Tries until the marker is denied, as invalid; gives what was said then.</summary>
    private async Task<Answer> MarkerIsDenied(string apps)
    {
        while (true)
        {
            var tried = await cluster.Post($"{apps}/deployments", Samples.Deployment("marker-deployment", 1));
            if (tried.Code != 201) return tried.Is(422);
            (await cluster.Delete($"{apps}/deployments/marker-deployment")).Is(200);
            await cluster.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    [Fact, Behaviour("ValidatingAdmissionPolicy should validate against a Deployment")]
    public async Task Should_validate_against_a_Deployment()
    {
        var apps = await Enforce("replicas", "", """{"expression":"object.spec.replicas > 1","messageExpression":"'wants replicas > 1, got ' + string(object.spec.replicas)"}""");
        var denied = await MarkerIsDenied(apps);
        Assert.Equal(("Invalid", """
            deployments.apps "marker-deployment" is forbidden: ValidatingAdmissionPolicy 'replicas.policy.example.com' with binding 'replicas.binding.example.com' denied request: wants replicas > 1, got 1
            """), (denied.Reason, denied.Message));
        await cluster.Create($"{apps}/deployments", Samples.Deployment("replicated", 2));
        await cluster.Create($"{apps}/replicasets", Samples.ReplicaSet("non-replicated", 1));
    }

    [Fact, Behaviour("ValidatingAdmissionPolicy should allow expressions to refer variables.")]
    public async Task Should_allow_expressions_to_refer_to_variables()
    {
        var apps = await Enforce("variables",
            """{"name":"replicas","expression":"object.spec.replicas"},{"name":"oddReplicas","expression":"variables.replicas % 2 == 1"}""",
            """{"expression":"variables.replicas > 1"},{"expression":"variables.oddReplicas"}""");
        await MarkerIsDenied(apps);
        await cluster.Create($"{apps}/deployments", Samples.Deployment("replicated", 3));
        (await cluster.Post($"{apps}/deployments", Samples.Deployment("even", 2))).Is(422);
        await cluster.Create($"{apps}/replicasets", Samples.ReplicaSet("non-replicated", 1));
    }

    [Fact, Behaviour("ValidatingAdmissionPolicy API")]
    public Task ValidatingAdmissionPolicy_API_operations() => new ApiOperations(Group, "validatingadmissionpolicies",
        """
        {"validations":[{"expression":"object.spec.replicas <= 100"}],"matchConstraints":{"resourceRules":[{"operations":["CREATE"],"apiGroups":["apps"],"apiVersions":["v1"],"resources":["deployments"]}]}}
        """, Status: true).Run(cluster, "e2e-example-vap", name => FailurePolicyIsWritten($"{Policies}/{name}"));

    private async Task FailurePolicyIsWritten(string policy)
    {
        Assert.Equal("Ignore", (await cluster.Patch(policy, """{"spec":{"failurePolicy":"Ignore"}}""")).Is(200)["spec.failurePolicy"]);
        Assert.Equal("Fail", (await cluster.Update(policy, found => found["spec"]!["failurePolicy"] = "Fail"))["spec.failurePolicy"]);
    }

    [Fact, Behaviour("ValidatingadmissionPolicyBinding API")]
    public Task ValidatingAdmissionPolicyBinding_API_operations() =>
        new ApiOperations(Group, "validatingadmissionpolicybindings", """{"policyName":"replicalimit-policy.example.com","validationActions":["Deny"]}""", Status: false).Run(cluster, "e2e-example-vapb");
}
