using Coracle.Kinds.Core.V1;

namespace Coracle.ApiServer;

/// <summary>One quota and what is used up of it.</summary>
internal sealed class QuotaState
{
    private readonly IReadOnlyList<QuotaScope> _scopes;

    public QuotaState(ResourceQuota quota)
    {
        (Namespace, Name) = (quota.Metadata.Namespace, quota.Metadata.Name);
        Hard = ResourceAmounts.Of(quota.Spec.Hard);
        _scopes =
        [
            .. (quota.Spec.Scopes ?? []).Select(s => new QuotaScope(s, "Exists", [])),
            .. (quota.Spec.ScopeSelector?.MatchExpressions ?? []).Select(e => new QuotaScope(e.ScopeName, e.Operator, e.Values ?? [])),
        ];
    }

    public string Namespace { get; }
    public string Name { get; }
    public ResourceAmounts Hard { get; }

    /// <summary>By what is stored.</summary>
    public ResourceAmounts Used { get; } = [];

    /// <summary>By what has been admitted and is about to be stored.</summary>
    public ResourceAmounts Reserved { get; } = [];

    /// <summary>Which resources there must be an eye on: "pods", "jobs.batch".</summary>
    public IEnumerable<string> Counted => Hard.Keys.Select(ResourceOf).Distinct();

    /// <summary>Which objects use up something of this name.</summary>
    private static string ResourceOf(string name) => name switch
    {
        _ when name.StartsWith("count/", StringComparison.Ordinal) => name[6..],
        "services" or "services.nodeports" or "services.loadbalancers" => "services",
        "configmaps" or "secrets" or "replicationcontrollers" or "resourcequotas" or "persistentvolumeclaims" => name,
        "requests.storage" => "persistentvolumeclaims",
        _ when name.Contains(".storageclass.storage.k8s.io/", StringComparison.Ordinal) => "persistentvolumeclaims",
        _ => "pods",
    };

    /// <summary>The part of the usage that this quota limits.</summary>
    public ResourceAmounts Limited(ResourceAmounts usage) => usage.Only(Hard.Keys);

    public bool Counts(string resource, QuotaObject obj)
    {
        foreach (var scope in _scopes)
            if (!obj.IsIn(scope)) return false;
        foreach (var name in Hard.Keys)
            if (ResourceOf(name) == resource) return true;
        return false;
    }

    /// <summary>The limits that are about objects of this sort.</summary>
    public IEnumerable<string> HardOf(string resource) => Hard.Keys.Where(name => ResourceOf(name) == resource);

    /// <summary>Why so much more is too much, in upstream's words; null when it is not.</summary>
    public string? Exceeded(ResourceAmounts more)
    {
        var used = Used.Copy();
        used.Add(Reserved);
        var exceeded = more.Where(m => (used.TryGetValue(m.Key, out var before) ? before + m.Value : m.Value) > Hard[m.Key]).Select(m => m.Key).ToList();
        if (exceeded.Count == 0) return null;
        foreach (var name in exceeded) used.TryAdd(name, 0);
        return $"exceeded quota: {Name}, requested: {more.Only(exceeded)}, used: {used.Only(exceeded)}, limited: {Hard.Only(exceeded)}";
    }
}
