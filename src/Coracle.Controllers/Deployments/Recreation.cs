using Coracle.Controllers.Pods;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Deployments;

/// <summary>One step of ending all old pods and only then starting new ones (upstream: recreate.go).</summary>
internal sealed class Recreation(SetSizes sizes, NewSets newSets, RevisionHistory history, Informer<Pod> pods)
{
    /// <summary>(1) Old sets to zero. (2) Wait until no old pod runs, the terminating included. (3) Make the new set. (4) To its size. (5) Tidy up.</summary>
    public async ValueTask<Creation> StepAsync(Rollout rollout, CancellationToken cancel)
    {
        var emptied = rollout.ActiveOldSets.Select(static s => new Resize(s, 0)).ToList();
        if (await sizes.SetAsync(rollout, emptied, cancel) || OldPodsRun(rollout)) return Creation.Done;       // 1, 2
        var creation = await newSets.EnsureAsync(rollout, cancel);                                             // 3
        if (!creation.HasSet) return creation;
        if (Rollout.Size(rollout.NewSet!) != rollout.Limits.Replicas)
            await sizes.SetAsync(rollout, new Resize(rollout.NewSet!, rollout.Limits.Replicas), cancel);       // 4
        if (Progress.IsComplete(rollout.Deployment, rollout.Deployment.Status)) await history.TidyAsync(rollout, cancel); // 5
        return creation;
    }

    private bool OldPodsRun(Rollout rollout) =>
        rollout.OldSets.Exists(set => set.Status.Replicas > 0 || pods.OwnedBy(set.Metadata.Uid).Any(static pod => !PodState.IsFinished(pod)));
}
