namespace Coracle.ApiServer;

/// <summary>Which groups, and which versions within them, clients are to prefer where no APIService says (upstream: controlplane/apiserver/aggregator.go).</summary>
public static class VersionPriorities
{
    /// <summary>Of what definitions serve.</summary>
    public static (int Group, int Version) Custom => (1000, 100);

    /// <summary>Always the first: the group that tells of all others has no APIService of its own.</summary>
    internal const int OfAggregation = 20_001;

    /// <summary>Of the versions that the server serves by itself.</summary>
    public static IReadOnlyDictionary<(string Group, string Version), (int Group, int Version)> BuiltIn { get; } = new Dictionary<(string, string), (int, int)>
    {
        [("", "v1")] = (18000, 1),
        [("apps", "v1")] = (17800, 15),
        [("events.k8s.io", "v1")] = (17750, 15),
        [("authentication.k8s.io", "v1")] = (17700, 15),
        [("authorization.k8s.io", "v1")] = (17600, 15),
        [("autoscaling", "v1")] = (17500, 15),
        [("autoscaling", "v2")] = (17500, 30),
        [("batch", "v1")] = (17400, 15),
        [("certificates.k8s.io", "v1")] = (17300, 15),
        [("networking.k8s.io", "v1")] = (17200, 15),
        [("policy", "v1")] = (17100, 15),
        [("rbac.authorization.k8s.io", "v1")] = (17000, 15),
        [("storage.k8s.io", "v1")] = (16800, 15),
        [("apiextensions.k8s.io", "v1")] = (16700, 15),
        [("admissionregistration.k8s.io", "v1")] = (16700, 15),
        [("scheduling.k8s.io", "v1")] = (16600, 15),
        [("coordination.k8s.io", "v1")] = (16500, 15),
        [("node.k8s.io", "v1")] = (16300, 15),
        [("discovery.k8s.io", "v1")] = (16200, 15),
        [("resource.k8s.io", "v1")] = (16200, 20),
        [("flowcontrol.apiserver.k8s.io", "v1")] = (16100, 21),
    };

    /// <summary>Of a version that no APIService tells of (yet).</summary>
    internal static (int Group, int Version) Of(string group, string version)
    {
        if (group == "apiregistration.k8s.io") return (OfAggregation, 0);
        return BuiltIn.TryGetValue((group, version), out var known) ? known : Custom;
    }
}
