using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;

namespace Coracle.ApiServer;

/// <summary>Requests and limits of containers that have none.</summary>
internal static class LimitDefaults
{
    private const string Annotation = "kubernetes.io/limit-ranger";

    public static void Apply(LimitRange range, JsonObject pod)
    {
        var (requests, limits) = (new ResourceAmounts(), new ResourceAmounts());
        foreach (var item in range.Spec.Limits ?? [])
        {
            if (item.Type != LimitType.Container) continue;
            foreach (var (name, amount) in item.DefaultRequest ?? []) requests[name] = amount;
            foreach (var (name, amount) in item.Default ?? []) limits[name] = amount;
        }
        if (requests.Count == 0 && limits.Count == 0 || pod["spec"] is not JsonObject spec) return;
        var said = new List<string>();
        foreach (var container in PodAmounts.Containers(spec, "containers")) Fill(container, "container", requests, limits, said);
        foreach (var container in PodAmounts.Containers(spec, "initContainers")) Fill(container, "init container", requests, limits, said);
        if (said.Count == 0) return;
        var meta = Meta.Of(pod);
        if (meta["annotations"] is not JsonObject annotations) meta["annotations"] = annotations = [];
        annotations[Annotation] = "LimitRanger plugin set: " + string.Join("; ", said);
    }

    private static void Fill(JsonObject container, string what, ResourceAmounts requests, ResourceAmounts limits, List<string> said)
    {
        var setLimits = Set(container, "limits", limits);
        var setRequests = Set(container, "requests", requests);
        var name = Meta.Text(container, "name");
        if (setRequests.Count > 0) said.Add($"{string.Join(", ", setRequests)} request for {what} {name}");
        if (setLimits.Count > 0) said.Add($"{string.Join(", ", setLimits)} limit for {what} {name}");
    }

    private static List<string> Set(JsonObject container, string sort, ResourceAmounts amounts)
    {
        var set = new List<string>();
        if (amounts.Count == 0) return set;
        if (container["resources"] is not JsonObject resources) container["resources"] = resources = [];
        if (resources[sort] is not JsonObject list) resources[sort] = list = [];
        foreach (var (name, amount) in amounts)
        {
            if (list.ContainsKey(name)) continue;
            list[name] = amount.ToString();
            set.Add(name);
        }
        return set;
    }
}
