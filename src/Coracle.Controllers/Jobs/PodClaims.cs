using System.Text.Json.Nodes;
using Coracle.Controllers.Pods;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Jobs;

/// <summary>
/// Which pods are a job's. Those that its selector matches and nobody controls are adopted, and get the finalizer in the same write: a pod of a job is never
/// without, until it is counted.
/// </summary>
internal sealed class PodClaims(Client client, Informer<Pod> pods)
{
    private readonly OwnedIndex<Pod> index = new(pods);

    public async ValueTask<IReadOnlyList<Pod>> ClaimAsync(Job job, CancellationToken cancel)
    {
        var selector = Selector.From(job.Spec.Selector);
        var candidates = index.Candidates(job).ToLookup(pod => Owners.ControllerOf(pod) is null);
        var mine = await OwnedObjects.ClaimAsync(client, job, selector, candidates[false], cancel);
        var orphans = candidates[true].Where(pod => pod.Metadata.DeletionTimestamp is null && !selector.IsEverything && selector.Matches(pod.Metadata.Labels)).ToList();
        if (orphans.Count == 0 || job.Metadata.DeletionTimestamp is not null) return mine;
        var all = mine.ToList();
        foreach (var pod in orphans)
            if (await AdoptAsync(job, pod, all.Count == mine.Count, cancel) is { } adopted) all.Add(adopted);
        return all;
    }

    private async ValueTask<Pod?> AdoptAsync(Job job, Pod pod, bool first, CancellationToken cancel)
    {
        if (first)
        {
            var fresh = await client.TryGetAsync<Job>(Key.Of(job), cancel);
            if (fresh is not { Metadata.DeletionTimestamp: null } || fresh.Metadata.Uid != job.Metadata.Uid) throw new ReconcileException($"{Key.Of(job)} is not what it was, and adopts no pods");
        }
        var owner = Owners.ControllerReference(job);
        var metadata = new JsonObject
        {
            ["uid"] = pod.Metadata.Uid,
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = owner.ApiVersion, ["kind"] = owner.Kind, ["name"] = owner.Name, ["uid"] = owner.Uid, ["controller"] = true, ["blockOwnerDeletion"] = true,
            }),
            ["finalizers"] = new JsonArray(JobNames.TrackingFinalizer),
        };
        return (await client.TryPatchAsync<Pod>(Key.Of(pod), Patch.Strategic(new JsonObject { ["metadata"] = metadata }), null, cancel)).OrNullIfNotFound();
    }
}
