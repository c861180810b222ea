using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Sdk;

namespace Coracle.Testing.Tests;

public sealed class PolicyStatusTests
{
    [Fact]
    public async Task A_policy_says_what_does_not_fit_the_types_that_it_is_about()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 0 });
        await cluster.Client.CreateAsync(new ValidatingAdmissionPolicy
        {
            Metadata = new() { Name = "p" },
            Spec = new()
            {
                MatchConstraints = new() { ResourceRules = [new() { Operations = ["CREATE"], ApiGroups = ["apps"], ApiVersions = ["v1"], Resources = ["deployments"] }] },
                Variables = [new() { Name = "wanted", Expression = "object.spec.replicas" }],
                Validations = [new() { Expression = "variables.wanted < 5" }, new() { Expression = "object.spec.replicsa > 1" }],
            },
        });
        var policy = await cluster.UntilAsync<ValidatingAdmissionPolicy>("p", p => p.Status.ObservedGeneration == 1);
        var warning = Assert.Single(policy.Status.TypeChecking!.ExpressionWarnings!);
        Assert.Equal("spec.validations[1].expression", warning.FieldRef);
        Assert.StartsWith("apps/v1, Kind=Deployment: compilation failed: ERROR: <input>:1:12: undefined field 'replicsa'", warning.Warning, StringComparison.Ordinal);
    }
}
