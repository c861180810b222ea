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
    /// <param name="withStatus">While a resize is under way, what the node gave and what is asked for count, whichever is more.</param>
    public static ResourceAmounts Of(JsonObject pod, string sort, bool withOverhead, bool withStatus = false)
    {
        var spec = pod["spec"] as JsonObject ?? [];
        var status = withStatus ? pod["status"] as JsonObject : null;
        var infeasible = status is not null && IsInfeasible(status);
        var running = new ResourceAmounts();
        foreach (var container in Containers(spec, "containers")) running.Add(Most(OfContainer(container, sort), StatusOf(status, "containerStatuses", container), sort, infeasible));
        var sidecars = new ResourceAmounts();
        var starting = new ResourceAmounts();
        foreach (var container in Containers(spec, "initContainers"))
        {
            var own = Most(OfContainer(container, sort), StatusOf(status, "initContainerStatuses", container), sort, infeasible);
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
        if (spec["resources"] is JsonObject whole)
            foreach (var (name, amount) in Most(ResourceAmounts.Of(whole[sort]), status, sort, infeasible)) running[name] = amount;
        if (withOverhead) AddOverhead(running, ResourceAmounts.Of(spec["overhead"]), onlyPresent: sort == "limits");
        return running;
    }

    private static bool IsInfeasible(JsonObject status) => (status["conditions"] as JsonArray ?? []).OfType<JsonObject>()
        .Any(c => Meta.Text(c, "type") == "PodResizePending" && Meta.Text(c, "status") == "True" && Meta.Text(c, "reason") == "Infeasible");

    private static JsonObject? StatusOf(JsonObject? status, string list, JsonObject container) =>
        status is null ? null : Containers(status, list).FirstOrDefault(s => Meta.Text(s, "name") == Meta.Text(container, "name"));

    private static ResourceAmounts Most(ResourceAmounts asked, JsonObject? status, string sort, bool infeasible)
    {
        var actual = ResourceAmounts.Of((status?["resources"] as JsonObject)?[sort]);
        if (sort == "requests") actual.Raise(ResourceAmounts.Of(status?["allocatedResources"]));
        if (actual.Count == 0) return asked;
        if (!infeasible) actual.Raise(asked);
        return actual;
    }

    private static void AddOverhead(ResourceAmounts total, ResourceAmounts overhead, bool onlyPresent)
    {
        foreach (var (name, amount) in overhead)
            if (!onlyPresent || total.ContainsKey(name)) total[name] = total.TryGetValue(name, out var before) ? before + amount : amount;
    }

    public static IEnumerable<JsonObject> Containers(JsonObject spec, string list) => (spec[list] as JsonArray ?? []).OfType<JsonObject>();

    public static ResourceAmounts OfContainer(JsonObject container, string sort) => ResourceAmounts.Of((container["resources"] as JsonObject)?[sort]);
}
