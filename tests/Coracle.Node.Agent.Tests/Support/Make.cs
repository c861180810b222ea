using Coracle.Kinds.Core.V1;

namespace Coracle.Node.Agent.Tests.Support;

/// <summary>Pods that tests begin with.</summary>
internal static class Make
{
    public static Container Container(string name = "main", string image = "registry.test/main:1") => new() { Name = name, Image = image };

    public static Container Sidecar(string name) => new() { Name = name, Image = "registry.test/sidecar:1", RestartPolicy = ContainerRestartPolicy.Always };

    public static Pod Pod(params Container[] containers) => new()
    {
        Metadata = new() { Name = "web", Namespace = "default", Labels = new() { ["app"] = "web" } },
        Spec = new() { Containers = [.. containers.DefaultIfEmpty(Container())], AutomountServiceAccountToken = false },
    };

    public static Pod With(this Pod pod, Action<PodSpec> change)
    {
        change(pod.Spec);
        return pod;
    }

    public static Probe Exec(string command, int period = 1, int failures = 3) => new() { Exec = new() { Command = [command] }, PeriodSeconds = period, FailureThreshold = failures };

    public static LifecycleHandler Hook(string command) => new() { Exec = new() { Command = [command] } };
}
