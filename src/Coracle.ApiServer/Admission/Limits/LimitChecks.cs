using System.Globalization;
using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Whether requests and limits are within a range, in upstream's words (plugin/pkg/admission/limitranger).</summary>
internal static class LimitChecks
{
    public static void Pod(LimitRange range, JsonObject pod, List<string> errors)
    {
        var spec = pod["spec"] as JsonObject ?? [];
        foreach (var item in range.Spec.Limits ?? [])
        {
            if (item.Type == LimitType.Container)
                foreach (var container in PodAmounts.Containers(spec, "containers").Concat(PodAmounts.Containers(spec, "initContainers")))
                    Item(item, PodAmounts.OfContainer(container, "requests"), PodAmounts.OfContainer(container, "limits"), errors);
            else if (item.Type == LimitType.Pod)
                Item(item, PodAmounts.Of(pod, "requests", withOverhead: false), PodAmounts.Of(pod, "limits", withOverhead: false), errors);
        }
    }

    public static void Claim(LimitRange range, JsonObject claim, List<string> errors)
    {
        var requests = ResourceAmounts.Of(((claim["spec"] as JsonObject)?["resources"] as JsonObject)?["requests"]);
        foreach (var item in range.Spec.Limits ?? [])
        {
            if (item.Type != LimitType.PersistentVolumeClaim) continue;
            foreach (var (name, least) in ResourceAmounts.Of(item.Min)) Least(item.Type, name, least, requests, [], errors);
            foreach (var (name, most) in ResourceAmounts.Of(item.Max))
            {
                if (!requests.TryGetValue(name, out var asked)) errors.Add($"maximum {name} usage per {item.Type} is {most}.  No request is specified");
                else if (asked > most) errors.Add($"maximum {name} usage per {item.Type} is {most}, but request is {asked}");
            }
        }
    }

    private static void Item(LimitRangeItem item, ResourceAmounts requests, ResourceAmounts limits, List<string> errors)
    {
        foreach (var (name, least) in ResourceAmounts.Of(item.Min)) Least(item.Type, name, least, requests, limits, errors);
        foreach (var (name, most) in ResourceAmounts.Of(item.Max)) Most(item.Type, name, most, requests, limits, errors);
        foreach (var (name, ratio) in ResourceAmounts.Of(item.MaxLimitRequestRatio)) Ratio(item.Type, name, ratio, requests, limits, errors);
    }

    private static void Least(string type, string name, Quantity least, ResourceAmounts requests, ResourceAmounts limits, List<string> errors)
    {
        var about = $"minimum {name} usage per {type} is {least}";
        if (!requests.TryGetValue(name, out var request)) errors.Add($"{about}.  No request is specified");
        else if (request < least) errors.Add($"{about}, but request is {request}");
        else if (limits.TryGetValue(name, out var limit) && limit < least) errors.Add($"{about}, but limit is {limit}");
    }

    private static void Most(string type, string name, Quantity most, ResourceAmounts requests, ResourceAmounts limits, List<string> errors)
    {
        var about = $"maximum {name} usage per {type} is {most}";
        if (!limits.TryGetValue(name, out var limit)) errors.Add($"{about}.  No limit is specified");
        else if (limit > most) errors.Add($"{about}, but limit is {limit}");
        else if (requests.TryGetValue(name, out var request) && request > most) errors.Add($"{about}, but request is {request}");
    }

    private static void Ratio(string type, string name, Quantity most, ResourceAmounts requests, ResourceAmounts limits, List<string> errors)
    {
        var about = $"{name} max limit to request ratio per {type} is {most}";
        if (!requests.TryGetValue(name, out var request) || request.IsZero) errors.Add($"{about}, but no request is specified or request is 0");
        else if (!limits.TryGetValue(name, out var limit) || limit.IsZero) errors.Add($"{about}, but no limit is specified or limit is 0");
        else if (limit.AsDouble / request.AsDouble is var ratio && ratio > most.AsDouble)
            errors.Add($"{about}, but provided ratio is {ratio.ToString("F6", CultureInfo.InvariantCulture)}");
    }
}
