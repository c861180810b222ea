using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>What an object uses up, and the properties that scopes ask about (upstream: pkg/quota/v1/evaluator/core).</summary>
internal sealed class QuotaObject
{
    private readonly JsonObject _obj;
    private readonly string _resource;

    private QuotaObject(string resource, JsonObject obj) => (_resource, _obj, Usage) = (resource, obj, UsageOf(resource, obj));

    /// <param name="groupResource">"pods", "jobs.batch".</param>
    /// <param name="obj">The object; not changed.</param>
    public static QuotaObject Of(string groupResource, JsonObject obj) => new(groupResource, obj);

    public ResourceAmounts Usage { get; }

    private JsonObject Spec => _obj["spec"] as JsonObject ?? [];

    private static ResourceAmounts UsageOf(string resource, JsonObject obj)
    {
        var usage = new ResourceAmounts { ["count/" + resource] = 1 };
        switch (resource)
        {
            case "pods": Pod(obj, usage); break;
            case "services": Service(obj["spec"] as JsonObject ?? [], usage); break;
            case "persistentvolumeclaims": Claim(obj, usage); break;
            case "configmaps" or "secrets" or "replicationcontrollers" or "resourcequotas": usage[resource] = 1; break;
        }
        return usage;
    }

    // A pod that has ended uses up nothing but its place among the objects.
    private static void Pod(JsonObject pod, ResourceAmounts usage)
    {
        if (Meta.Text(pod["status"] as JsonObject ?? [], "phase") is "Succeeded" or "Failed") return;
        usage["pods"] = 1;
        foreach (var (name, amount) in PodAmounts.Of(pod, "requests", withOverhead: true, withStatus: true)) Requested(usage, name, amount);
        foreach (var (name, amount) in PodAmounts.Of(pod, "limits", withOverhead: true, withStatus: true))
            if (name is "cpu" or "memory" or "ephemeral-storage") usage["limits." + name] = amount;
    }

    private static void Requested(ResourceAmounts usage, string name, Quantity amount)
    {
        var isCompute = name is "cpu" or "memory" or "ephemeral-storage" || name.StartsWith("hugepages-", StringComparison.Ordinal);
        if (isCompute) usage[name] = amount;
        if (isCompute || name.Contains('/', StringComparison.Ordinal)) usage["requests." + name] = amount;
    }

    private static void Service(JsonObject spec, ResourceAmounts usage)
    {
        usage["services"] = 1;
        var ports = spec["ports"] as JsonArray ?? [];
        var type = Meta.Text(spec, "type");
        if (type == "LoadBalancer") usage["services.loadbalancers"] = 1;
        if (type is not ("NodePort" or "LoadBalancer")) return;
        var all = type == "NodePort" || spec["allocateLoadBalancerNodePorts"]?.ToString() is not "false";
        usage["services.nodeports"] = all ? ports.Count : ports.OfType<JsonObject>().Count(p => Meta.Number(p, "nodePort") > 0);
    }

    private static void Claim(JsonObject claim, ResourceAmounts usage)
    {
        usage["persistentvolumeclaims"] = 1;
        var spec = claim["spec"] as JsonObject ?? [];
        var ofClass = Meta.Text(Meta.Of(claim)["annotations"] as JsonObject ?? [], "volume.beta.kubernetes.io/storage-class") is { Length: > 0 } old ? old : Meta.Text(spec, "storageClassName");
        if (ofClass.Length > 0) usage[ofClass + ".storageclass.storage.k8s.io/persistentvolumeclaims"] = 1;
        if (!ResourceAmounts.Of((spec["resources"] as JsonObject)?["requests"]).TryGetValue("storage", out var size)) return;
        usage["requests.storage"] = size;
        if (ofClass.Length > 0) usage[ofClass + ".storageclass.storage.k8s.io/requests.storage"] = size;
    }

    /// <summary>Whether a quota with this scope counts the object.</summary>
    public bool IsIn(QuotaScope scope) => (_resource, scope.Name) switch
    {
        ("pods", "Terminating") => IsTerminating,
        ("pods", "NotTerminating") => !IsTerminating,
        ("pods", "BestEffort") => IsBestEffort,
        ("pods", "NotBestEffort") => !IsBestEffort,
        ("pods", "PriorityClass") => scope.Matches(Meta.Text(Spec, "priorityClassName")),
        ("pods", "CrossNamespacePodAffinity") => UsesOtherNamespaces,
        ("persistentvolumeclaims", "VolumeAttributesClass") => scope.Matches(Meta.Text(Spec, "volumeAttributesClassName")),
        _ => false,
    };

    private bool IsTerminating => Meta.Number(Spec, "activeDeadlineSeconds") >= 0;

    private bool IsBestEffort => !PodAmounts.Containers(Spec, "containers").Concat(PodAmounts.Containers(Spec, "initContainers")).Select(c => c["resources"] as JsonObject).Append(Spec["resources"] as JsonObject)
        .Any(r => HasCompute(r?["requests"]) || HasCompute(r?["limits"]));

    private static bool HasCompute(JsonNode? list) => ResourceAmounts.Of(list).Any(a => a.Key is "cpu" or "memory" && a.Value.Sign > 0);

    private bool UsesOtherNamespaces
    {
        get
        {
            var affinity = Spec["affinity"] as JsonObject ?? [];
            foreach (var sort in (ReadOnlySpan<string>)["podAffinity", "podAntiAffinity"])
            {
                var rules = affinity[sort] as JsonObject ?? [];
                var preferred = (rules["preferredDuringSchedulingIgnoredDuringExecution"] as JsonArray ?? []).OfType<JsonObject>().Select(p => p["podAffinityTerm"] as JsonObject);
                var required = (rules["requiredDuringSchedulingIgnoredDuringExecution"] as JsonArray ?? []).OfType<JsonObject>();
                if (preferred.Concat(required).Any(term => term?["namespaces"] is JsonArray { Count: > 0 } || term?["namespaceSelector"] is not null)) return true;
            }
            return false;
        }
    }

    /// <summary>Which containers lack what a quota of compute resources demands of each; empty when all is there.</summary>
    public string Lacking(IEnumerable<string> hard)
    {
        if (_resource != "pods") return "";
        var whole = Spec["resources"] as JsonObject;
        var lacking = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var demanded in hard.Where(h => h is "cpu" or "memory" or "requests.cpu" or "requests.memory" or "limits.cpu" or "limits.memory"))
        {
            var (sort, name) = demanded.StartsWith("limits.", StringComparison.Ordinal) ? ("limits", demanded[7..]) : ("requests", demanded.Replace("requests.", "", StringComparison.Ordinal));
            if ((whole?[sort] as JsonObject)?.ContainsKey(name) == true) continue;
            foreach (var container in PodAmounts.Containers(Spec, "containers").Concat(PodAmounts.Containers(Spec, "initContainers")))
            {
                if (PodAmounts.OfContainer(container, sort).ContainsKey(name)) continue;
                if (!lacking.TryGetValue(demanded, out var names)) lacking[demanded] = names = new(StringComparer.Ordinal);
                names.Add(Meta.Text(container, "name"));
            }
        }
        return string.Join("; ", lacking.Select(l => $"{l.Key} for: {string.Join(',', l.Value)}"));
    }
}

/// <summary>One condition of a quota's scope.</summary>
internal sealed record QuotaScope(string Name, string Operator, IReadOnlyList<string> Values)
{
    public bool Matches(string value) => Operator switch
    {
        "In" => value.Length > 0 && Values.Contains(value),
        "NotIn" => !Values.Contains(value),
        "DoesNotExist" => value.Length == 0,
        _ => value.Length > 0,
    };
}
