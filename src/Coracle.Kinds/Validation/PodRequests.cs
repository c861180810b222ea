using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>What the containers of a pod ask for together, at the time when they need the most (upstream: component-helpers, AggregateContainerRequests).</summary>
public static class PodRequests
{
    /// <summary>What the pod asks for as a whole: of its containers, unless it says so itself, and of the runtime.</summary>
    public static Dictionary<string, Quantity> Of(PodSpec spec)
    {
        var total = OfContainers(spec);
        foreach (var (name, amount) in spec.Resources?.Requests ?? []) total[name] = amount;
        foreach (var (name, amount) in spec.Overhead ?? []) total[name] = total.TryGetValue(name, out var before) ? before + amount : amount;
        return total;
    }

    internal static Dictionary<string, Quantity> OfContainers(PodSpec spec)
    {
        var running = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var container in spec.Containers ?? []) Add(running, container);
        var sidecars = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        var starting = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var container in spec.InitContainers ?? [])
        {
            var during = new Dictionary<string, Quantity>(sidecars, StringComparer.Ordinal);
            Add(during, container);
            if (container.RestartPolicy == ContainerRestartPolicy.Always)
            {
                Add(running, container);
                Add(sidecars, container);
            }
            Raise(starting, during);
        }
        Raise(running, starting);
        return running;
    }

    private static void Add(Dictionary<string, Quantity> total, Container container)
    {
        foreach (var (name, amount) in container.Resources.Requests ?? [])
            total[name] = total.TryGetValue(name, out var before) ? before + amount : amount;
    }

    private static void Raise(Dictionary<string, Quantity> total, Dictionary<string, Quantity> other)
    {
        foreach (var (name, amount) in other)
            if (!total.TryGetValue(name, out var before) || amount.CompareTo(before) > 0) total[name] = amount;
    }
}
