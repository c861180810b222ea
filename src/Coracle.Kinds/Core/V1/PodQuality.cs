using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

using ResourceList = Dictionary<string, Quantity>;

/// <summary>A pod's quality of service: how sure it can be of its processors and memory (upstream: apis/core/helper/qos).</summary>
internal static class PodQuality
{
    internal static string Of(JsonObject spec)
    {
        var limits = new ResourceList(StringComparer.Ordinal);
        var requests = new ResourceList(StringComparer.Ordinal);
        var guaranteed = true;
        foreach (var resources in Bearers(spec))
        {
            Add(requests, resources.Child("requests"));
            var named = Add(limits, resources.Child("limits"));
            guaranteed &= named == 2;
        }
        if (requests.Count == 0 && limits.Count == 0) return PodQOSClass.BestEffort;
        guaranteed = guaranteed && requests.Count == limits.Count && requests.All(r => limits.TryGetValue(r.Key, out var limit) && limit.CompareTo(r.Value) == 0);
        return guaranteed ? PodQOSClass.Guaranteed : PodQOSClass.Burstable;
    }

    // Resources of the pod as a whole stand for those of its containers.
    private static IEnumerable<JsonObject?> Bearers(JsonObject spec)
    {
        if (spec.Child("resources") is { } whole && (whole.HasAny("limits") || whole.HasAny("requests"))) return [whole];
        return spec.Items("containers").Concat(spec.Items("initContainers")).Select(c => c.Child("resources"));
    }

    /// <summary>Adds processors and memory to the total; gives how many of the two there were.</summary>
    private static int Add(ResourceList total, JsonObject? list)
    {
        var named = 0;
        foreach (var name in (ReadOnlySpan<string>)[ResourceName.Cpu, ResourceName.Memory])
        {
            if (!Quantity.TryParse(list.Text(name), out var amount) || amount.Sign <= 0) continue;
            total[name] = total.TryGetValue(name, out var before) ? before + amount : amount;
            named++;
        }
        return named;
    }
}
