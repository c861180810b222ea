using Coracle.Controllers.Disruption;
using Coracle.Controllers.ReplicaSets;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Policy.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Disruption;

public sealed class DisruptionTests : IAsyncLifetime
{
    private TestCluster cluster = null!;
    private TestNode node = null!;

    public async ValueTask InitializeAsync()
    {
        cluster = await TestCluster.StartAsync(ReplicaSetReconciler.NewController, DisruptionReconciler.NewController);
        node = new TestNode(cluster);
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private PodDisruptionBudgetStatus Status => cluster.Seen<PodDisruptionBudget>("budget")?.Status ?? new();
    private List<Pod> Pods => [.. cluster.Cache<Pod>().List("default").OrderBy(p => p.Metadata.Name, StringComparer.Ordinal)];

    private Task BudgetAsync(IntOrString? minAvailable = null, IntOrString? maxUnavailable = null, string app = "web") => cluster.CreateAsync(new PodDisruptionBudget
    {
        Metadata = new() { Name = "budget", Namespace = "default" },
        Spec = new() { Selector = new() { MatchLabels = new() { ["app"] = app } }, MinAvailable = minAvailable, MaxUnavailable = maxUnavailable },
    });

    private Task UntilAsync(int expected, int desired, int healthy, int allowed) => cluster.UntilAsync(
        () => Status is var s && (s.ExpectedPods, s.DesiredHealthy, s.CurrentHealthy, s.DisruptionsAllowed) == (expected, desired, healthy, allowed) && s.ObservedGeneration > 0,
        $"{expected} expected, {desired} desired, {healthy} healthy, {allowed} allowed");

    private async Task<List<string>> EventsAsync(string reason) => [.. (await cluster.ListAsync<Event>()).Where(e => e.Reason == reason).Select(e => $"{e.Type} {e.Message}")];

    [Theory]
    [InlineData(null, "30%", 4, 2, 2)]
    [InlineData(null, 1, 4, 3, 1)]
    [InlineData("60%", null, 4, 3, 1)]
    [InlineData(1, null, 4, 1, 3)]
    public async Task What_may_go_follows_from_what_is_asked_for(object? min, object? max, int expected, int desired, int allowed)
    {
        static IntOrString? Amount(object? value) => value switch { string text => text, int number => number, _ => null };
        await cluster.CreateAsync(Samples.ReplicaSet("web", 4));
        await BudgetAsync(Amount(min), Amount(max));
        await UntilAsync(expected, desired, 4, allowed);
        Assert.Equal(("True", "SufficientPods"), (Status.Conditions![0].Status, Status.Conditions[0].Reason));
    }

    [Fact]
    public async Task With_too_few_pods_nothing_may_go_until_they_are_back()
    {
        await cluster.CreateAsync(Samples.ReplicaSet("web", 2));
        await BudgetAsync(maxUnavailable: 1);
        await UntilAsync(2, 1, 2, 1);
        await node.SetReadyAsync(Pods[0], false);
        await UntilAsync(2, 1, 1, 0);
        Assert.Equal(("False", "InsufficientPods"), (Status.Conditions![0].Status, Status.Conditions[0].Reason));
        await node.SetReadyAsync(Pods[0], true);
        await UntilAsync(2, 1, 2, 1);
    }

    [Fact]
    public async Task A_pod_that_was_allowed_to_go_does_not_count_until_it_is_clear_that_it_stays()
    {
        await cluster.CreateAsync(Samples.ReplicaSet("web", 2));
        await BudgetAsync(minAvailable: 1);
        await UntilAsync(2, 1, 2, 1);
        var name = Pods[0].Metadata.Name;
        var budget = await cluster.GetAsync<PodDisruptionBudget>("budget");
        budget.Status.DisruptedPods = new() { [name] = cluster.Time.GetUtcNow() };
        budget.Status.DisruptionsAllowed = 0;
        await cluster.Client.UpdateStatusAsync(budget);
        await UntilAsync(2, 1, 1, 0);
        cluster.Time.Advance(TimeSpan.FromMinutes(3));
        await UntilAsync(2, 1, 2, 1);
        Assert.Null(Status.DisruptedPods);
        await cluster.UntilAsync(async () => (await EventsAsync("NotDeleted")).Contains("Warning Pod was expected by PDB default/budget to be deleted but it wasn't"), "the event");
    }

    [Fact]
    public async Task Evictions_pass_one_at_a_time()
    {
        await cluster.CreateAsync(Samples.ReplicaSet("web", 2));
        await BudgetAsync(minAvailable: 1);
        await UntilAsync(2, 1, 2, 1);
        node.HoldsDeleted = true;
        // What replaces the first may not be ready before the second is asked for: then it might go.
        node.BecomesReady = static _ => false;
        var names = Pods.Select(p => p.Metadata.Name).ToList();
        var answers = new List<bool>();
        foreach (var name in names)
        {
            var eviction = new Eviction { Metadata = new() { Name = name, Namespace = "default" } };
            answers.Add((await cluster.Client.For<Pod>().TryCreateSubresourceAsync(new Key("default", name), "eviction", eviction)).Ok);
        }
        Assert.Equal([true, false], answers);
    }

    [Fact]
    public async Task Pods_that_nobody_keeps_are_told_of_and_without_a_keeper_that_has_a_size_nothing_may_go()
    {
        await cluster.CreateAsync(Samples.Pod("lone", ("app", "web")));
        await BudgetAsync(maxUnavailable: 1);
        await cluster.UntilAsync(async () => (await EventsAsync("UnmanagedPods")).Count > 0, "the event");
        Assert.Equal(0, Status.DisruptionsAllowed);
        await cluster.ChangeAsync<Pod>("lone", p => p.Metadata.OwnerReferences = [new() { ApiVersion = "apps/v1", Kind = "DaemonSet", Name = "d", Uid = "u", Controller = true }]);
        await cluster.UntilAsync(() => Status.Conditions?.Find(c => c.Type == "DisruptionAllowed") is { Status: "False", Reason: "SyncFailed" }, "the failure");
        Assert.Equal("daemonsets.apps does not implement the scale subresource", Status.Conditions![0].Message);
    }

    [Fact]
    public async Task A_budget_without_pods_says_so()
    {
        await BudgetAsync(minAvailable: 1);
        await UntilAsync(0, 1, 0, 0);
        await cluster.UntilAsync(async () => (await EventsAsync("NoPods")).Contains("Normal No matching pods found"), "the event");
    }
}
