using Coracle.Controllers.Pods;
using Coracle.Controllers.ReplicaSets;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.ReplicaSets;

public sealed class ReplicaSetTests : IAsyncLifetime
{
    private TestCluster cluster = null!;
    private TestNode node = null!;

    public async ValueTask InitializeAsync()
    {
        cluster = await TestCluster.StartAsync(ReplicaSetReconciler.NewController);
        node = new TestNode(cluster);
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private List<Pod> Active() => [.. cluster.Cache<Pod>().List("default").Where(PodState.IsActive)];
    private ReplicaSetStatus Status(string name = "web") => cluster.Seen<ReplicaSet>(name)?.Status ?? new();
    private async Task<List<string>> MessagesAsync(string reason) => [.. (await cluster.ListAsync<Event>()).Where(e => e.Reason == reason).Select(e => e.Message).Order()];
    private Task AvailableAsync(int count) => cluster.UntilAsync(() => Status() is var s && s.AvailableReplicas == count && s.Replicas == count && s.TerminatingReplicas == 0, $"{count} available pods");

    [Fact]
    public async Task A_replica_set_gets_its_pods_named_after_it_and_counts_them()
    {
        await cluster.CreateAsync(Samples.ReplicaSet("web", 3));
        await AvailableAsync(3);

        var set = await cluster.GetAsync<ReplicaSet>("web");
        Assert.Equal((3, 3, 3, 3), (set.Status.Replicas, set.Status.FullyLabeledReplicas, set.Status.ReadyReplicas, set.Status.AvailableReplicas));
        Assert.Equal(set.Metadata.Generation, set.Status.ObservedGeneration);
        Assert.All(Active(), pod =>
        {
            Assert.Matches("^web-[bcdfghjklmnpqrstvwxz2456789]{5}$", pod.Metadata.Name);
            var owner = Assert.Single(pod.Metadata.OwnerReferences!);
            Assert.Equal(("apps/v1", "ReplicaSet", "web", set.Metadata.Uid, true, true), (owner.ApiVersion, owner.Kind, owner.Name, owner.Uid, owner.Controller, owner.BlockOwnerDeletion));
        });
        var made = Active().Select(p => $"Created pod: {p.Metadata.Name}").ToList();
        await cluster.UntilAsync(async () => (await MessagesAsync("SuccessfulCreate")).Count > 0, "an event");
        Assert.All(await MessagesAsync("SuccessfulCreate"), message => Assert.Contains(message, made));
    }

    [Fact]
    public async Task A_pod_that_is_deleted_or_ends_is_replaced_at_once()
    {
        node.HoldsDeleted = true;
        await cluster.CreateAsync(Samples.ReplicaSet("web", 2));
        await AvailableAsync(2);
        var gone = Active()[0];
        await cluster.DeleteAsync<Pod>(gone.Metadata.Name);
        await cluster.UntilAsync(() => Status() is { Replicas: 2, AvailableReplicas: 2, TerminatingReplicas: 1 }, "a replacement while the old pod ends");
        await node.EndHeldAsync();
        await AvailableAsync(2);
        Assert.DoesNotContain(Active(), p => p.Metadata.Name == gone.Metadata.Name);
    }

    [Fact]
    public async Task Scaling_down_deletes_pods_that_are_not_ready_first()
    {
        await cluster.CreateAsync(Samples.ReplicaSet("web", 3));
        await AvailableAsync(3);
        var broken = Active()[1];
        await node.SetReadyAsync(broken, false);
        await cluster.UntilAsync(() => Status().ReadyReplicas == 2, "a pod less");
        await cluster.ChangeAsync<ReplicaSet>("web", s => s.Spec.Replicas = 2);
        await AvailableAsync(2);
        Assert.DoesNotContain(Active(), p => p.Metadata.Name == broken.Metadata.Name);
        await cluster.UntilAsync(async () => (await MessagesAsync("SuccessfulDelete")).SequenceEqual([$"Deleted pod: {broken.Metadata.Name}"]), "the event");
    }

    [Fact]
    public async Task Orphans_that_match_are_adopted_and_pods_that_match_no_more_are_released()
    {
        var orphan = await cluster.CreateAsync(Samples.Pod("lone", ("app", "web")));
        await cluster.UntilAsync(() => cluster.Seen<Pod>("lone") is not null, "the orphan to be seen");
        await cluster.CreateAsync(Samples.ReplicaSet("web", 2));
        await AvailableAsync(2);
        Assert.True(Owners.IsControlledBy(await cluster.GetAsync<Pod>("lone"), await cluster.GetAsync<ReplicaSet>("web")));

        await cluster.ChangeAsync<Pod>("lone", p => p.Metadata.Labels!["app"] = "other");
        await cluster.UntilAsync(() => Active().Count == 3, "a replacement of the released pod");
        await cluster.UntilAsync(() => Owners.ControllerOf(cluster.Seen<Pod>("lone")!) is null, "the release");
        Assert.Equal(orphan.Metadata.Uid, (await cluster.GetAsync<Pod>("lone")).Metadata.Uid);

        await cluster.ChangeAsync<Pod>("lone", p => p.Metadata.Labels!["app"] = "web");
        await cluster.UntilAsync(() => Active().Count == 2, "one too many to go");
        await AvailableAsync(2);
    }

    [Fact]
    public async Task A_pod_counts_as_available_once_it_has_been_ready_for_minReadySeconds()
    {
        var set = Samples.ReplicaSet("web", 1);
        set.Spec.MinReadySeconds = 30;
        await cluster.CreateAsync(set);
        await cluster.UntilAsync(() => Status().ReadyReplicas == 1, "a ready pod");
        Assert.Equal(0, Status().AvailableReplicas);
        cluster.Time.Advance(TimeSpan.FromSeconds(30));
        await AvailableAsync(1);
    }

    [Fact]
    public async Task A_replica_set_whose_pods_are_refused_says_so_and_recovers()
    {
        var set = Samples.ReplicaSet("web", 50);
        set.Spec.Template.Spec.ServiceAccountName = "robot";
        await cluster.CreateAsync(set);
        await cluster.UntilAsync(() => Status().Conditions is [{ Type: "ReplicaFailure" }], "the condition");
        var failure = Status().Conditions![0];
        Assert.Equal(("True", "FailedCreate"), (failure.Status, failure.Reason));
        Assert.Contains("serviceaccount \"robot\" not found", failure.Message, StringComparison.Ordinal);
        await cluster.UntilAsync(async () => (await MessagesAsync("FailedCreate")).Count > 0, "the event");
        Assert.All(await MessagesAsync("FailedCreate"), m => Assert.StartsWith("Error creating: pods \"web-", m, StringComparison.Ordinal));

        await cluster.CreateAsync(new ServiceAccount { Metadata = new() { Name = "robot", Namespace = "default" } });
        await AvailableAsync(50);
        Assert.True(Status().Conditions is not { Count: > 0 });
    }

    [Fact]
    public async Task Pods_of_a_replica_set_that_is_being_deleted_are_left_to_the_garbage_collector()
    {
        await cluster.CreateAsync(Samples.ReplicaSet("web", 2));
        await AvailableAsync(2);
        await cluster.DeleteAsync<ReplicaSet>("web", Deletion.Foreground);
        await cluster.UntilAsync(() => cluster.Seen<ReplicaSet>("web")?.Metadata.DeletionTimestamp is not null, "the deletion");
        await cluster.DeleteAsync<Pod>(Active()[0].Metadata.Name);
        await cluster.UntilAsync(() => Status() is { Replicas: 1 }, "the count");
        Assert.Single(Active());
    }

    [Fact]
    public async Task A_thousand_pods_are_made_without_a_pause()
    {
        await cluster.CreateAsync(Samples.ReplicaSet("web", 1000));
        await cluster.UntilAsync(() => Active().Count == 1000, "a thousand pods");
        await AvailableAsync(1000);
        Assert.Empty(cluster.Faults);
    }
}
