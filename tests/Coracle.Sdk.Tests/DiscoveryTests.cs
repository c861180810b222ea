using System.Text;

namespace Coracle.Sdk.Tests;

public sealed class DiscoveryTests
{
    private sealed class Canned(Dictionary<string, string> answers) : Transport
    {
        public override ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel) => new(answers.TryGetValue(call.Path, out var body)
            ? new ApiReply { Status = 200, Body = Encoding.UTF8.GetBytes(body) }
            : new ApiReply { Status = 503 });
        public override ValueTask<ApiReply> WatchAsync(ApiCall call, CancellationToken cancel) => throw new NotSupportedException();
        public override ValueTask<ApiReply> StreamAsync(ApiCall call, CancellationToken cancel) => throw new NotSupportedException();
        public override ValueTask<ApiReply> UpgradeAsync(ApiCall call, IReadOnlyList<string> protocols, CancellationToken cancel) => throw new NotSupportedException();
    }

    private static readonly Dictionary<string, string> Answers = new()
    {
        ["/api"] = """{"versions":["v1"]}""",
        ["/apis"] = """
            {"groups":[
              {"name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1"}},
              {"name":"autoscaling","versions":[{"groupVersion":"autoscaling/v1","version":"v1"},{"groupVersion":"autoscaling/v2","version":"v2"}],"preferredVersion":{"groupVersion":"autoscaling/v2"}},
              {"name":"metrics.k8s.io","versions":[{"groupVersion":"metrics.k8s.io/v1beta1","version":"v1beta1"}],"preferredVersion":{"groupVersion":"metrics.k8s.io/v1beta1"}}]}
            """,
        ["/api/v1"] = """{"groupVersion":"v1","resources":[{"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","verbs":["get","list","watch"],"shortNames":["po"]},{"name":"pods/log","kind":"Pod"},{"name":"nodes","namespaced":false,"kind":"Node","verbs":["get"]}]}""",
        ["/apis/apps/v1"] = """{"groupVersion":"apps/v1","resources":[{"name":"deployments","singularName":"deployment","namespaced":true,"kind":"Deployment","verbs":["get"],"shortNames":["deploy"]}]}""",
        ["/apis/autoscaling/v1"] = """{"groupVersion":"autoscaling/v1","resources":[{"name":"horizontalpodautoscalers","namespaced":true,"kind":"HorizontalPodAutoscaler","verbs":["get"]}]}""",
        ["/apis/autoscaling/v2"] = """{"groupVersion":"autoscaling/v2","resources":[{"name":"horizontalpodautoscalers","namespaced":true,"kind":"HorizontalPodAutoscaler","verbs":["get"]}]}""",
    };

    [Fact]
    public async Task What_a_server_has_is_found_though_one_of_its_groups_is_down()
    {
        var found = await Discovery.ReadAsync(new Client(new Canned(Answers)));
        Assert.Equal(["metrics.k8s.io/v1beta1"], found.Failed);
        Assert.Equal(["pods", "nodes", "deployments", "horizontalpodautoscalers"], found.Preferred.Select(r => r.Resource.Plural));
        Assert.Equal("autoscaling/v2", found.Preferred.Last().Resource.ApiVersion);
        Assert.Equal(["log"], found.Find("v1", "Pod")!.Subresources);
        Assert.False(found.Find("v1", "Node")!.Resource.Namespaced);
    }

    [Theory]
    [InlineData("po", "pods")]
    [InlineData("Pod", "pods")]
    [InlineData("deploy", "deployments")]
    [InlineData("deployments.apps", "deployments")]
    [InlineData("deployment.v1.apps", "deployments")]
    [InlineData("deploy.batch", null)]
    public async Task A_resource_is_found_by_any_of_its_names(string name, string? plural) =>
        Assert.Equal(plural, (await Discovery.ReadAsync(new Client(new Canned(Answers)))).FindByName(name)?.Resource.Plural);
}
