using Coracle.Kinds.ApiRegistration.V1;
using Coracle.Kinds.FlowControl.V1;
using Coracle.Sdk;

namespace Coracle.Testing.Tests;

public sealed class SystemObjectsTests
{
    [Fact]
    public async Task Each_version_that_is_served_is_listed_as_an_available_API_service()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 0 });
        var services = (await cluster.Client.ListAsync<APIService>()).Items;
        Assert.Contains("v1.", services.Select(s => s.Metadata.Name));
        Assert.Contains("v1.apps", services.Select(s => s.Metadata.Name));
        Assert.DoesNotContain("v1.apiregistration.k8s.io", services.Select(s => s.Metadata.Name));
        Assert.All(services, s => Assert.Equal(("Available", "True", "Local"), (s.Status.Conditions![0].Type, s.Status.Conditions[0].Status, s.Status.Conditions[0].Reason)));
        Assert.All(services, s => Assert.Equal("onstart", s.Metadata.Labels!["kube-aggregator.kubernetes.io/automanaged"]));
    }

    [Fact]
    public async Task The_flow_schemas_and_levels_that_every_cluster_has_are_kept()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 0 });
        Assert.Equal(8, (await cluster.Client.ListAsync<PriorityLevelConfiguration>()).Items.Count);
        Assert.Equal(11, (await cluster.Client.ListAsync<FlowSchema>()).Items.Count);
        await cluster.Client.DeleteAsync<FlowSchema>(new Key("catch-all"));
        var changed = (await cluster.Client.GetAsync<PriorityLevelConfiguration>(new Key("workload-low"))).DeepCopy();
        changed.Spec.Limited!.NominalConcurrencyShares = 7;
        await cluster.Client.UpdateAsync(changed);
        var taken = (await cluster.Client.GetAsync<PriorityLevelConfiguration>(new Key("workload-high"))).DeepCopy();
        taken.Spec.Limited!.NominalConcurrencyShares = 8;
        taken.Metadata.Annotations!["apf.kubernetes.io/autoupdate-spec"] = "false";
        await cluster.Client.UpdateAsync(taken);
        await cluster.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.NotNull(await cluster.Client.TryGetAsync<FlowSchema>(new Key("catch-all")));
        Assert.Equal(100, (await cluster.Client.GetAsync<PriorityLevelConfiguration>(new Key("workload-low"))).Spec.Limited!.NominalConcurrencyShares);
        Assert.Equal(8, (await cluster.Client.GetAsync<PriorityLevelConfiguration>(new Key("workload-high"))).Spec.Limited!.NominalConcurrencyShares);
    }

    [Fact]
    public async Task A_schema_says_whether_its_level_is_there()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 0 });
        await cluster.Client.CreateAsync(new FlowSchema { Metadata = new() { Name = "mine" }, Spec = new() { PriorityLevelConfiguration = new() { Name = "none-such" } } });
        await cluster.Clock.Advance(TimeSpan.FromMinutes(2));
        async Task<string> Dangling(string name) => (await cluster.Client.GetAsync<FlowSchema>(new Key(name))).Status.Conditions?.Find(c => c.Type == "Dangling")?.Status ?? "";
        Assert.Equal(("True", "False"), (await Dangling("mine"), await Dangling("catch-all")));
    }
}
