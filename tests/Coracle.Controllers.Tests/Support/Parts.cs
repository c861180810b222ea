using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers.Tests.Support;

using Node = Coracle.Kinds.Core.V1.Node; // not the namespace Coracle.Node

/// <summary>Objects that tests of services and nodes begin with.</summary>
internal static class Parts
{
    public static Service Service(string name, params ServicePort[] ports) => new()
    {
        Metadata = new() { Namespace = "default", Name = name, Uid = "uid-" + name },
        Spec = new() { Selector = new() { ["app"] = name }, Ports = [.. ports.DefaultIfEmpty(Port("", 80, 8080))], ClusterIP = "", Type = "ClusterIP" },
    };

    public static ServicePort Port(string name, int port, Schema.IntOrString target) => new() { Name = name, Port = port, TargetPort = target, Protocol = "TCP" };

    public static Pod Pod(string name, string app, string node = "") => new()
    {
        Metadata = new() { Namespace = "default", Name = name, Uid = "uid-" + name, Labels = new() { ["app"] = app } },
        Spec = new() { NodeName = node, Containers = [new() { Name = "main", Image = "main:1" }] },
    };

    public static Node Node(string name, string zone = "") => new()
    {
        Metadata = new() { Name = name, Labels = zone.Length == 0 ? null : new() { ["topology.kubernetes.io/zone"] = zone } },
    };

    /// <summary>As a pod that runs reports.</summary>
    public static void Run(Pod pod, string ip, bool ready, DateTimeOffset? since = null)
    {
        pod.Status.Phase = PodPhase.Running;
        (pod.Status.PodIP, pod.Status.PodIPs) = (ip, [new() { Ip = ip }]);
        pod.Status.Conditions = [new() { Type = PodConditionType.Ready, Status = ready ? ConditionStatus.True : ConditionStatus.False, LastTransitionTime = since }];
    }

    public static Pod Running(string name, string ip, bool ready = true, string node = "n1", string app = "web")
    {
        var pod = Pod(name, app, node);
        Run(pod, ip, ready);
        return pod;
    }
}
