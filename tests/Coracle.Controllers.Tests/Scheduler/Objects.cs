using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Controllers.Tests.Scheduling;

using Node = Coracle.Kinds.Core.V1.Node;

/// <summary>Nodes and pods that tests begin with.</summary>
internal static class Objects
{
    public static Node Node(string name, string cpu = "4", string memory = "16Gi", string pods = "110", List<Taint>? taints = null, params (string Key, string Value)[] labels) => new()
    {
        Metadata = new() { Name = name, Labels = labels.Append(("kubernetes.io/hostname", name)).ToDictionary(l => l.Item1, l => l.Item2) },
        Spec = new() { Taints = taints },
        Status = new()
        {
            Capacity = Amounts(("cpu", cpu), ("memory", memory), ("pods", pods)), Allocatable = Amounts(("cpu", cpu), ("memory", memory), ("pods", pods)),
            Conditions = [new() { Type = "Ready", Status = "True" }],
        },
    };

    public static Pod Pod(string name, string? cpu = null, string? memory = null, int priority = 0, Action<PodSpec>? change = null)
    {
        var pod = new Pod
        {
            Metadata = new() { Name = name, Namespace = "default" },
            Spec = new() { Containers = [new() { Name = "main", Image = "app:1", Resources = new() { Requests = Requests(cpu, memory) } }] },
        };
        if (priority != 0) pod.Spec.Priority = priority;
        change?.Invoke(pod.Spec);
        return pod;
    }

    public static Dictionary<string, Quantity>? Requests(string? cpu, string? memory)
    {
        var requests = new Dictionary<string, Quantity>();
        if (cpu is not null) requests["cpu"] = Quantity.Parse(cpu);
        if (memory is not null) requests["memory"] = Quantity.Parse(memory);
        return requests.Count == 0 ? null : requests;
    }

    public static Dictionary<string, Quantity> Amounts(params (string Name, string Amount)[] list) => list.ToDictionary(a => a.Name, a => Quantity.Parse(a.Amount));
}
