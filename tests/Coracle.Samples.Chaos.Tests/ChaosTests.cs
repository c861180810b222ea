using Coracle.Kinds.Core.V1;
using Coracle.Sdk;
using Coracle.Samples.Chaos.Kinds;
using Coracle.Samples.Chaos.Reconcilers;
using Coracle.Testing;

namespace Coracle.Samples.Chaos.Tests;

public sealed class ChaosTests
{
    private static async Task<TestCluster> With(int pods)
    {
        var cluster = await TestCluster.StartAsync();
        await World.BeginAsync(cluster);
        for (var i = 0; i < pods; i++) await cluster.Client.CreateAsync(World.Pod($"web-{i}"));
        await cluster.UntilAllAsync<Pod>(all => all.Count(p => p.Status.Phase == "Running") == pods);
        return cluster;
    }

    [Fact]
    public async Task An_act_marks_its_victims_first_and_deletes_them_after_its_delay()
    {
        await using var cluster = await With(pods: 5);
        await cluster.Client.CreateAsync(World.Chaos("act", victims: 2, delaySeconds: 30));
        var marked = await cluster.UntilAllAsync<Pod>(all => all.Count(World.IsMarked) == 2);
        Assert.Equal(5, marked.Count);
        await cluster.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(5, (await cluster.Client.ListAsync<Pod>("default")).Items.Count);
        var act = await cluster.UntilAsync<Kinds.Chaos>("default/act", a => a.Status.Phase == ChaosPhase.Done);
        Assert.Equal(2, act.Status.Struck);
        var left = await cluster.UntilAllAsync<Pod>(all => all.Count == 3);
        Assert.DoesNotContain(left, World.IsMarked);
        Assert.Equal(marked.Where(World.IsMarked).Select(p => p.Metadata.Uid).Order(), act.Status.Victims!.Select(v => v.Uid).Order());
    }

    [Fact]
    public async Task Only_pods_that_the_selector_matches_are_struck()
    {
        await using var cluster = await With(pods: 1);
        await cluster.Client.CreateAsync(World.Pod("other", app: "db"));
        await cluster.Client.CreateAsync(World.Chaos("act", victims: 10));
        var act = await cluster.UntilAsync<Kinds.Chaos>("default/act", a => a.Status.Phase == ChaosPhase.Done);
        Assert.Equal(["web-0"], act.Status.Victims!.Select(v => v.Name));
        await cluster.UntilGoneAsync<Pod>("default/web-0");
        Assert.NotNull(await cluster.Client.TryGetAsync<Pod>(new("default", "other")));
    }

    [Fact]
    public async Task An_act_that_is_deleted_while_it_aims_takes_its_marks_back_and_strikes_nobody()
    {
        await using var cluster = await With(pods: 3);
        await cluster.Client.CreateAsync(World.Chaos("act", victims: 3, delaySeconds: 60));
        await cluster.UntilAllAsync<Pod>(all => all.All(World.IsMarked));
        await cluster.Client.DeleteAsync<Kinds.Chaos>(new Key("default", "act"));
        await cluster.UntilGoneAsync<Kinds.Chaos>("default/act");
        await cluster.Clock.Advance(TimeSpan.FromMinutes(5));
        var pods = (await cluster.Client.ListAsync<Pod>("default")).Items;
        Assert.Equal(3, pods.Count);
        Assert.DoesNotContain(pods, World.IsMarked);
    }

    [Fact]
    public async Task A_set_makes_its_acts_so_many_at_a_time_and_counts_them()
    {
        await using var cluster = await With(pods: 6);
        await cluster.Client.CreateAsync(World.Set("set", acts: 3, parallelism: 2));
        var most = 0;
        var set = await cluster.UntilAsync<ChaosSet>("default/set", s =>
        {
            most = Math.Max(most, s.Status.Active);
            return Conditions.IsTrue(s.Status.Conditions, "Complete");
        });
        Assert.Equal((2, 3, 0), (most, set.Status.Done, set.Status.Active));
        var acts = (await cluster.Client.ListAsync<Kinds.Chaos>("default")).Items;
        Assert.Equal(["set-0", "set-1", "set-2"], acts.Select(a => a.Metadata.Name).Order());
        // Two acts that choose at the same moment may choose the same pod.
        var struck = acts.SelectMany(a => a.Status.Victims!).Select(v => v.Uid).Distinct().Count();
        Assert.Equal(6 - struck, (await cluster.UntilAllAsync<Pod>(all => all.All(p => p.Metadata.DeletionTimestamp is null))).Count);
    }

    [Fact]
    public async Task A_schedule_makes_a_set_at_each_of_its_times_and_keeps_the_newest()
    {
        await using var cluster = await With(pods: 8);
        await cluster.Client.CreateAsync(World.Cron("cron", "*/10 * * * *"));
        await cluster.Clock.Advance(TimeSpan.FromMinutes(61));
        var sets = (await cluster.Client.ListAsync<ChaosSet>("default")).Items;
        Assert.Equal(3, sets.Count);
        Assert.All(sets, set => Assert.Equal("cron", Owners.ControllerOf(set)!.Name));
        // What goes takes what it made with it.
        var acts = (await cluster.Client.ListAsync<Kinds.Chaos>("default")).Items;
        Assert.Equal(sets.Select(s => s.Metadata.Uid).Order(), acts.Select(a => Owners.ControllerOf(a)!.Uid).Order());
        Assert.Equal(8 - 6, (await cluster.Client.ListAsync<Pod>("default")).Items.Count);
    }

    [Fact]
    public async Task A_schedule_that_makes_no_sense_is_said_so_and_can_be_corrected()
    {
        await using var cluster = await With(pods: 1);
        await cluster.Client.CreateAsync(World.Cron("cron", "every now and then"));
        var cron = await cluster.UntilAsync<ChaosCron>("default/cron", c => Conditions.Find(c.Status.Conditions, "Valid") is { Status: "False" });
        Assert.NotEmpty(Conditions.Find(cron.Status.Conditions, "Valid")!.Message);
        cron.Spec.Schedule = "* * * * *";
        await cluster.Client.UpdateAsync(cron);
        await cluster.UntilAsync<ChaosCron>("default/cron", c => c.Status.LastTime is not null && Conditions.IsTrue(c.Status.Conditions, "Valid"));
    }
}
