using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Testing.Tests;

public sealed class TestClusterTests
{
    [Fact]
    public async Task A_deployment_becomes_ready_with_scheduler_controllers_and_nodes()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 3 });
        await cluster.Client.CreateAsync(Samples.Deployment("web", replicas: 3));
        var deployment = await cluster.UntilAsync<Deployment>("default/web", d => d.Status.ReadyReplicas == 3);
        var pods = await cluster.Client.ListAsync<Pod>("default");

        Assert.Equal(3, deployment.Status.AvailableReplicas);
        Assert.Equal(3, pods.Items.Count);
        Assert.All(pods.Items, pod => Assert.StartsWith("sim-", pod.Spec.NodeName, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_hour_passes_in_a_moment_and_nodes_stay_ready()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 2 });
        var before = cluster.Clock.Now;
        await cluster.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(before + TimeSpan.FromHours(1), cluster.Clock.Now);
        var nodes = await cluster.Client.ListAsync<Kinds.Core.V1.Node>();
        Assert.All(nodes.Items, node => Assert.Contains(node.Status.Conditions!, c => c is { Type: "Ready", Status: "True" }));
        Assert.All(nodes.Items, node => Assert.Empty(node.Spec.Taints ?? []));
    }

    [Fact]
    public async Task A_wait_in_vain_says_how_it_was_instead()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 1 });
        var deployment = Samples.Deployment("web", replicas: 1);
        deployment.Spec.Template.Spec!.NodeSelector = new() { ["disk"] = "none-such" };
        await cluster.Client.CreateAsync(deployment);
        var failure = await Assert.ThrowsAsync<TestClusterException>(() => cluster.UntilAsync<Deployment>("default/web", d => d.Status.ReadyReplicas == 1, TimeSpan.FromMinutes(1)));
        Assert.Contains("waited in vain for Deployment default/web", failure.Message, StringComparison.Ordinal);
        Assert.Contains("unavailableReplicas: 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("FailedScheduling", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clusters_that_go_on_from_a_snapshot_go_on_by_themselves_and_keep_their_containers()
    {
        await using var first = await TestCluster.StartAsync(new() { Nodes = 2 });
        await first.Client.CreateAsync(Samples.Deployment("web", replicas: 2));
        await first.UntilAsync<Deployment>("default/web", d => d.Status.ReadyReplicas == 2);
        var snapshot = await first.SnapshotAsync();
        await first.Client.DeleteAsync<Deployment>(new Key("default", "web"));
        await first.UntilAllAsync<Pod>(pods => pods.Count == 0);

        await using var second = await TestCluster.StartAsync(snapshot);
        await second.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(snapshot.Time + TimeSpan.FromMinutes(5), second.Clock.Now, TimeSpan.FromSeconds(30));
        var pods = (await second.Client.ListAsync<Pod>("default")).Items;
        Assert.Equal(2, pods.Count);
        Assert.All(pods, pod => Assert.Equal(("Running", 0), (pod.Status.Phase, pod.Status.ContainerStatuses![0].RestartCount)));
        Assert.Equal(2, (await second.Client.GetAsync<Deployment>(new Key("default", "web"))).Status.ReadyReplicas);
        Assert.Empty((await first.Client.ListAsync<Pod>("default")).Items);
    }

    [Fact]
    public async Task The_same_seed_is_the_same_run()
    {
        async Task<string> Names(int seed)
        {
            await using var cluster = await TestCluster.StartAsync(new() { Seed = seed });
            await cluster.Client.CreateAsync(Samples.Deployment("web", replicas: 5));
            await cluster.UntilAsync<Deployment>("default/web", d => d.Status.ReadyReplicas == 5);
            var pods = await cluster.Client.ListAsync<Pod>("default");
            return string.Join(' ', pods.Items.Select(p => $"{p.Metadata.Name} {p.Metadata.Uid} {p.Metadata.ResourceVersion}"));
        }

        Assert.Equal(await Names(7), await Names(7));
        Assert.NotEqual(await Names(7), await Names(8));
    }
}

internal static class Samples
{
    public static Deployment Deployment(string name, int replicas) => new()
    {
        Metadata = new() { Namespace = "default", Name = name },
        Spec = new()
        {
            Replicas = replicas, Selector = new() { MatchLabels = new() { ["app"] = name } },
            Template = new()
            {
                Metadata = new() { Labels = new() { ["app"] = name } },
                Spec = new() { Containers = [new() { Name = "main", Image = name + ":1" }] },
            },
        },
    };
}
