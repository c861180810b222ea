using Coracle.Kinds.Core.V1;
using Coracle.Node.Simulation;

namespace Coracle.Testing.Tests;

/// <summary>What a test can say of simulated containers and nodes.</summary>
public sealed class ContainerScriptTests
{
    private static Pod Pod(string name, string restart = "Always", Probe? readiness = null, params string[] command) => new()
    {
        Metadata = new() { Namespace = "default", Name = name },
        Spec = new() { RestartPolicy = restart, Containers = [new() { Name = "main", Image = name + ":1", Command = [.. command], ReadinessProbe = readiness, Env = [new() { Name = "WHO", Value = name }] }] },
    };

    private static bool Ready(Pod pod) => pod.Status.Conditions?.Exists(c => c is { Type: "Ready", Status: "True" }) == true;

    [Fact]
    public async Task A_script_decides_how_containers_end_by_what_it_knows_of_them()
    {
        var seen = new List<SimulatedContainer>();
        await using var cluster = await TestCluster.StartAsync(new()
        {
            Containers = new()
            {
                Fate = container =>
                {
                    seen.Add(container);
                    return ContainerFate.Ends(container.Restarts == 0 ? 3 : 0, TimeSpan.FromSeconds(5));
                },
            },
        });
        await cluster.Client.CreateAsync(Pod("task", "OnFailure", null, "work", "hard"));
        var done = await cluster.UntilAsync<Pod>("default/task", p => p.Status.Phase == "Succeeded");
        var status = done.Status.ContainerStatuses![0];
        Assert.Equal((1, 3, 0), (status.RestartCount, status.LastState.Terminated!.ExitCode, status.State.Terminated!.ExitCode));
        Assert.Equal([0, 1], seen.Select(c => c.Restarts));
        Assert.All(seen, c => Assert.Equal(("default", "task", "main", "task:1", "work hard", "task"), (c.Namespace, c.Pod, c.Name, c.Image, string.Join(' ', c.Command), c.Environment["WHO"])));
    }

    [Fact]
    public async Task A_script_answers_probes_and_may_change_its_mind()
    {
        string? fault = "not yet";
        await using var cluster = await TestCluster.StartAsync(new() { Containers = new() { Probes = (_, _) => fault } });
        await cluster.Client.CreateAsync(Pod("web", readiness: new() { HttpGet = new() { Path = "/", Port = 80 }, PeriodSeconds = 1, FailureThreshold = 1 }));
        await cluster.UntilAsync<Pod>("default/web", p => p.Status.Phase == "Running");
        await cluster.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(Ready(await cluster.Client.GetAsync<Pod>(new("default", "web"))));
        await cluster.UntilAllAsync<Event>(all => all.Any(e => e is { Reason: "Unhealthy", Message: "Readiness probe failed: not yet" }));
        fault = null;
        await cluster.UntilAsync<Pod>("default/web", Ready);
        fault = "no more";
        await cluster.UntilAsync<Pod>("default/web", p => !Ready(p));
    }

    [Fact]
    public async Task An_image_that_is_not_there_cannot_be_pulled()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Containers = new() { HasImage = static image => !image.EndsWith("web:1", StringComparison.Ordinal) } });
        await cluster.Client.CreateAsync(Pod("web"));
        await cluster.UntilAsync<Pod>("default/web", p => p.Status.ContainerStatuses?[0].State.Waiting?.Reason is "ErrImagePull" or "ImagePullBackOff");
    }

    [Fact]
    public async Task A_container_that_takes_its_time_is_killed_when_its_grace_is_over()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Containers = new() { Fate = static _ => new() { StopsAfter = TimeSpan.FromMinutes(5) } } });
        var pod = Pod("slow");
        pod.Metadata.Finalizers = ["tests.coracle.dev/stay"];
        await cluster.Client.CreateAsync(pod);
        await cluster.UntilAsync<Pod>("default/slow", p => p.Status.Phase == "Running");
        await cluster.Client.DeleteAsync<Pod>(new Coracle.Sdk.Key("default", "slow"));
        var began = cluster.Clock.Now;
        var ended = await cluster.UntilAsync<Pod>("default/slow", p => p.Status.ContainerStatuses![0].State.Terminated is not null);
        Assert.Equal(137, ended.Status.ContainerStatuses![0].State.Terminated!.ExitCode);
        Assert.Equal(30, (cluster.Clock.Now - began).TotalSeconds, 2.0);
    }

    [Fact]
    public async Task A_container_ends_when_a_test_says_so()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Client.CreateAsync(Pod("web", "Never"));
        await cluster.UntilAsync<Pod>("default/web", p => p.Status.Phase == "Running");
        Assert.False(await cluster.EndContainerAsync("default/other", 1));
        Assert.True(await cluster.EndContainerAsync("default/web", 42));
        var ended = await cluster.UntilAsync<Pod>("default/web", p => p.Status.Phase == "Failed");
        Assert.Equal(42, ended.Status.ContainerStatuses![0].State.Terminated!.ExitCode);
        Assert.False(await cluster.EndContainerAsync("default/web", 1));
    }

    [Fact]
    public async Task A_node_falls_silent_and_comes_back_with_what_runs_on_it()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Client.CreateAsync(Pod("web"));
        var before = await cluster.UntilAsync<Pod>("default/web", Ready);
        await cluster.StopNodeAsync("sim-0");
        await cluster.UntilAsync<Coracle.Kinds.Core.V1.Node>("sim-0", n => n.Status.Conditions!.Exists(c => c is { Type: "Ready", Status: "Unknown" }));
        await cluster.ResumeNodeAsync("sim-0");
        var after = await cluster.UntilAsync<Pod>("default/web", Ready);
        Assert.Equal(before.Status.ContainerStatuses![0].ContainerID, after.Status.ContainerStatuses![0].ContainerID);
    }

    [Fact]
    public async Task Containers_of_a_snapshot_run_on_in_each_cluster_and_end_in_one()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Client.CreateAsync(Pod("web", "Never"));
        var before = await cluster.UntilAsync<Pod>("default/web", Ready);
        await using var other = await TestCluster.StartAsync(await cluster.SnapshotAsync());
        Assert.True(await other.EndContainerAsync("default/web", 0));
        var ended = await other.UntilAsync<Pod>("default/web", p => p.Status.Phase == "Succeeded");
        Assert.Equal(before.Status.ContainerStatuses![0].ContainerID, ended.Status.ContainerStatuses![0].ContainerID);
        Assert.Equal("Running", (await cluster.Client.GetAsync<Pod>(new("default", "web"))).Status.Phase);
    }
}
