using Coracle.Controllers.DaemonSets;
using Coracle.Controllers.Histories;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.DaemonSets;

/// <summary>Daemon sets on a few nodes; pods run where they are meant for, when the test says so or at once.</summary>
public sealed class DaemonSetTests : IAsyncLifetime
{
    private TestCluster cluster = null!;
    private bool becomeReady = true;
    private bool failed;

    public async ValueTask InitializeAsync()
    {
        cluster = await TestCluster.StartAsync(DaemonSetReconciler.NewController);
        cluster.Follow<Pod>(delta =>
        {
            if (delta is { Old: null, New: { } pod }) _ = StartAsync(pod, becomeReady);
        });
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private async Task StartAsync(Pod pod, bool ready)
    {
        await Task.Yield();
        var binding = new Binding { Metadata = new() { Name = pod.Metadata.Name, Namespace = "default" }, Target = new() { Kind = "Node", Name = DaemonPods.Node(pod) } };
        await cluster.Client.For<Pod>().TryCreateSubresourceAsync(Key.Of(pod), "binding", binding);
        await SetReadyAsync(pod.Metadata.Name, ready);
    }

    private async Task SetReadyAsync(string name, bool ready)
    {
        while (await cluster.Client.TryGetAsync<Pod>(new("default", name)) is { } pod)
        {
            pod.Status.Phase = failed ? "Failed" : "Running";
            pod.Status.Conditions = [.. pod.Status.Conditions?.Where(c => c.Type != "Ready") ?? [], new() { Type = "Ready", Status = ready ? "True" : "False", LastTransitionTime = cluster.Time.GetUtcNow() }];
            if (!(await cluster.Client.TryUpdateStatusAsync(pod)).IsConflict) return;
        }
    }

    private async Task NodesAsync(params string[] names)
    {
        foreach (var name in names)
        {
            await cluster.CreateAsync(new Kinds.Core.V1.Node { Metadata = new() { Name = name, Labels = new() { ["disk"] = name[..1] } } });
            await Change(name, n => n.Spec.Taints = null);
        }
    }

    private async Task Change(string node, Action<Kinds.Core.V1.Node> change)
    {
        while (true)
        {
            var obj = await cluster.Client.GetAsync<Kinds.Core.V1.Node>(new("", node));
            change(obj);
            var update = await cluster.Client.TryUpdateAsync(obj);
            if (update.IsConflict) continue;
            update.OrThrow();
            return;
        }
    }

    private static DaemonSet Set(Action<DaemonSet>? with = null)
    {
        var set = new DaemonSet
        {
            Metadata = new() { Name = "agent", Namespace = "default" },
            Spec = new()
            {
                Selector = new() { MatchLabels = new() { ["app"] = "agent" } },
                Template = new() { Metadata = new() { Labels = new() { ["app"] = "agent" } }, Spec = new() { TerminationGracePeriodSeconds = 0, Containers = [new() { Name = "main", Image = "agent:1" }] } },
            },
        };
        with?.Invoke(set);
        return set;
    }

    private DaemonSetStatus Status => cluster.Seen<DaemonSet>("agent")?.Status ?? new();
    private IEnumerable<Pod> Pods => cluster.Cache<Pod>().List("default").Where(p => p.Metadata.DeletionTimestamp is null).OrderBy(DaemonPods.Node, StringComparer.Ordinal).ThenBy(p => p.Spec.Containers![0].Image, StringComparer.Ordinal);
    private string Where => string.Join(' ', Pods.Select(p => $"{DaemonPods.Node(p)}={p.Spec.Containers![0].Image![6..]}"));
    private Task SetImageAsync(string image) => cluster.ChangeAsync<DaemonSet>("agent", s => s.Spec.Template.Spec.Containers![0].Image = image);
    // With its pods started, so that what the test says of them comes last.
    private Task UntilAsync(string where) => cluster.UntilAsync(() => Where == where && Pods.All(p => p.Status.Phase != "Pending"), where);
    private Task ReadyAsync(int count) => cluster.UntilAsync(() => Status is var s && s.NumberAvailable == count && s.UpdatedNumberScheduled == count && s.DesiredNumberScheduled == count, $"{count} available pods");
    private Task QuietAsync() => cluster.UntilAsync(() => cluster.Seen<DaemonSet>("agent") is { } s && s.Status.ObservedGeneration == s.Metadata.Generation, "the set to be looked at");
    private async Task<List<string>> EventsAsync(string reason) => [.. (await cluster.ListAsync<Event>()).Where(e => e.Reason == reason).Select(e => e.Message)];

    [Fact]
    public async Task Every_node_gets_a_pod_that_is_pinned_to_it_and_bears_its_troubles()
    {
        await NodesAsync("a1", "a2");
        await cluster.CreateAsync(Set());
        await ReadyAsync(2);
        Assert.Equal("a1=1 a2=1", Where);
        await NodesAsync("a3");
        await ReadyAsync(3);
        var pod = Pods.First();
        var field = pod.Spec.Affinity!.NodeAffinity!.RequiredDuringSchedulingIgnoredDuringExecution!.NodeSelectorTerms![0].MatchFields![0];
        Assert.Equal(("metadata.name", "In", "a1"), (field.Key, field.Operator, field.Values![0]));
        Assert.Equal(
            ["node.kubernetes.io/not-ready:NoExecute", "node.kubernetes.io/unreachable:NoExecute", "node.kubernetes.io/disk-pressure:NoSchedule", "node.kubernetes.io/memory-pressure:NoSchedule", "node.kubernetes.io/pid-pressure:NoSchedule", "node.kubernetes.io/unschedulable:NoSchedule"],
            pod.Spec.Tolerations!.Select(t => $"{t.Key}:{t.Effect}"));
        Assert.Matches("^agent-[bcdfghjklmnpqrstvwxz2456789]{5}$", pod.Metadata.Name);
        var revision = Assert.Single(await cluster.ListAsync<ControllerRevision>());
        Assert.Equal((revision.Metadata.Labels![RevisionLog.PodLabel], "1"), (pod.Metadata.Labels![RevisionLog.PodLabel], pod.Metadata.Labels[DaemonPods.GenerationLabel]));
        Assert.Equal($"agent-{revision.Metadata.Labels[RevisionLog.PodLabel]}", revision.Metadata.Name);
    }

    [Fact]
    public async Task Nodes_are_chosen_by_labels_and_pods_follow_when_those_change()
    {
        await NodesAsync("a1", "b1");
        await cluster.CreateAsync(Set(s => s.Spec.Template.Spec.NodeSelector = new() { ["disk"] = "a" }));
        await UntilAsync("a1=1");
        await Change("b1", n => n.Metadata.Labels!["disk"] = "a");
        await UntilAsync("a1=1 b1=1");
        await Change("a1", n => n.Metadata.Labels!["disk"] = "b");
        await UntilAsync("b1=1");
        await cluster.UntilAsync(() => Status is { DesiredNumberScheduled: 1, CurrentNumberScheduled: 1, NumberMisscheduled: 0 }, "the count");
    }

    [Fact]
    public async Task A_taint_keeps_new_pods_away_and_one_that_evicts_makes_them_go()
    {
        await NodesAsync("a1", "a2");
        await cluster.CreateAsync(Set());
        await ReadyAsync(2);
        await Change("a1", n => n.Spec.Taints = [new() { Key = "k", Effect = "NoSchedule" }]);
        await cluster.UntilAsync(() => Status is { DesiredNumberScheduled: 1, NumberMisscheduled: 1 }, "a pod that is misplaced");
        Assert.Equal("a1=1 a2=1", Where);
        await Change("a1", n => n.Spec.Taints = [new() { Key = "k", Effect = "NoExecute" }]);
        await UntilAsync("a2=1");
        await Change("a1", n => n.Spec.Taints = [new() { Key = "node.kubernetes.io/not-ready", Effect = "NoExecute" }]);
        await UntilAsync("a1=1 a2=1");
    }

    [Fact]
    public async Task An_update_takes_away_as_many_as_may_be_missing()
    {
        await NodesAsync("a1", "a2", "a3");
        await cluster.CreateAsync(Set());
        await ReadyAsync(3);
        becomeReady = false;
        await SetImageAsync("agent:2");
        await UntilAsync("a1=2 a2=1 a3=1");
        await QuietAsync();
        Assert.Equal(1, Pods.Count(p => p.Spec.Containers![0].Image == "agent:2"));
        becomeReady = true;
        await SetReadyAsync(Pods.First().Metadata.Name, true);
        await UntilAsync("a1=2 a2=2 a3=2");
        await ReadyAsync(3);
    }

    [Fact]
    public async Task Old_pods_that_serve_nobody_are_replaced_at_once()
    {
        await NodesAsync("a1", "a2", "a3");
        becomeReady = false;
        await cluster.CreateAsync(Set());
        await UntilAsync("a1=1 a2=1 a3=1");
        await SetImageAsync("agent:2");
        await UntilAsync("a1=2 a2=2 a3=2");
    }

    [Fact]
    public async Task With_a_surge_the_old_pod_goes_when_the_new_one_is_available()
    {
        await NodesAsync("a1", "a2");
        await cluster.CreateAsync(Set(s => s.Spec.UpdateStrategy = new() { Type = "RollingUpdate", RollingUpdate = new() { MaxUnavailable = 0, MaxSurge = 1 } }));
        await ReadyAsync(2);
        becomeReady = false;
        await SetImageAsync("agent:2");
        await UntilAsync("a1=1 a1=2 a2=1");
        await QuietAsync();
        Assert.Equal("a1=1 a1=2 a2=1", Where);
        becomeReady = true;
        await SetReadyAsync(Pods.Single(p => p.Spec.Containers![0].Image == "agent:2").Metadata.Name, true);
        await UntilAsync("a1=2 a2=2");
        await ReadyAsync(2);
    }

    [Fact]
    public async Task On_delete_nothing_is_replaced_until_the_user_deletes_it()
    {
        await NodesAsync("a1", "a2");
        await cluster.CreateAsync(Set(s => s.Spec.UpdateStrategy = new() { Type = "OnDelete" }));
        await ReadyAsync(2);
        await SetImageAsync("agent:2");
        await cluster.UntilAsync(() => Status.UpdatedNumberScheduled == 0, "the new revision");
        Assert.Equal("a1=1 a2=1", Where);
        await cluster.DeleteAsync<Pod>(Pods.First().Metadata.Name);
        await UntilAsync("a1=2 a2=1");
    }

    [Fact]
    public async Task A_pod_that_failed_is_replaced_and_later_each_time()
    {
        await NodesAsync("a1");
        failed = true;
        await cluster.CreateAsync(Set());
        await cluster.UntilAsync(async () => (await EventsAsync("FailedDaemonPod")).Count > 1, "two failures");
        Assert.Matches("^Found failed daemon pod default/agent-[a-z0-9]{5} on node a1, will try to kill it$", (await EventsAsync("FailedDaemonPod"))[0]);
        failed = false;
        cluster.Time.Advance(TimeSpan.FromMinutes(16));
        await ReadyAsync(1);
    }

    [Fact]
    public async Task Only_so_many_revisions_are_kept_and_a_rollback_renumbers_an_old_one()
    {
        await NodesAsync("a1");
        await cluster.CreateAsync(Set(s => s.Spec.RevisionHistoryLimit = 1));
        await ReadyAsync(1);
        foreach (var image in (string[])["agent:2", "agent:3"])
        {
            await SetImageAsync(image);
            await UntilAsync($"a1={image[6..]}");
            await ReadyAsync(1);
        }
        await cluster.UntilAsync(async () => (await cluster.ListAsync<ControllerRevision>()).Count == 2, "the first to be forgotten");
        var second = (await cluster.ListAsync<ControllerRevision>()).MinBy(r => r.Revision)!;
        Assert.Equal(2, second.Revision);
        await SetImageAsync("agent:2");
        await UntilAsync("a1=2");
        Assert.Equal(4, (await cluster.GetAsync<ControllerRevision>(second.Metadata.Name)).Revision);
    }
}
