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
    internal const string Managed = "kube-aggregator.kubernetes.io/automanaged";
    private const string OnStart = "onstart";

    public static async Task EnsureAsync(Client client, ResourceTable served, CancellationToken cancel)
    {
        var live = (await client.ListAllAsync<APIService>(cancel: cancel)).Items.ToDictionary(s => s.Metadata.Name, StringComparer.Ordinal);
        foreach (var version in served.All.Where(r => r.Kind.BuiltIn).Select(r => (r.Kind.Group, r.Kind.Version)).Distinct())
        {
            if (!VersionPriorities.BuiltIn.TryGetValue(version, out var priority)) continue;
            var wanted = Wanted(version.Group, version.Version, priority, OnStart);
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

    internal static APIService Wanted(string group, string version, (int Group, int Version) priority, string managed) => new()
    {
        Metadata = new() { Name = $"{version}.{group}", Labels = new() { [Managed] = managed } },
        Spec = new() { Group = group, Version = version, GroupPriorityMinimum = priority.Group, VersionPriority = priority.Version },
    };
}
