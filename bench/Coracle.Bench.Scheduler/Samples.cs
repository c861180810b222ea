using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Bench.Scheduler;

using Node = Coracle.Kinds.Core.V1.Node;

/// <summary>Nodes of three zones and small pods of one application.</summary>
internal static class Samples
{
    public static Node Node(int index)
    {
        var amounts = new Dictionary<string, Quantity> { ["cpu"] = Quantity.Parse("4"), ["memory"] = Quantity.Parse("32Gi"), ["pods"] = Quantity.Parse("110") };
        return new()
        {
            Metadata = new() { Name = $"node-{index}", Labels = new() { ["kubernetes.io/hostname"] = $"node-{index}", ["topology.kubernetes.io/zone"] = $"zone-{index % 3}" } },
            Status = new() { Capacity = amounts, Allocatable = amounts, Conditions = [new() { Type = "Ready", Status = "True" }] },
        };
    }

    public static Pod Pod(int index, string kind)
    {
        var requests = new Dictionary<string, Quantity> { ["cpu"] = Quantity.Parse("100m"), ["memory"] = Quantity.Parse("500Mi") };
        var mine = new Kinds.Meta.V1.LabelSelector { MatchLabels = new() { ["app"] = "web" } };
        var pod = new Pod
        {
            Metadata = new() { Name = $"pod-{index}", Namespace = "default", Labels = new() { ["app"] = "web" } },
            Spec = new() { Containers = [new() { Name = "main", Image = "app:1", Resources = new() { Requests = requests } }] },
        };
        if (kind == "spread") pod.Spec.TopologySpreadConstraints = [new() { MaxSkew = 5, TopologyKey = "topology.kubernetes.io/zone", WhenUnsatisfiable = "DoNotSchedule", LabelSelector = mine }];
        if (kind == "affinity") pod.Spec.Affinity = new() { PodAffinity = new() { RequiredDuringSchedulingIgnoredDuringExecution = [new() { TopologyKey = "topology.kubernetes.io/zone", LabelSelector = mine }] } };
        return pod;
    }
}
