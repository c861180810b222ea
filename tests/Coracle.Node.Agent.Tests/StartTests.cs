using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent.Tests.Support;
using Coracle.Node.Cri;

namespace Coracle.Node.Agent.Tests;

/// <summary>From a pod that is assigned to this node to one that runs.</summary>
public sealed class StartTests
{
    [Fact]
    public void A_pod_gets_a_sandbox_an_address_and_its_containers_and_says_so()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod());
        node.UntilReady();
        Assert.Equal(["sandbox", "start main"], node.Runtime.Words);
        var status = node.Pod().Status;
        Assert.Equal("Running", status.Phase);
        Assert.Equal(("10.0.0.1", "192.168.0.1"), (status.PodIP, status.HostIP));
        Assert.NotNull(status.StartTime);
        Assert.Equal(["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"], status.Conditions!.Select(c => c.Type));
        Assert.All(status.Conditions!, c => Assert.Equal("True", c.Status));
        Assert.Equal(
        [
            "Normal Pulled: Container image \"registry.test/main:1\" already present on machine and can be accessed by the pod",
            "Normal Created: Container created", "Normal Started: Container started",
        ], node.Events());
    }

    [Fact]
    public void Events_of_a_container_point_at_it()
    {
        var node = new AgentFixture();
        node.Run(Make.Pod().With(s => s.InitContainers = [Make.Container("first")]));
        node.Until(() => node.Runtime.Words.Contains("start first"), "the first one runs");
        node.Runtime.Exit("first", 0);
        node.UntilReady();
        node.Pass(1);
        var paths = node.Do(() => node.Client.ListAsync<Event>("default")).Items.Where(e => e.Reason == "Started").Select(e => e.InvolvedObject.FieldPath).Order();
        Assert.Equal(["spec.containers{main}", "spec.initContainers{first}"], paths);
    }

    [Fact]
    public void Containers_start_in_their_order_each_after_the_hook_of_the_one_before()
    {
        var node = new AgentFixture();
        node.Runtime.ExecTakes["warm"] = TimeSpan.FromSeconds(7);
        var first = Make.Container("a");
        first.Lifecycle = new() { PostStart = Make.Hook("warm") };
        node.Run(Make.Pod(first, Make.Container("b")));
        node.UntilReady();
        Assert.Equal(["sandbox", "start a", "exec a: warm", "start b"], node.Runtime.Words);
        Assert.True(node.Runtime.Times("start b")[0] - node.Runtime.Times("start a")[0] >= 7);
    }

    [Fact]
    public void A_container_whose_start_hook_fails_is_killed_and_started_again()
    {
        var node = new AgentFixture();
        var tries = 0;
        node.Runtime.OnExec = (_, _) => (++tries == 1 ? 1 : 0, "no");
        var main = Make.Container();
        main.Lifecycle = new() { PostStart = Make.Hook("warm") };
        node.Run(Make.Pod(main));
        node.UntilReady();
        Assert.Equal(1, node.Status("main").RestartCount);
        Assert.Contains("Warning FailedPostStartHook: PostStartHook failed", node.Events());
        Assert.Contains("Normal Killing: FailedPostStartHook", node.Events());
    }

    [Fact]
    public void While_the_image_is_pulled_the_pod_waits_and_others_start()
    {
        var node = new AgentFixture();
        node.Runtime.Absent.Add("registry.test/large:1");
        node.Runtime.PullTakes = TimeSpan.FromMinutes(3);
        // As many as may be started at once, and then some.
        for (var i = 0; i < 8; i++)
        {
            var pod = Make.Pod(Make.Container("main", "registry.test/large:1"));
            pod.Metadata.Name = $"large-{i}";
            node.Run(pod);
        }
        node.Run(Make.Pod());
        node.UntilReady();
        var waiting = node.Pod("large-0").Status;
        Assert.Equal(("Pending", "ContainerCreating"), (waiting.Phase, waiting.ContainerStatuses![0].State.Waiting!.Reason));
        node.Pass(200);
        Assert.Equal("True", node.Condition("Ready", "large-7"));
        Assert.Contains("Normal Pulling: Pulling image \"registry.test/large:1\"", node.Events());
        Assert.Contains("Normal Pulled: Successfully pulled image \"registry.test/large:1\" in 3m0s (3m0s including waiting). Image size: 4711 bytes.", node.Events());
    }

    [Fact]
    public void An_image_that_cannot_be_had_is_asked_for_at_longer_and_longer_intervals()
    {
        var node = new AgentFixture();
        node.Runtime.Absent.Add("registry.test/main:1");
        node.Runtime.OnPull = _ => new GrpcException(GrpcStatusCode.NotFound, "failed to pull and unpack image \"registry.test/main:1\": not found");
        node.Run(Make.Pod());
        node.Until(() => node.Status("main").State.Waiting?.Reason == "ErrImagePull", "the pull has failed");
        Assert.Equal("rpc error: code = NotFound desc = failed to pull and unpack image \"registry.test/main:1\": not found", node.Status("main").State.Waiting!.Message);
        node.Pass(1000);
        Assert.Equal("ImagePullBackOff", node.Status("main").State.Waiting!.Reason);
        Assert.Equal("Back-off pulling image \"registry.test/main:1\": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image \"registry.test/main:1\": not found",
            node.Status("main").State.Waiting!.Message);
        var pulls = node.Runtime.Times("pull registry.test/main:1");
        double[] least = [10, 20, 40, 80, 160];
        for (var i = 0; i < least.Length; i++) Assert.InRange(pulls[i + 1] - pulls[i], least[i] - 0.1, least[i] + 11);
        Assert.Equal("Pending", node.Pod().Status.Phase);
        var events = node.Events();
        Assert.Contains("Warning Failed: Failed to pull image \"registry.test/main:1\": rpc error: code = NotFound desc = failed to pull and unpack image \"registry.test/main:1\": not found", events);
        Assert.Contains("Warning Failed: Error: ErrImagePull", events);
        Assert.Contains("Normal BackOff: Back-off pulling image \"registry.test/main:1\"", events);
        Assert.Contains("Warning Failed: Error: ImagePullBackOff", events);
    }

    [Fact]
    public void An_image_that_may_not_be_pulled_must_be_there()
    {
        var node = new AgentFixture();
        node.Runtime.Absent.Add("registry.test/main:1");
        var main = Make.Container();
        main.ImagePullPolicy = PullPolicy.Never;
        node.Run(Make.Pod(main));
        node.Until(() => node.Status("main").State.Waiting?.Reason == "ErrImageNeverPull", "it waits");
        Assert.DoesNotContain("pull registry.test/main:1", node.Runtime.Words);
        Assert.Contains("Warning ErrImageNeverPull: Container image \"registry.test/main:1\" is not present with pull policy of Never", node.Events());
    }

    [Fact]
    public void An_image_is_asked_for_each_time_when_it_always_is_to_be()
    {
        var node = new AgentFixture();
        var main = Make.Container();
        main.ImagePullPolicy = PullPolicy.Always;
        node.Run(Make.Pod(main));
        node.UntilReady();
        node.Runtime.Exit("main", 1);
        node.Until(() => node.Status("main").RestartCount == 1 && node.Condition("Ready") == "True", "it runs again");
        Assert.Equal(2, node.Runtime.Times("pull registry.test/main:1").Count);
    }

    [Fact]
    public void A_command_that_cannot_be_run_shows_as_a_start_error()
    {
        const string text = "failed to create containerd task: exec: \"nope\": executable file not found in $PATH: unknown";
        var node = new AgentFixture();
        node.Runtime.OnStart = _ => new GrpcException(GrpcStatusCode.Unknown, text);
        node.Run(Make.Pod());
        node.Until(() => node.Status("main").State.Waiting?.Reason == "RunContainerError", "it has failed");
        var status = node.Status("main");
        Assert.Equal(text, status.State.Waiting!.Message);
        Assert.Equal((128, "StartError"), (status.LastState.Terminated!.ExitCode, status.LastState.Terminated.Reason));
        Assert.Contains($"Warning Failed: Error: {text}", node.Events());
        node.Until(() => node.Status("main").State.Waiting?.Reason == "CrashLoopBackOff", "it backs off");
    }

    [Fact]
    public void Where_nothing_is_started_again_it_shows_how_it_ended()
    {
        var node = new AgentFixture();
        node.Runtime.OnStart = _ => new GrpcException(GrpcStatusCode.Unknown, "no such file");
        node.Run(Make.Pod().With(s => s.RestartPolicy = RestartPolicy.Never));
        node.Until(() => node.Pod().Status.Phase == "Failed", "it has failed");
        Assert.Equal((128, "StartError"), (node.Status("main").State.Terminated!.ExitCode, node.Status("main").State.Terminated!.Reason));
    }

    [Fact]
    public void A_config_map_that_is_missing_is_waited_for()
    {
        var node = new AgentFixture();
        var main = Make.Container();
        main.EnvFrom = [new() { ConfigMapRef = new() { Name = "settings" } }];
        node.Run(Make.Pod(main));
        node.Until(() => node.Status("main").State.Waiting?.Reason == "CreateContainerConfigError", "it waits");
        Assert.Equal("configmap \"settings\" not found", node.Status("main").State.Waiting!.Message);
        Assert.Contains("Warning Failed: Error: configmap \"settings\" not found", node.Events());
        node.Create(new ConfigMap { Metadata = new() { Name = "settings", Namespace = "default" }, Data = new() { ["COLOUR"] = "red" } });
        node.UntilReady();
        Assert.Contains(node.Runtime.Made[^1].Envs, e => e.Key == "COLOUR" && e.Value.ToStringUtf8() == "red");
    }

    [Fact]
    public void A_sandbox_that_cannot_be_made_is_tried_again()
    {
        var node = new AgentFixture();
        var tries = 0;
        node.Runtime.OnSandbox = () => ++tries < 3 ? new GrpcException(GrpcStatusCode.Unknown, "no network") : null;
        node.Run(Make.Pod());
        node.UntilReady();
        Assert.Contains("Warning FailedCreatePodSandBox: Failed to create pod sandbox: rpc error: code = Unknown desc = no network", node.Events());
    }

    [Fact]
    public void A_container_that_must_not_be_root_is_not_started_as_root()
    {
        var node = new AgentFixture();
        var pod = node.Run(Make.Pod().With(s => s.SecurityContext = new() { RunAsNonRoot = true, RunAsUser = 0 }));
        node.Until(() => node.Status("main").State.Waiting?.Reason == "CreateContainerConfigError", "it is refused");
        Assert.Equal($"container's runAsUser breaks non-root policy (pod: \"web_default({pod.Metadata.Uid})\", container: main)", node.Status("main").State.Waiting!.Message);
    }

    [Fact]
    public void A_pod_that_is_deleted_while_its_image_is_pulled_is_gone_at_once()
    {
        var node = new AgentFixture();
        node.Runtime.Absent.Add("registry.test/main:1");
        node.Runtime.PullTakes = TimeSpan.FromHours(1);
        node.Run(Make.Pod());
        node.Until(() => node.Runtime.Words.Contains("pull registry.test/main:1"), "it is pulled");
        node.Delete();
        node.Until(() => node.Find() is null, "it is gone", 5);
        Assert.DoesNotContain("start main", node.Runtime.Words);
    }
}
