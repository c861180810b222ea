using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>What is left of a namespace's content after an attempt to delete all of it.</summary>
internal sealed class RemainingContent
{
    /// <summary>Why the server's resources are not all known; "" when they are.</summary>
    public string DiscoveryFailure { get; set; } = "";

    /// <summary>What went wrong while deleting.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Objects left, by "resource.group"; "pods." for the core group, as upstream writes it.</summary>
    public SortedDictionary<string, int> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Objects left, by the finalizers that hold them.</summary>
    public SortedDictionary<string, int> Finalizers { get; } = new(StringComparer.Ordinal);

    /// <summary>Nothing is left, for all that could be found out.</summary>
    public bool IsEmpty => DiscoveryFailure.Length == 0 && Failures.Count == 0 && Objects.Count == 0;
}

/// <summary>
/// Deletes all that a namespace holds (upstream: namespaced_resources_deleter): pods first, and nothing else while any is left, so that a pod does not
/// outlive what protects or feeds it (KEP-5080).
/// </summary>
internal sealed class NamespaceContent(Client client)
{
    private const int PageSize = 500;

    /// <summary>1. The server's resources. 2. Pods. 3. When none is left, all others.</summary>
    public async ValueTask<RemainingContent> DeleteAsync(string ns, CancellationToken cancel)
    {
        var remaining = new RemainingContent();
        var resources = await DiscoverAsync(remaining, cancel);                                                // 1
        var pods = resources.Where(static r => r.Resource is { Group: "", Plural: "pods" }).ToList();
        foreach (var resource in pods) await DeleteAsync(resource, ns, remaining, cancel);                     // 2
        if (remaining.Objects.Count > 0 || remaining.Failures.Count > 0) return remaining;
        foreach (var resource in resources.Except(pods)) await DeleteAsync(resource, ns, remaining, cancel);   // 3
        return remaining;
    }

    private async ValueTask<IReadOnlyList<NamespacedResource>> DiscoverAsync(RemainingContent remaining, CancellationToken cancel)
    {
        try
        {
            var resources = await NamespacedResources.DiscoverAsync(client, cancel);
            remaining.DiscoveryFailure = StaleGroups(resources.Stale);
            return resources.Found;
        }
        catch (ApiException failure)
        {
            remaining.DiscoveryFailure = failure.Message;
            return [];
        }
    }

    private static string StaleGroups(IReadOnlyList<string> stale) => stale.Count == 0 ? "" :
        $"Discovery failed for some groups, {stale.Count} failing: unable to retrieve the complete list of server APIs: "
        + string.Join(", ", stale.Order(StringComparer.Ordinal).Select(static gv => $"{gv}: stale GroupVersion discovery: {gv}"));

    private async ValueTask DeleteAsync(NamespacedResource resource, string ns, RemainingContent remaining, CancellationToken cancel)
    {
        var objects = client.Metadata(resource.Resource);
        try
        {
            if ((await objects.ListAsync(ns, new() { Limit = 1 }, cancel)).Items.Count == 0) return;
            if (resource.CanDeleteCollection) await objects.DeleteCollectionAsync(ns, null, Deletion.Background, cancel);
            else await DeleteEachAsync(objects, ns, cancel);
            await CountAsync(objects, ns, remaining, cancel);
        }
        catch (ApiException failure) when (!failure.IsNotFound) // not found: its definition was removed in the meantime
        {
            remaining.Failures.Add(failure.Message);
        }
        catch (ApiException) { }
    }

    private static async ValueTask DeleteEachAsync(ResourceClient<PartialObject> objects, string ns, CancellationToken cancel)
    {
        foreach (var obj in (await objects.ListAsync(ns, null, cancel)).Items) await objects.DeleteAsync(obj, Deletion.Background, cancel);
    }

    private static async ValueTask CountAsync(ResourceClient<PartialObject> objects, string ns, RemainingContent remaining, CancellationToken cancel)
    {
        var (count, next) = (0, "");
        do
        {
            var page = await objects.ListAsync(ns, new() { Limit = PageSize, Continue = next }, cancel);
            count += page.Items.Count;
            foreach (var finalizer in page.Items.SelectMany(static obj => obj.Metadata.Finalizers ?? []))
                remaining.Finalizers[finalizer] = remaining.Finalizers.GetValueOrDefault(finalizer) + 1;
            next = page.Continue;
        }
        while (next.Length > 0);
        if (count > 0) remaining.Objects[$"{objects.Resource.Plural}.{objects.Resource.Group}"] = count;
    }
}
