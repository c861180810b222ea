using Coracle.Controllers.Histories;
using Coracle.Controllers.Pods;
using Coracle.Controllers.StatefulSets;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Tests.StatefulSets;

/// <summary>Stateful sets on a cluster with a node whose pods become ready when the test says so, or by themselves.</summary>
public sealed class StatefulSetTests : IAsyncLifetime
{
    private TestCluster cluster = null!;
    private TestNode node = null!;

    public async ValueTask InitializeAsync()
    {
        cluster = await TestCluster.StartAsync(StatefulSetReconciler.NewController);
        node = new TestNode(cluster);
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private static StatefulSet Set(int replicas, Action<StatefulSet>? with = null)
    {
        var set = new StatefulSet
        {
            Metadata = new() { Name = "web", Namespace = "default" },
            Spec = new()
            {
                Replicas = replicas, ServiceName = "all", Selector = new() { MatchLabels = new() { ["app"] = "web" } }, Template = Samples.Template(),
                UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = new() { Partition = 0 } },
            },
        };
        with?.Invoke(set);
        return set;
    }

    private static PersistentVolumeClaim Claim => new()
    {
        Metadata = new() { Name = "data" },
        Spec = new() { AccessModes = ["ReadWriteOnce"], Resources = new() { Requests = new() { ["storage"] = Schema.Quantity.Parse("1Gi") } } },
    };

    private StatefulSetStatus Status => cluster.Seen<StatefulSet>("web")?.Status ?? new();
    private IEnumerable<Pod> Alive => cluster.Cache<Pod>().List("default").Where(p => p.Metadata.DeletionTimestamp is null).OrderBy(p => p.Metadata.Name, StringComparer.Ordinal);
    private string Names => string.Join(' ', Alive.Select(p => p.Metadata.Name));
    private string Images => string.Join(' ', Alive.Select(p => p.Spec.Containers![0].Image));
    private Pod Pod(string name) => cluster.Seen<Pod>(name)!;
    private Task ReadyAsync(int count) => cluster.UntilAsync(() => Status is var s && s.ReadyReplicas == count && s.Replicas == count, $"{count} ready pods");
    private Task SetImageAsync(string image) => cluster.ChangeAsync<StatefulSet>("web", s => s.Spec.Template.Spec.Containers![0].Image = image);
    private Task QuietAsync() => cluster.UntilAsync(() => cluster.Seen<StatefulSet>("web") is { } s && s.Status.ObservedGeneration == s.Metadata.Generation, "the set to be looked at");

    private async Task<List<string>> EventsAsync() => [.. (await cluster.ListAsync<Event>()).Where(e => e.InvolvedObject.Kind == "StatefulSet").Select(e => $"{e.Type} {e.Reason}: {e.Message}")];

    [Fact]
    public async Task Pods_are_made_in_order_each_after_the_one_before_it_is_ready()
    {
        node.BecomesReady = _ => false;
        await cluster.CreateAsync(Set(3));
        await cluster.UntilAsync(() => Names == "web-0", "the first pod");
        await QuietAsync();
        Assert.Equal("web-0", Names);
        await node.SetReadyAsync(Pod("web-0"), true);
        await cluster.UntilAsync(() => Names == "web-0 web-1", "the second pod");
        await node.SetReadyAsync(Pod("web-1"), true);
        await cluster.UntilAsync(() => Names == "web-0 web-1 web-2", "the third pod");
        var pod = Pod("web-1");
        Assert.Equal(("web-1", "all", "web-1", "1"), (pod.Spec.Hostname, pod.Spec.Subdomain, pod.Metadata.Labels![PodIdentity.NameLabel], pod.Metadata.Labels[PodIdentity.IndexLabel]));
        Assert.Equal(Status.UpdateRevision, pod.Metadata.Labels[RevisionLog.PodLabel]);
        await cluster.UntilAsync(async () => (await EventsAsync()).Contains("Normal SuccessfulCreate: create Pod web-2 in StatefulSet web successful"), "the event");
    }

    [Fact]
    public async Task A_parallel_set_makes_and_removes_its_pods_at_once()
    {
        node.BecomesReady = _ => false;
        await cluster.CreateAsync(Set(3, s => s.Spec.PodManagementPolicy = "Parallel"));
        await cluster.UntilAsync(() => Names == "web-0 web-1 web-2", "all pods");
        await cluster.ChangeAsync<StatefulSet>("web", s => s.Spec.Replicas = 0);
        await cluster.UntilAsync(() => Names == "", "no pods");
    }

    [Fact]
    public async Task Pods_go_from_the_highest_on_each_after_the_one_before_it_is_gone()
    {
        await cluster.CreateAsync(Set(3));
        await ReadyAsync(3);
        node.HoldsDeleted = true;
        await cluster.ChangeAsync<StatefulSet>("web", s => s.Spec.Replicas = 1);
        await cluster.UntilAsync(() => Names == "web-0 web-1", "the last pod to go");
        await QuietAsync();
        Assert.Equal("web-0 web-1", Names);
        await node.EndHeldAsync();
        await ReadyAsync(1);
        Assert.Equal("web-0", Names);
    }

    [Fact]
    public async Task Ordinals_may_begin_elsewhere()
    {
        await cluster.CreateAsync(Set(2, s => s.Spec.Ordinals = new() { Start = 3 }));
        await ReadyAsync(2);
        Assert.Equal("web-3 web-4", Names);
        await cluster.ChangeAsync<StatefulSet>("web", s => s.Spec.Ordinals = new() { Start = 4 });
        await cluster.UntilAsync(() => Names == "web-4 web-5", "the pods to have moved");
    }

    [Fact]
    public async Task An_update_replaces_one_pod_after_the_other_from_the_highest_on()
    {
        await cluster.CreateAsync(Set(3));
        await ReadyAsync(3);
        var first = Status.CurrentRevision;
        node.BecomesReady = _ => false;
        await SetImageAsync("web:2");
        await cluster.UntilAsync(() => Images == "web:1 web:1 web:2", "the highest to be replaced");
        await cluster.UntilAsync(() => (Status.CurrentReplicas, Status.UpdatedReplicas, Status.CurrentRevision) == (2, 1, first), "the count");
        Assert.Equal("web:1 web:1 web:2", Images);
        node.BecomesReady = _ => true;
        await node.SetReadyAsync(Pod("web-2"), true);
        await cluster.UntilAsync(() => Images == "web:2 web:2 web:2" && Status.CurrentRevision == Status.UpdateRevision && Status.CurrentReplicas == 3, "the update");
        Assert.NotEqual(first, Status.CurrentRevision);
    }

    [Fact]
    public async Task Below_the_partition_pods_keep_their_template_even_when_they_are_made_anew()
    {
        await cluster.CreateAsync(Set(3));
        await ReadyAsync(3);
        await cluster.ChangeAsync<StatefulSet>("web", s =>
        {
            s.Spec.UpdateStrategy.RollingUpdate!.Partition = 2;
            s.Spec.Template.Spec.Containers![0].Image = "web:2";
        });
        await cluster.UntilAsync(() => Images == "web:1 web:1 web:2" && Status.ReadyReplicas == 3, "the pod above the partition");
        await cluster.DeleteAsync<Pod>("web-0");
        await cluster.UntilAsync(() => Status.ReadyReplicas == 3 && Pod("web-0") is { Metadata.DeletionTimestamp: null } && Images == "web:1 web:1 web:2", "the pod made anew");
        await cluster.ChangeAsync<StatefulSet>("web", s => s.Spec.UpdateStrategy.RollingUpdate!.Partition = 0);
        await cluster.UntilAsync(() => Images == "web:2 web:2 web:2", "the rest");
    }

    [Fact]
    public async Task As_many_pods_may_be_missing_as_the_set_says()
    {
        await cluster.CreateAsync(Set(4, s =>
        {
            s.Spec.PodManagementPolicy = "Parallel";
            s.Spec.UpdateStrategy.RollingUpdate!.MaxUnavailable = 2;
        }));
        await ReadyAsync(4);
        node.BecomesReady = _ => false;
        await SetImageAsync("web:2");
        await cluster.UntilAsync(() => Images == "web:1 web:1 web:2 web:2", "two to be replaced");
        await QuietAsync();
        Assert.Equal("web:1 web:1 web:2 web:2", Images);
    }

    [Fact]
    public async Task On_delete_nothing_is_replaced_until_the_user_deletes_it()
    {
        await cluster.CreateAsync(Set(2, s => s.Spec.UpdateStrategy = new() { Type = "OnDelete" }));
        await ReadyAsync(2);
        await SetImageAsync("web:2");
        await cluster.UntilAsync(() => Status.UpdateRevision != Status.CurrentRevision, "the new revision");
        Assert.Equal("web:1 web:1", Images);
        await cluster.DeleteAsync<Pod>("web-0");
        await cluster.UntilAsync(() => Images == "web:2 web:1", "the deleted pod of the new template");
    }

    [Fact]
    public async Task A_pod_that_ended_is_made_anew_under_its_name()
    {
        await cluster.CreateAsync(Set(1));
        await ReadyAsync(1);
        var before = Pod("web-0").Metadata.Uid;
        await cluster.Client.PatchStatusAsync<Pod>(new("default", "web-0"), Coracle.Sdk.Patch.Merge("""{"status":{"phase":"Failed"}}"""u8.ToArray()));
        await cluster.UntilAsync(() => cluster.Seen<Pod>("web-0") is { } pod && pod.Metadata.Uid != before, "the new pod");
        await cluster.UntilAsync(async () => (await EventsAsync()).Contains("Warning RecreatingFailedPod: StatefulSet default/web is recreating failed Pod web-0"), "the event");
    }

    [Fact]
    public async Task Each_pod_has_its_claims_which_stay_when_it_goes()
    {
        await cluster.CreateAsync(Set(2, s => s.Spec.VolumeClaimTemplates = [Claim]));
        await ReadyAsync(2);
        Assert.Equal("data-web-1", Pod("web-1").Spec.Volumes![0].PersistentVolumeClaim!.ClaimName);
        await cluster.ChangeAsync<StatefulSet>("web", s => s.Spec.Replicas = 1);
        await ReadyAsync(1);
        var claims = (await cluster.ListAsync<PersistentVolumeClaim>()).OrderBy(c => c.Metadata.Name, StringComparer.Ordinal).ToList();
        Assert.Equal(["data-web-0", "data-web-1"], claims.Select(c => c.Metadata.Name));
        Assert.All(claims, c => Assert.Null(c.Metadata.OwnerReferences));
        Assert.Equal("web", claims[0].Metadata.Labels!["app"]);
    }

    [Theory]
    [InlineData("Delete", "Retain", "StatefulSet/web StatefulSet/web", "StatefulSet/web StatefulSet/web")]
    [InlineData("Retain", "Delete", " ", " Pod/web-1")]
    [InlineData("Delete", "Delete", "StatefulSet/web StatefulSet/web", "StatefulSet/web Pod/web-1")]
    public async Task Claims_go_with_whom_the_policy_says(string whenDeleted, string whenScaled, string before, string after)
    {
        await cluster.CreateAsync(Set(2, s =>
        {
            s.Spec.VolumeClaimTemplates = [Claim];
            s.Spec.PersistentVolumeClaimRetentionPolicy = new() { WhenDeleted = whenDeleted, WhenScaled = whenScaled };
        }));
        await ReadyAsync(2);
        string Owners() => string.Join(' ', cluster.Cache<PersistentVolumeClaim>().List("default").OrderBy(c => c.Metadata.Name, StringComparer.Ordinal)
            .Select(c => string.Join(',', c.Metadata.OwnerReferences?.Select(o => $"{o.Kind}/{o.Name}") ?? [])));
        await cluster.UntilAsync(() => Owners() == before, "the owners");
        node.HoldsDeleted = true;
        await cluster.ChangeAsync<StatefulSet>("web", s => s.Spec.Replicas = 1);
        await cluster.UntilAsync(() => Owners() == after && Names == "web-0", "the new owners");
    }

    [Fact]
    public async Task Only_so_many_revisions_are_kept_and_a_rollback_uses_an_old_one()
    {
        await cluster.CreateAsync(Set(1, s => s.Spec.RevisionHistoryLimit = 1));
        await ReadyAsync(1);
        var first = Status.CurrentRevision;
        foreach (var image in (string[])["web:2", "web:3"])
        {
            await SetImageAsync(image);
            await cluster.UntilAsync(() => Images == image && Status.CurrentRevision == Status.UpdateRevision && Status.ReadyReplicas == 1, image);
        }
        await cluster.UntilAsync(async () => (await cluster.ListAsync<ControllerRevision>()).Count == 2, "the first to be forgotten");
        var revisions = await cluster.ListAsync<ControllerRevision>();
        Assert.DoesNotContain(revisions, r => r.Metadata.Name == first);
        var second = revisions.MinBy(r => r.Revision)!;
        await SetImageAsync("web:2");
        await cluster.UntilAsync(() => Images == "web:2" && Status.UpdateRevision == second.Metadata.Name, "the rollback");
        Assert.Equal(4, (await cluster.GetAsync<ControllerRevision>(second.Metadata.Name)).Revision);
    }

    [Fact]
    public async Task A_pod_counts_as_available_when_it_has_been_ready_for_long_enough()
    {
        await cluster.CreateAsync(Set(2, s => s.Spec.MinReadySeconds = 30));
        await cluster.UntilAsync(() => Status is { ReadyReplicas: 1, AvailableReplicas: 0 }, "a ready pod");
        Assert.Equal("web-0", Names);
        cluster.Time.Advance(TimeSpan.FromSeconds(31));
        await cluster.UntilAsync(() => Names == "web-0 web-1" && Status.AvailableReplicas == 1, "the next pod");
    }

    [Fact]
    public async Task Pods_of_the_set_without_owner_are_adopted_and_others_left_alone()
    {
        await cluster.CreateAsync(Samples.Pod("web-0", ("app", "web")));
        await cluster.CreateAsync(Samples.Pod("other", ("app", "web")));
        await cluster.UntilAsync(() => cluster.Seen<Pod>("web-0") is not null && cluster.Seen<Pod>("other") is not null, "the pods to be seen");
        var set = await cluster.CreateAsync(Set(1, s => s.Spec.UpdateStrategy = new() { Type = "OnDelete" }));
        await cluster.UntilAsync(() => cluster.Seen<Pod>("web-0")?.Metadata.OwnerReferences?[0].Uid == set.Metadata.Uid, "the adoption");
        Assert.Null(Pod("other").Metadata.OwnerReferences);
    }
}
