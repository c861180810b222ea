using Coracle.Commands;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Tests.Running;

/// <summary>Objects that run the sample image.</summary>
internal static class Samples
{
    public static Container Web(string name = "web") => new()
    {
        Name = name, Image = SampleImage.Name, ImagePullPolicy = PullPolicy.IfNotPresent, Command = ["httpd", "-f", "-p", "8080", "-h", "/etc"],
        Ports = [new() { Name = "http", ContainerPortValue = 8080 }],
        ReadinessProbe = new() { HttpGet = new() { Path = "/hosts", Port = "http" }, PeriodSeconds = 1 },
        Resources = new() { Requests = new() { ["cpu"] = Quantity.Parse("5m"), ["memory"] = Quantity.Parse("8Mi") }, Limits = new() { ["memory"] = Quantity.Parse("64Mi") } },
    };

    public static Container Shell(string name, string script) => new()
    {
        Name = name, Image = SampleImage.Name, ImagePullPolicy = PullPolicy.IfNotPresent, Command = ["sh", "-c", script],
    };

    public static Pod Pod(string name, params Container[] containers) => new()
    {
        Metadata = new() { Name = name, Namespace = "default", Labels = new() { ["app"] = name } },
        Spec = new() { Containers = [.. containers], TerminationGracePeriodSeconds = 1, AutomountServiceAccountToken = false },
    };

    public static Deployment Deployment(string name, int replicas, params Container[] containers) => new()
    {
        Metadata = new() { Name = name, Namespace = "default" },
        Spec = new()
        {
            Replicas = replicas, Selector = new() { MatchLabels = new() { ["app"] = name } },
            Template = new() { Metadata = new() { Labels = new() { ["app"] = name } }, Spec = Pod(name, containers).Spec },
        },
    };

    public static Service Service(string name) => new()
    {
        Metadata = new() { Name = name, Namespace = "default" },
        Spec = new() { Selector = new() { ["app"] = name }, Ports = [new() { Port = 80, TargetPort = "http" }] },
    };
}
