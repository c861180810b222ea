namespace Coracle.Conformance.Tests;

/// <summary>Upstream: test/e2e/apimachinery/flowcontrol.go.</summary>
public sealed class FlowControl(Cluster cluster) : IClassFixture<Cluster>
{
    [Fact, Behaviour("Priority and Fairness FlowSchema API")]
    public Task FlowSchema_API_operations() => new ApiOperations("flowcontrol.apiserver.k8s.io", "flowschemas",
        """
        {"matchingPrecedence":10000,"priorityLevelConfiguration":{"name":"global-default"},"distinguisherMethod":{"type":"ByUser"},"rules":[{"subjects":[{"kind":"User","user":{"name":"example-e2e-non-existent-user"}}],
        "nonResourceRules":[{"verbs":["*"],"nonResourceURLs":["*"]}]}]}
        """, Status: true).Run(cluster, "e2e-example-fs");

    [Fact, Behaviour("Priority and Fairness PriorityLevelConfiguration API")]
    public Task PriorityLevelConfiguration_API_operations() => new ApiOperations("flowcontrol.apiserver.k8s.io", "prioritylevelconfigurations",
        """{"type":"Limited","limited":{"nominalConcurrencyShares":2,"limitResponse":{"type":"Reject"}}}""", Status: true).Run(cluster, "e2e-example-pl");
}
