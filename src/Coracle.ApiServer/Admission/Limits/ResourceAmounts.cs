using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Amounts by resource, sorted by name: "cpu", "requests.memory", "count/jobs.batch".</summary>
internal sealed class ResourceAmounts : SortedDictionary<string, Quantity>
{
    public ResourceAmounts() : base(StringComparer.Ordinal) { }

    /// <summary>The amounts in a map of quantities, as objects have them. What is no quantity is left out: validation is told of it elsewhere.</summary>
    public static ResourceAmounts Of(JsonNode? list)
    {
        var amounts = new ResourceAmounts();
        foreach (var (name, value) in list as JsonObject ?? [])
            if (value is not null && Quantity.TryParse(value.ToString(), out var amount)) amounts[name] = amount;
        return amounts;
    }

    public static ResourceAmounts Of(IReadOnlyDictionary<string, Quantity>? list)
    {
        var amounts = new ResourceAmounts();
        foreach (var (name, amount) in list ?? new Dictionary<string, Quantity>()) amounts[name] = amount;
        return amounts;
    }

    public void Add(ResourceAmounts other)
    {
        foreach (var (name, amount) in other) this[name] = TryGetValue(name, out var before) ? before + amount : amount;
    }

    public void Subtract(ResourceAmounts other)
    {
        foreach (var (name, amount) in other) this[name] = TryGetValue(name, out var before) ? before - amount : -amount;
    }

    /// <summary>At least as much of everything as the other.</summary>
    public void Raise(ResourceAmounts other)
    {
        foreach (var (name, amount) in other)
            if (!TryGetValue(name, out var before) || amount > before) this[name] = amount;
    }

    public ResourceAmounts Copy()
    {
        var copy = new ResourceAmounts();
        copy.Add(this);
        return copy;
    }

    /// <summary>Those of the names only.</summary>
    public ResourceAmounts Only(IEnumerable<string> names)
    {
        var masked = new ResourceAmounts();
        foreach (var name in names)
            if (TryGetValue(name, out var amount)) masked[name] = amount;
        return masked;
    }

    /// <summary>"cpu=1,pods=2".</summary>
    public override string ToString() => string.Join(',', this.Select(a => $"{a.Key}={a.Value}"));
}

/// <summary>What a pod asks for as a whole, at the time when it needs the most (upstream: component-helpers, PodRequests and PodLimits).</summary>
internal static class PodAmounts
{
    /// <param name="pod">The pod.</param>
    /// <param name="sort">"requests" or "limits".</param>
    /// <param name="withOverhead">The runtime's own needs count too.</param>
    public static ResourceAmounts Of(JsonObject pod, string sort, bool withOverhead)
    {
        var spec = pod["spec"] as JsonObject ?? [];
        var running = new ResourceAmounts();
        foreach (var container in Containers(spec, "containers")) running.Add(OfContainer(container, sort));
        var sidecars = new ResourceAmounts();
        var starting = new ResourceAmounts();
        foreach (var container in Containers(spec, "initContainers"))
        {
            var own = OfContainer(container, sort);
            var during = sidecars.Copy();
            during.Add(own);
            if (Meta.Text(container, "restartPolicy") == "Always")
            {
                running.Add(own);
                sidecars.Add(own);
            }
            starting.Raise(during);
        }
        running.Raise(starting);
        // What is said of the pod as a whole counts instead of the sum.
        foreach (var (name, amount) in ResourceAmounts.Of((spec["resources"] as JsonObject)?[sort])) running[name] = amount;
        if (withOverhead) AddOverhead(running, ResourceAmounts.Of(spec["overhead"]), onlyPresent: sort == "limits");
        return running;
    }

    private static void AddOverhead(ResourceAmounts total, ResourceAmounts overhead, bool onlyPresent)
    {
        foreach (var (name, amount) in overhead)
            if (!onlyPresent || total.ContainsKey(name)) total[name] = total.TryGetValue(name, out var before) ? before + amount : amount;
    }

    public static IEnumerable<JsonObject> Containers(JsonObject spec, string list) => (spec[list] as JsonArray ?? []).OfType<JsonObject>();

    public static ResourceAmounts OfContainer(JsonObject container, string sort) => ResourceAmounts.Of((container["resources"] as JsonObject)?[sort]);
}
