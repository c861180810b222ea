namespace Coracle.ApiServer.Access.Tests;

public sealed class ForbiddenTests
{
    [Theory]
    [InlineData("GET", "/api/v1/namespaces/default/pods", "", "pods is forbidden: User \"x\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\"")]
    [InlineData("GET", "/api/v1/nodes", "", "nodes is forbidden: User \"x\" cannot list resource \"nodes\" in API group \"\" at the cluster scope")]
    [InlineData("PUT", "/apis/apps/v1/namespaces/n/deployments/d/scale", "", "deployments.apps \"d\" is forbidden: User \"x\" cannot update resource \"deployments/scale\" in API group \"apps\" in the namespace \"n\"")]
    [InlineData("GET", "/metrics", "", "forbidden: User \"x\" cannot get path \"/metrics\"")]
    [InlineData("GET", "/<b>&", "", "forbidden: User \"x\" cannot get path \"/&lt;b&gt;&amp;\"")]
    [InlineData("GET", "/api/v1/nodes", "RBAC: clusterrole.rbac.authorization.k8s.io \"a\" not found", "nodes is forbidden: User \"x\" cannot list resource \"nodes\" in API group \"\" at the cluster scope: RBAC: clusterrole.rbac.authorization.k8s.io \"a\" not found")]
    public void A_refusal_reads_as_clients_know_it(string method, string path, string reason, string expected) =>
        Assert.Equal(expected, Forbidden.Message(RequestInfo.Parse(method, path, "").AttributesFor(new User { Name = "x" }), reason));
}
