using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Testing.Tests;

public sealed class QuotaTests
{
    [Fact]
    public async Task A_quota_says_what_is_used_up_and_holds_a_deployment_back()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 1 });
        await cluster.Client.CreateAsync(new ResourceQuota { Metadata = new() { Namespace = "default", Name = "few" }, Spec = new() { Hard = new() { ["pods"] = 2 } } });
        await cluster.Client.CreateAsync(Samples.Deployment("web", replicas: 3));
        var quota = await cluster.UntilAsync<ResourceQuota>("default/few", q => q.Status.Used?.GetValueOrDefault("pods") == 2);
        Assert.Equal(2, quota.Status.Hard!["pods"].Value);
        await cluster.UntilAsync<Deployment>("default/web", d => d.Status.ReadyReplicas == 2 && d.Status.Conditions!.Exists(c => c is { Type: "ReplicaFailure", Status: "True" }));

        await cluster.Client.DeleteAsync<Deployment>(new Key("default", "web"));
        await cluster.UntilAsync<ResourceQuota>("default/few", q => q.Status.Used?.GetValueOrDefault("pods") == 0);
    }
}
