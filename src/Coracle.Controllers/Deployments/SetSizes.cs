using Coracle.Kinds.Apps.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Deployments;

/// <summary>Gives replica sets their sizes and tells of it in events on the deployment (upstream: sync.go, scaleReplicaSet).</summary>
internal sealed class SetSizes(Client client, EventRecorder events)
{
    /// <summary>
    /// Sets the size, and with it the annotations that say how large the deployment was then. True when the size changed. Throws ApiException, a conflict
    /// included: what was decided from an older state must be decided anew.
    /// </summary>
    public async ValueTask<bool> SetAsync(Rollout rollout, Resize resize, CancellationToken cancel)
    {
        var (set, size) = resize;
        var before = Rollout.Size(set);
        var changed = set.DeepCopy();
        changed.Spec.Replicas = size;
        if (!Revisions.MarkSize(changed, rollout.Limits) && before == size) return false;
        rollout.Replace(await client.UpdateAsync(changed, cancel));
        if (before == size) return false;
        events.Normal(rollout.Deployment, "ScalingReplicaSet", $"Scaled {(before < size ? "up" : "down")} replica set {set.Metadata.Name} from {before} to {size}");
        return true;
    }

    /// <summary>Sets several. True when any size changed.</summary>
    public async ValueTask<bool> SetAsync(Rollout rollout, IEnumerable<Resize> resizes, CancellationToken cancel)
    {
        var any = false;
        foreach (var resize in resizes) any |= await SetAsync(rollout, resize, cancel);
        return any;
    }
}
