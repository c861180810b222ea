using System.Text;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Testing.Tests;

/// <summary>Storage in a whole cluster: class, scheduler, provisioner, binder and protection together.</summary>
public sealed class StorageTests
{
    private static PersistentVolumeClaim Claim(string name) => new()
    {
        Metadata = new() { Namespace = "default", Name = name },
        Spec = new() { AccessModes = ["ReadWriteOnce"], Resources = new() { Requests = new() { ["storage"] = Quantity.Parse("1Gi") } } },
    };

    private static Pod Pod(string name, string claim) => new()
    {
        Metadata = new() { Namespace = "default", Name = name },
        Spec = new() { Containers = [new() { Name = "main", Image = "main:1" }], Volumes = [new() { Name = "data", PersistentVolumeClaim = new() { ClaimName = claim } }] },
    };

    private static StatefulSet Set() => new()
    {
        Metadata = new() { Namespace = "default", Name = "db" },
        Spec = new()
        {
            Replicas = 3, ServiceName = "db", Selector = new() { MatchLabels = new() { ["app"] = "db" } },
            Template = new() { Metadata = new() { Labels = new() { ["app"] = "db" } }, Spec = new() { Containers = [new() { Name = "main", Image = "db:1" }] } },
            VolumeClaimTemplates = [new() { Metadata = new() { Name = "data" }, Spec = Claim("x").Spec }],
        },
    };

    [Fact]
    public async Task A_stateful_sets_pods_get_volumes_of_their_nodes_and_come_back_to_them_and_nobody_oversteps_its_rights()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 3 });
        await cluster.Client.CreateAsync(Set());
        await cluster.UntilAsync<StatefulSet>("default/db", s => s.Status.ReadyReplicas == 3);
        var before = await cluster.Client.GetAsync<Pod>(new("default", "db-1"));
        var claim = await cluster.UntilAsync<PersistentVolumeClaim>("default/data-db-1", c => c.Status.Phase == "Bound");
        Assert.Equal(("standard", before.Spec.NodeName), (claim.Spec.StorageClassName, claim.Metadata.Annotations!["volume.kubernetes.io/selected-node"]));
        var volume = await cluster.UntilAsync<PersistentVolume>($"pvc-{claim.Metadata.Uid}", v => v.Status.Phase == "Bound");
        Assert.Equal([before.Spec.NodeName], volume.Spec.NodeAffinity!.Required!.NodeSelectorTerms![0].MatchExpressions![0].Values!);

        await cluster.Client.DeleteAsync<Pod>(new Key("default", "db-1"));
        var after = await cluster.UntilAsync<Pod>("default/db-1", p => p.Metadata.Uid != before.Metadata.Uid && p.Status.Phase == "Running");
        Assert.Equal(before.Spec.NodeName, after.Spec.NodeName);

        await cluster.Client.DeleteAsync<StatefulSet>(new Key("default", "db"), Deletion.Foreground);
        await cluster.UntilGoneAsync<StatefulSet>("default/db");
        foreach (var name in (string[])["data-db-0", "data-db-1", "data-db-2"]) await cluster.Client.DeleteAsync<PersistentVolumeClaim>(new Key("default", name));
        await cluster.UntilAllAsync<PersistentVolume>(volumes => volumes.Count == 0);
        var metrics = Encoding.UTF8.GetString((await cluster.Client.SendAsync(new() { Method = "GET", Path = "/metrics" }, TestContext.Current.CancellationToken)).Body.Span);
        Assert.DoesNotContain(metrics.Split('\n'), line => line.Contains("code=\"403\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pod_whose_claim_is_not_there_waits_for_it_and_says_so()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 1 });
        await cluster.Client.CreateAsync(Pod("p", "late"));
        await cluster.UntilAllAsync<Event>(events => events.Any(e => e.Reason == "FailedScheduling" && e.Message.StartsWith("0/1 nodes are available: persistentvolumeclaim \"late\" not found.", StringComparison.Ordinal)));
        await cluster.Client.CreateAsync(Claim("late"));
        await cluster.UntilAsync<Pod>("default/p", p => p.Status.Phase == "Running");
    }

    [Fact]
    public async Task A_pod_goes_where_the_volume_of_its_claim_is()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 3 });
        await cluster.Client.CreateAsync(new PersistentVolume
        {
            Metadata = new() { Name = "there" },
            Spec = new()
            {
                AccessModes = ["ReadWriteOnce"], Capacity = new() { ["storage"] = Quantity.Parse("1Gi") }, StorageClassName = "standard", Local = new() { Path = "/there" },
                NodeAffinity = new() { Required = new() { NodeSelectorTerms = [new() { MatchExpressions = [new() { Key = "kubernetes.io/hostname", Operator = "In", Values = ["sim-2"] }] }] } },
            },
        });
        await cluster.UntilAsync<PersistentVolume>("there", v => v.Status.Phase == "Available");
        await cluster.Client.CreateAsync(Claim("c"));
        var pod = Pod("p", "c");
        pod.Spec.NodeSelector = new() { ["kubernetes.io/hostname"] = "sim-2" };
        await cluster.Client.CreateAsync(pod);
        await cluster.UntilAsync<Pod>("default/p", p => p.Spec.NodeName == "sim-2" && p.Status.Phase == "Running");
        Assert.Equal("there", (await cluster.Client.GetAsync<PersistentVolumeClaim>(new("default", "c"))).Spec.VolumeName);

        var elsewhere = Pod("q", "c");
        elsewhere.Spec.NodeSelector = new() { ["kubernetes.io/hostname"] = "sim-0" };
        await cluster.Client.CreateAsync(elsewhere);
        await cluster.UntilAllAsync<Event>(events => events.Any(e => e.InvolvedObject.Name == "q" && e.Message.Contains("1 node(s) didn't match PersistentVolume's node affinity", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_ephemeral_volume_comes_and_goes_with_its_pod()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 1 });
        var pod = Pod("p", "x");
        pod.Spec.Volumes = [new() { Name = "scratch", Ephemeral = new() { VolumeClaimTemplate = new() { Spec = Claim("x").Spec } } }];
        await cluster.Client.CreateAsync(pod);
        await cluster.UntilAsync<Pod>("default/p", p => p.Status.Phase == "Running");
        await cluster.UntilAsync<PersistentVolumeClaim>("default/p-scratch", c => c.Status.Phase == "Bound");
        await cluster.Client.DeleteAsync<Pod>(new Key("default", "p"));
        await cluster.UntilGoneAsync<PersistentVolumeClaim>("default/p-scratch");
        await cluster.UntilAllAsync<PersistentVolume>(volumes => volumes.Count == 0);
    }

    [Fact]
    public async Task A_claim_for_one_pod_alone_is_used_by_one_pod_at_a_time()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Nodes = 2 });
        var claim = Claim("c");
        claim.Spec.AccessModes = ["ReadWriteOncePod"];
        await cluster.Client.CreateAsync(claim);
        await cluster.Client.CreateAsync(Pod("first", "c"));
        await cluster.UntilAsync<Pod>("default/first", p => p.Status.Phase == "Running");
        await cluster.Client.CreateAsync(Pod("second", "c"));
        await cluster.UntilAllAsync<Event>(events => events.Any(e =>
            e.InvolvedObject.Name == "second" && e.Message.Contains("node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode", StringComparison.Ordinal)));
        await cluster.Client.DeleteAsync<Pod>(new Key("default", "first"));
        await cluster.UntilAsync<Pod>("default/second", p => p.Status.Phase == "Running");
    }
}
