using Coracle.Controllers.Deployments;
using Coracle.Controllers.Pods;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Deployments;

public sealed class RolloutTests : DeploymentFixture
{
    [Fact]
    public async Task A_deployment_gets_a_replica_set_of_its_template_and_tells_how_it_does()
    {
        await CreateAsync(3, d => d.Metadata.Annotations = new() { ["kubernetes.io/change-cause"] = "first" });
        await CompleteAsync("web:1");

        var set = Assert.Single(Sets);
        var hash = set.Metadata.Labels![Rollout.HashLabel];
        Assert.Equal($"web-{hash}", set.Metadata.Name);
        Assert.Equal((hash, hash), (set.Spec.Selector!.MatchLabels![Rollout.HashLabel], set.Spec.Template.Metadata.Labels![Rollout.HashLabel]));
        Assert.True(Owners.IsControlledBy(set, Web));
        Assert.Equal(("1", "3", "4", "first"), (Note(set, Revisions.Revision), Note(set, Revisions.Desired), Note(set, Revisions.Max), Note(set, "kubernetes.io/change-cause")));
        Assert.Equal("1", Web.Metadata.Annotations![Revisions.Revision]);
        Assert.Equal(1, Web.Metadata.Generation);

        var status = Web.Status;
        Assert.Equal((3, 3, 3, 3, 0, 0), (status.Replicas, status.UpdatedReplicas, status.ReadyReplicas, status.AvailableReplicas, status.UnavailableReplicas, status.TerminatingReplicas));
        Assert.Equal(("True", "MinimumReplicasAvailable", "Deployment has minimum availability."), (Condition("Available")!.Status, Reason("Available"), Condition("Available")!.Message));
        Assert.Equal(("True", "NewReplicaSetAvailable", $"ReplicaSet \"{set.Metadata.Name}\" has successfully progressed."), (Condition("Progressing")!.Status, Reason("Progressing"), Condition("Progressing")!.Message));
        await Cluster.UntilAsync(async () => (await EventsAsync()).Contains($"Normal ScalingReplicaSet: Scaled up replica set {set.Metadata.Name} from 0 to 3"), "the event");
    }

    [Theory]
    [InlineData(10, "25%", "25%")]
    [InlineData(10, "1", "0")]
    [InlineData(10, "0", "1")]
    [InlineData(7, "100%", "100%")]
    [InlineData(4, "2", "1")]
    [InlineData(1, "25%", "25%")]
    [InlineData(40, "30%", "10%")]
    public async Task At_no_revision_are_there_more_pods_or_fewer_available_ones_than_a_rollout_may_have(int replicas, string surge, string unavailable)
    {
        await CreateAsync(replicas, d => d.Spec.Strategy.RollingUpdate = new() { MaxSurge = Parse(surge), MaxUnavailable = Parse(unavailable) });
        await CompleteAsync("web:1");
        var limits = RolloutLimits.Of(Web.Spec);
        var broken = new List<string>();
        Cluster.Follow<Pod>(delta =>
        {
            if (delta.Initial) return;
            var pods = Pods();
            var available = pods.Count(PodState.IsReady);
            if (pods.Count > limits.MaxTotal || available < limits.MinAvailable) broken.Add($"{pods.Count} pods, {available} available at {delta.Object.Metadata.ResourceVersion}");
        });
        await SetImageAsync("web:2");
        await CompleteAsync("web:2");
        await SetImageAsync("web:3");
        await Cluster.UntilAsync(() => Pods("web:3").Count > 0, "the third to begin");
        await SetImageAsync("web:4"); // over a rollout that is under way
        await CompleteAsync("web:4");
        Assert.Empty(broken);
        Assert.Empty(Pods("web:1").Concat(Pods("web:2")).Concat(Pods("web:3")));
    }

    [Fact]
    public async Task A_rollback_takes_up_the_old_replica_set_as_the_newest_revision()
    {
        await CreateAsync(3);
        await CompleteAsync("web:1");
        var first = SetOf("web:1").Metadata.Uid;
        await SetImageAsync("web:2");
        await CompleteAsync("web:2");
        Assert.Equal("2", Web.Metadata.Annotations![Revisions.Revision]);

        await ChangeAsync(d =>
        {
            d.Spec.Template = SetOf("web:1").Spec.Template.DeepCopy(); // as kubectl rollout undo does
            d.Spec.Template.Metadata.Labels!.Remove(Rollout.HashLabel);
        });
        await CompleteAsync("web:1");
        var back = SetOf("web:1");
        Assert.Equal((first, "3", "1"), (back.Metadata.Uid, Note(back, Revisions.Revision), Note(back, Revisions.History)));
        Assert.Equal(2, Sets.Count);
        await Cluster.UntilAsync(() => Web.Metadata.Annotations![Revisions.Revision] == "3", "the revision");
    }

    [Fact]
    public async Task A_paused_deployment_follows_its_size_but_not_its_template()
    {
        await CreateAsync(2);
        await CompleteAsync("web:1");
        await ChangeAsync(d => d.Spec.Paused = true);
        await Cluster.UntilAsync(() => Reason("Progressing") == Progress.Paused, "the pause");
        Assert.Equal(("Unknown", "Deployment is paused"), (Condition("Progressing")!.Status, Condition("Progressing")!.Message));

        await ChangeAsync(d => (d.Spec.Replicas, d.Spec.Template.Spec.Containers![0].Image) = (4, "web:2"));
        await Cluster.UntilAsync(() => Web.Status is { AvailableReplicas: 4 } s && s.ObservedGeneration == Web.Metadata.Generation, "four pods");
        Assert.Equal(4, Pods("web:1").Count);
        Assert.Single(Sets);

        await ChangeAsync(d => d.Spec.Paused = false);
        await CompleteAsync("web:2");
    }

    [Fact]
    public async Task A_recreated_deployment_has_no_new_pod_before_the_last_old_one_is_gone()
    {
        Node.HoldsDeleted = true;
        await CreateAsync(3, d => d.Spec.Strategy = new() { Type = "Recreate" });
        await CompleteAsync("web:1");
        var both = false;
        Cluster.Follow<Pod>(_ => both |= Cluster.Cache<Pod>().List("default").Select(p => p.Spec.Containers![0].Image).Distinct().Count() > 1);
        await SetImageAsync("web:2");
        await Cluster.UntilAsync(() => Pods().Count == 0 && Web.Status.TerminatingReplicas == 3, "the old pods to be ending");
        await Node.EndHeldAsync();
        await CompleteAsync("web:2");
        Assert.False(both);
    }

    [Fact]
    public async Task Scaling_in_the_middle_of_a_rollout_keeps_the_proportion_of_old_and_new()
    {
        await CreateAsync(10, d => d.Spec.Strategy.RollingUpdate = new() { MaxSurge = 3, MaxUnavailable = 2 });
        await CompleteAsync("web:1");
        Node.BecomesReady = static _ => false;
        await SetImageAsync("web:2");
        await Cluster.UntilAsync(() => Pods("web:1").Count == 8 && Pods("web:2").Count == 5, "the rollout to come to a stop");

        await ChangeAsync(d => d.Spec.Replicas = 20);
        await Cluster.UntilAsync(() => Pods("web:1").Count == 14 && Pods("web:2").Count == 9, "both to grow");
        Assert.All(Sets, s => Assert.Equal(("20", "23"), (Note(s, Revisions.Desired), Note(s, Revisions.Max))));

        Node.BecomesReady = static _ => true;
        await Node.AllReadyAsync();
        await CompleteAsync("web:2");
    }

    [Fact]
    public async Task A_rollout_without_progress_is_reported_when_its_deadline_is_over_and_goes_on_when_it_can()
    {
        await CreateAsync(2, d => d.Spec.ProgressDeadlineSeconds = 30);
        await CompleteAsync("web:1");
        Node.BecomesReady = static _ => false;
        await SetImageAsync("web:2");
        await Cluster.UntilAsync(() => Pods("web:2").Count == 1 && Web.Status.UpdatedReplicas == 1 && Reason("Progressing") == Progress.Updated, "the rollout to come to a stop");
        Cluster.Time.Advance(TimeSpan.FromSeconds(32));
        await Cluster.UntilAsync(() => Reason("Progressing") == Progress.TimedOut, "the deadline");
        Assert.Equal(("False", $"ReplicaSet \"{SetOf("web:2").Metadata.Name}\" has timed out progressing."), (Condition("Progressing")!.Status, Condition("Progressing")!.Message));
        Assert.Equal("True", Condition("Available")!.Status);

        Node.BecomesReady = static _ => true;
        await Node.AllReadyAsync();
        await CompleteAsync("web:2");
    }

    [Fact]
    public async Task Pods_count_only_after_minReadySeconds_and_the_rollout_waits_for_them()
    {
        await CreateAsync(2, d => (d.Spec.MinReadySeconds, d.Spec.Strategy.RollingUpdate) = (60, new() { MaxSurge = 1, MaxUnavailable = 0 }));
        await Cluster.UntilAsync(() => Web.Status.ReadyReplicas == 2, "ready pods");
        Assert.Equal((0, "MinimumReplicasUnavailable"), (Web.Status.AvailableReplicas, Reason("Available")));
        Cluster.Time.Advance(TimeSpan.FromSeconds(60));
        await CompleteAsync("web:1");
    }

    [Fact]
    public async Task Old_replica_sets_beyond_the_limit_go_and_the_newest_stay()
    {
        await CreateAsync(1, d => d.Spec.RevisionHistoryLimit = 2);
        for (var i = 1; i <= 5; i++)
        {
            if (i > 1) await SetImageAsync($"web:{i}");
            await CompleteAsync($"web:{i}");
        }
        await Cluster.UntilAsync(() => Sets.Count == 3, "the oldest to go");
        Assert.Equal(["3", "4", "5"], Sets.Select(s => Note(s, Revisions.Revision)));
    }

    [Fact]
    public async Task A_replica_set_of_another_with_the_same_name_leads_to_another_name()
    {
        await CreateAsync(1, d => d.Spec.Paused = true);
        await Cluster.UntilAsync(() => Reason("Progressing") == Progress.Paused, "the pause");
        var taken = TemplateHash.SetName("web", TemplateHash.Of(Web.Spec.Template, null));
        var other = Samples.ReplicaSet("other", 0);
        other.Metadata.Name = taken;
        await Cluster.CreateAsync(other);
        await ChangeAsync(d => d.Spec.Paused = false);
        await CompleteAsync("web:1");
        Assert.Equal(1, Web.Status.CollisionCount);
        Assert.DoesNotContain(Pods(), p => Owners.ControllerOf(p)!.Name == taken);
    }

    [Fact]
    public async Task An_orphaned_replica_set_is_adopted_and_used_when_its_template_is_the_same()
    {
        await CreateAsync(2);
        await CompleteAsync("web:1");
        var uid = Sets[0].Metadata.Uid;
        await Cluster.ChangeAsync<ReplicaSet>(Sets[0].Metadata.Name, s => s.Metadata.OwnerReferences = null);
        await Cluster.UntilAsync(() => Sets.Count == 1 && Owners.IsControlledBy(Sets[0], Web), "the adoption");
        Assert.Equal(uid, Sets[0].Metadata.Uid);
    }

    [Fact]
    public async Task What_keeps_pods_from_being_made_is_shown_on_the_deployment()
    {
        await CreateAsync(2, d => d.Spec.Template.Spec.ServiceAccountName = "robot");
        await Cluster.UntilAsync(() => Reason("ReplicaFailure") == "FailedCreate", "the condition");
        await Cluster.CreateAsync(new ServiceAccount { Metadata = new() { Name = "robot", Namespace = "default" } });
        await CompleteAsync("web:1");
        Assert.Null(Condition("ReplicaFailure"));
    }

    [Fact]
    public async Task Pods_that_end_as_soon_as_they_begin_do_not_hold_up_the_rollout_that_mends_it()
    {
        await CreateAsync(3);
        await CompleteAsync("web:1");
        var refused = 0;
        Node.Refuses = pod => pod.Spec.Containers![0].Image == "web:bad" && Interlocked.Increment(ref refused) < 30;
        Node.BecomesReady = static pod => pod.Spec.Containers![0].Image != "web:bad";
        await SetImageAsync("web:bad");
        await Cluster.UntilAsync(() => Volatile.Read(ref refused) > 10, "refused pods");
        await SetImageAsync("web:3");
        await CompleteAsync("web:3");
    }

    [Fact]
    public async Task Scaled_to_nothing_and_back_a_deployment_keeps_its_replica_set()
    {
        await CreateAsync(3);
        await CompleteAsync("web:1");
        var set = Sets[0].Metadata.Name;
        await ChangeAsync(d => d.Spec.Replicas = 0);
        await Cluster.UntilAsync(() => Pods().Count == 0 && Web.Status is { Replicas: 0, AvailableReplicas: 0 }, "no pods");
        await ChangeAsync(d => d.Spec.Replicas = 2);
        await CompleteAsync("web:1");
        Assert.Equal((set, "2", "3"), (Assert.Single(Sets).Metadata.Name, Note(Sets[0], Revisions.Desired), Note(Sets[0], Revisions.Max)));
        await Cluster.UntilAsync(async () => (await EventsAsync()).Contains($"Normal ScalingReplicaSet: Scaled down replica set {set} from 3 to 0"), "the event");
    }

    [Fact]
    public async Task A_deployment_that_is_being_deleted_changes_nothing()
    {
        await CreateAsync(2);
        await CompleteAsync("web:1");
        await Cluster.DeleteAsync<Deployment>("web", Deletion.Foreground);
        await Cluster.UntilAsync(() => Web.Metadata.DeletionTimestamp is not null && Web.Status.ObservedGeneration == Web.Metadata.Generation, "the deletion");
        await Cluster.DeleteAsync<ReplicaSet>(Sets[0].Metadata.Name);
        await Cluster.UntilAsync(() => Web.Status.Replicas == 0, "the count");
        Assert.Empty(Sets);
    }

    private static string? Note(ReplicaSet set, string annotation) => set.Metadata.Annotations?.GetValueOrDefault(annotation);

    private static Schema.IntOrString Parse(string text) => text.EndsWith('%') ? new(text) : new(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
}
