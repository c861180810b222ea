using Coracle.Controllers.Deployments;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Apps.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Deployments;

public sealed class NewSetsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deployment_that_is_gone_gets_no_set_again_though_the_cache_still_shows_it(bool another)
    {
        await using var cluster = await TestCluster.StartAsync();
        var shown = await cluster.CreateAsync(Samples.Deployment("web", 1));
        await cluster.DeleteAsync<Deployment>("web");
        if (another) await cluster.CreateAsync(Samples.Deployment("web", 1));
        var creation = await new NewSets(cluster.Client, new EventRecorder(cluster.Client, "test")).EnsureAsync(new Rollout(shown, []), CancellationToken.None);
        Assert.False(creation.HasSet);
        Assert.Empty(await cluster.ListAsync<ReplicaSet>());
    }
}
