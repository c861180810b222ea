using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Schema;
using ResourceList = System.Collections.Generic.SortedDictionary<string, Coracle.Schema.Quantity>;

namespace Coracle.Kinds.Core.V1;

/// <summary>
/// Fills in the resources of a pod as a whole, where some are given: limits of huge pages from the containers' limits, then requests from
/// the containers' requests, then from the limits (upstream: defaultHugePagePodLimits, defaultPodRequests).
/// </summary>
internal static class PodLevelResources
{
    internal static void Default(JsonObject spec)
    {
        if (spec.Child("resources") is not { } resources || !resources.HasAny("limits") && !resources.HasAny("requests")) return;

        var limits = Read(resources.Child("limits"));
        var requests = Read(resources.Child("requests"));
        foreach (var (name, amount) in OfContainers(spec, "limits"))
            if (IsHugePages(name) && !requests.ContainsKey(name)) limits.TryAdd(name, amount);
        Write(resources, "limits", limits);
        if (limits.Count == 0) return;

        foreach (var (name, amount) in OfContainers(spec, "requests"))
            if (name is ResourceName.Cpu or ResourceName.Memory) requests.TryAdd(name, amount);
        foreach (var (name, amount) in limits)
            if (name is ResourceName.Cpu or ResourceName.Memory || IsHugePages(name)) requests.TryAdd(name, amount);
        Write(resources, "requests", requests);
    }

    /// <summary>
    /// What the containers need together. Init containers run one after the other beside the sidecars that started before them, so the
    /// largest need of that time counts, and it may exceed what runs in the end.
    /// </summary>
    private static ResourceList OfContainers(JsonObject spec, string list)
    {
        var running = new ResourceList(StringComparer.Ordinal);
        foreach (var container in spec.Items("containers")) Add(running, Of(container, list));

        var sidecars = new ResourceList(StringComparer.Ordinal);
        var starting = new ResourceList(StringComparer.Ordinal);
        foreach (var container in spec.Items("initContainers"))
        {
            var needs = Of(container, list);
            var during = new ResourceList(sidecars, StringComparer.Ordinal);
            Add(during, needs);
            if (container.Text("restartPolicy") == ContainerRestartPolicy.Always)
            {
                Add(running, needs);
                Add(sidecars, needs);
            }
            Raise(starting, during);
        }
        Raise(running, starting);
        return running;
    }

    private static ResourceList Of(JsonObject container, string list) => Read(container.Child("resources").Child(list));

    private static ResourceList Read(JsonObject? list)
    {
        var amounts = new ResourceList(StringComparer.Ordinal);
        foreach (var name in list?.Select(entry => entry.Key) ?? [])
            if (Quantity.TryParse(list.Text(name), out var amount)) amounts[name] = amount;
        return amounts;
    }

    private static void Write(JsonObject resources, string list, ResourceList amounts)
    {
        if (amounts.Count == 0) return;
        var target = resources.ChildOrNew(list);
        foreach (var (name, amount) in amounts)
            if (!target.ContainsKey(name)) target[name] = amount.ToString();
    }

    private static void Add(ResourceList total, ResourceList more)
    {
        foreach (var (name, amount) in more)
            total[name] = total.TryGetValue(name, out var before) ? before + amount : amount;
    }

    private static void Raise(ResourceList total, ResourceList other)
    {
        foreach (var (name, amount) in other)
            if (!total.TryGetValue(name, out var before) || amount > before) total[name] = amount;
    }

    private static bool IsHugePages(string name) => name.StartsWith("hugepages-", StringComparison.Ordinal);
}
