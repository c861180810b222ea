using Coracle.ApiServer;
using Coracle.Kinds.ApiRegistration.V1;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>
/// An APIService for each version that the server serves itself (upstream: controlplane/apiserver/aggregator.go and kube-aggregator's autoregister), which is
/// how clients see all versions in one list, whoever serves them.
/// </summary>
internal static class ApiServiceObjects
{
    /// <summary>Says that the object was made by the server when it started.</summary>
    private const string Managed = "kube-aggregator.kubernetes.io/automanaged";
    private const string OnStart = "onstart";

    /// <summary>Upstream's order of groups, and of versions within them.</summary>
    private static readonly Dictionary<(string Group, string Version), (int Group, int Version)> Priorities = new()
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

    public static async Task EnsureAsync(Client client, ResourceTable served, CancellationToken cancel)
    {
        var live = (await client.ListAllAsync<APIService>(cancel: cancel)).Items.ToDictionary(s => s.Metadata.Name, StringComparer.Ordinal);
        foreach (var version in served.All.Where(r => r.Kind.BuiltIn).Select(r => (r.Kind.Group, r.Kind.Version)).Distinct())
        {
            if (!Priorities.TryGetValue(version, out var priority)) continue;
            var wanted = Wanted(version.Group, version.Version, priority);
            if (!live.Remove(wanted.Metadata.Name, out var found))
            {
                var created = await client.TryCreateAsync(wanted, cancel);
                if (!created.Ok && !created.IsAlreadyExists) created.OrThrow();
            }
            else if (found.Metadata.Labels?.GetValueOrDefault(Managed) == OnStart && !found.Spec.ContentEquals(wanted.Spec))
            {
                found = found.DeepCopy();
                found.Spec = wanted.Spec;
                (await client.TryUpdateAsync(found, cancel)).OrThrow();
            }
        }
        // What the server served once and does not any more.
        foreach (var left in live.Values.Where(s => s.Metadata.Labels?.GetValueOrDefault(Managed) == OnStart)) await client.DeleteAsync(left, cancel: cancel);
    }

    private static APIService Wanted(string group, string version, (int Group, int Version) priority) => new()
    {
        Metadata = new() { Name = $"{version}.{group}", Labels = new() { [Managed] = OnStart } },
        Spec = new() { Group = group, Version = version, GroupPriorityMinimum = priority.Group, VersionPriority = priority.Version },
    };
}
