using System.Text;
using System.Text.Json.Nodes;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Rbac.V1;
using Coracle.Sdk;

namespace Coracle.Testing.Tests;

/// <summary>The parts of a control plane have upstream's identities, whose bootstrap roles are all that they can do.</summary>
public sealed class ComponentRightsTests
{
    [Fact]
    public async Task Controllers_and_scheduler_do_their_work_with_the_rights_that_upstream_gives_them()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 3 });
        var client = cluster.Client;
        await client.CreateAsync(new Namespace { Metadata = new() { Name = "shop" } });
        await client.CreateAsync(Samples.Deployment("web", replicas: 3));
        await client.CreateAsync(new Service { Metadata = new() { Namespace = "default", Name = "web" }, Spec = new() { Selector = new() { ["app"] = "web" }, Ports = [new() { Port = 80 }] } });
        await client.CreateAsync(new Job
        {
            Metadata = new() { Namespace = "default", Name = "once" },
            Spec = new() { TtlSecondsAfterFinished = 5, Template = new() { Spec = new() { RestartPolicy = "Never", Containers = [new() { Name = "main", Image = "main:1" }] } } },
        });
        await client.CreateAsync(new CronJob
        {
            Metadata = new() { Namespace = "default", Name = "often" },
            Spec = new() { Schedule = "* * * * *", JobTemplate = new() { Spec = new() { Template = new() { Spec = new() { RestartPolicy = "Never", Containers = [new() { Name = "main", Image = "main:1" }] } } } } },
        });
        await cluster.UntilAsync<Deployment>("default/web", d => d.Status.ReadyReplicas == 3);
        var next = new JsonObject { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["version"] = "2" } } } } };
        (await client.TryPatchAsync<Deployment>(new Key("default", "web"), Patch.Merge(next), null, TestContext.Current.CancellationToken)).OrThrow();
        await cluster.UntilAsync<Deployment>("default/web", d => d.Status.ObservedGeneration == 2 && d.Status.UpdatedReplicas == 3 && d.Status.ReadyReplicas == 3);
        await cluster.Clock.Advance(TimeSpan.FromMinutes(3));
        await client.DeleteAsync<Deployment>(new Key("default", "web"), Deletion.Foreground);
        await client.DeleteAsync<Namespace>(new Key("shop"));
        await cluster.UntilAllAsync<ReplicaSet>(sets => sets.Count == 0);
        await cluster.UntilAllAsync<Namespace>(namespaces => namespaces.All(n => n.Metadata.Name != "shop"));

        var metrics = Encoding.UTF8.GetString((await client.SendAsync(new() { Method = "GET", Path = "/metrics" }, TestContext.Current.CancellationToken)).Body.Span);
        Assert.DoesNotContain(metrics.Split('\n'), line => line.Contains("code=\"403\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_controller_whose_role_is_taken_away_can_do_nothing_and_goes_on_when_it_has_it_again()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 1 });
        var key = new Key("system:controller:replicaset-controller");
        var binding = await cluster.Client.GetAsync<ClusterRoleBinding>(key);
        await cluster.Client.DeleteAsync<ClusterRoleBinding>(key);
        await cluster.Client.CreateAsync(Samples.Deployment("web", replicas: 1));
        await cluster.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty((await cluster.Client.ListAsync<Pod>("default")).Items);
        Assert.Single((await cluster.Client.ListAsync<ReplicaSet>("default")).Items);

        await cluster.Client.CreateAsync(new ClusterRoleBinding { Metadata = new() { Name = binding.Metadata.Name }, RoleRef = binding.RoleRef, Subjects = binding.Subjects });
        await cluster.UntilAsync<Deployment>("default/web", d => d.Status.ReadyReplicas == 1);
    }

    [Fact]
    public async Task An_aggregated_role_grants_what_is_added_to_it()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 0 });
        var rule = new PolicyRule { ApiGroups = ["example.com"], Resources = ["things"], Verbs = ["get"] };
        await cluster.Client.CreateAsync(new ClusterRole
        {
            Metadata = new() { Name = "things", Labels = new() { ["rbac.authorization.k8s.io/aggregate-to-view"] = "true" } }, Rules = [rule],
        });
        bool Has(ClusterRole role) => role.Rules!.Any(r => r.ApiGroups is ["example.com"]);
        // The role edit aggregates what view has, and admin what edit has.
        foreach (var name in (string[])["view", "edit", "admin"]) await cluster.UntilAsync<ClusterRole>(name, Has);
        await cluster.Client.DeleteAsync<ClusterRole>(new Key("things"));
        foreach (var name in (string[])["view", "edit", "admin"]) await cluster.UntilAsync<ClusterRole>(name, role => !Has(role));
    }
}
