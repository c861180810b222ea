using Coracle.Controllers.Pods;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.StatefulSets;

/// <summary>Creates, mends and deletes the pods of stateful sets and their claims, and tells of it in upstream's words (stateful_pod_control.go).</summary>
internal sealed class StatefulPods(Client client, EventRecorder events, Informer<PersistentVolumeClaim> claims)
{
    /// <summary>Claims first, then the pod.</summary>
    public async ValueTask CreateAsync(StatefulSet set, Pod pod, CancellationToken cancel)
    {
        await CreateClaimsAsync(set, pod, cancel);
        var created = await client.TryCreateAsync(pod, cancel);
        if (!created.Ok && created.Failure.IsNamespaceTerminating) return;
        Tell(set, pod, "create", "Create", created.Ok ? null : created.Failure.Message);
        await RetainAsync(set, created.OrThrow(), cancel);
    }

    public async ValueTask DeleteAsync(StatefulSet set, Pod pod, CancellationToken cancel)
    {
        try
        {
            if (await client.DeleteAsync(pod, null, cancel)) Tell(set, pod, "delete", "Delete", null);
        }
        catch (ApiException refused)
        {
            Tell(set, pod, "delete", "Delete", refused.Message);
            throw;
        }
    }

    /// <summary>Gives a pod that runs what its identity asks for, should somebody have taken it, and its claims.</summary>
    public async ValueTask MendAsync(StatefulSet set, Pod pod, CancellationToken cancel)
    {
        await RetainAsync(set, pod, cancel);
        var mended = pod.DeepCopy();
        if (PodIdentity.Ordinal(set, pod) is not { } ordinal || !PodIdentity.Complete(set, mended, ordinal)) return;
        await CreateClaimsAsync(set, mended, cancel);
        var updated = await client.TryUpdateAsync(mended, cancel);
        Tell(set, pod, "update", "Update", updated.Ok ? null : updated.Failure.Message);
        updated.OrThrow();
    }

    /// <summary>A claim of the pod goes with an earlier one, and has not gone yet.</summary>
    public bool WaitsForClaims(StatefulSet set, Pod pod) => Claims(set, pod).Any(claim => claims.Get(Key.Of(claim)) is { } known && ClaimRetentionRules.IsStale(pod, known));

    public async ValueTask CreateClaimsAsync(StatefulSet set, Pod pod, CancellationToken cancel)
    {
        foreach (var claim in Claims(set, pod))
        {
            if (claims.Get(Key.Of(claim)) is { } known)
            {
                if (known.Metadata.DeletionTimestamp is not null) throw new ReconcileException($"pvc {claim.Metadata.Name} is being deleted");
                continue;
            }
            var created = await client.TryCreateAsync(claim, cancel);
            if (created.IsAlreadyExists) continue;
            if (created.Ok) events.Normal(set, "SuccessfulCreate", $"create Claim {claim.Metadata.Name} Pod {pod.Metadata.Name} in StatefulSet {set.Metadata.Name} success");
            else events.Warning(set, "FailedCreate", $"create Claim {claim.Metadata.Name} for Pod {pod.Metadata.Name} in StatefulSet {set.Metadata.Name} failed error: {created.Failure.Message}");
            created.OrThrow();
        }
    }

    /// <summary>Makes the pod's claims go with whom the policy says.</summary>
    public async ValueTask RetainAsync(StatefulSet set, Pod pod, CancellationToken cancel)
    {
        foreach (var wanted in Claims(set, pod))
        {
            if (claims.Get(Key.Of(wanted)) is not { } known) continue;
            var claim = known.DeepCopy();
            if (ClaimRetentionRules.Apply(set, pod, claim)) await client.UpdateAsync(claim, cancel);
        }
    }

    private static IEnumerable<PersistentVolumeClaim> Claims(StatefulSet set, Pod pod) =>
        PodIdentity.Ordinal(set, pod) is { } ordinal ? PodIdentity.Claims(set, ordinal) : [];

    private void Tell(StatefulSet set, Pod pod, string verb, string reason, string? error)
    {
        var what = $"{verb} Pod {pod.Metadata.Name} in StatefulSet {set.Metadata.Name}";
        if (error is null) events.Normal(set, "Successful" + reason, what + " successful");
        else events.Warning(set, "Failed" + reason, $"{what} failed error: {error}");
    }

    /// <summary>A pod that ended is deleted, so that one of the same name can take its place.</summary>
    public async ValueTask ReplaceEndedAsync(StatefulSet set, Pod pod, CancellationToken cancel)
    {
        if (pod.Metadata.DeletionTimestamp is not null) return;
        var name = $"{set.Metadata.Namespace}/{set.Metadata.Name}";
        if (pod.Status.Phase == PodPhase.Failed) events.Warning(set, "RecreatingFailedPod", $"StatefulSet {name} is recreating failed Pod {pod.Metadata.Name}");
        else events.Normal(set, "RecreatingTerminatedPod", $"StatefulSet {name} is recreating terminated Pod {pod.Metadata.Name}");
        await DeleteAsync(set, pod, cancel);
    }
}
