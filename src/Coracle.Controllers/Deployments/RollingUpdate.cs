namespace Coracle.Controllers.Deployments;

/// <summary>One step of replacing old pods by new ones within the limits (upstream: rolling.go). Each change of a status calls for the next.</summary>
internal sealed class RollingUpdate(SetSizes sizes, NewSets newSets, RevisionHistory history)
{
    /// <summary>
    /// (1) Make the new set. (2) Let the sets act on what they were asked for last. (3) Then give the new set what room there is. (4) Else take from the
    /// old. (5) Nothing left to do: tidy up.
    /// </summary>
    public async ValueTask<Creation> StepAsync(Rollout rollout, CancellationToken cancel)
    {
        var creation = await newSets.EnsureAsync(rollout, cancel);                                                 // 1
        if (!creation.HasSet || !rollout.IsSettled) return creation;                                               // 2
        var newSet = rollout.NewSet!;
        var size = Rollout.Size(newSet);
        var wanted = RollingArithmetic.NewSize(rollout.Limits, size, rollout.AllSets);
        if (wanted != size && await sizes.SetAsync(rollout, new Resize(newSet, wanted), cancel)) return creation;  // 3
        var shrinking = RollingArithmetic.Shrink(rollout.Limits, newSet, [.. rollout.ActiveOldSets]);
        if (await sizes.SetAsync(rollout, shrinking, cancel)) return creation;                                     // 4
        if (Progress.IsComplete(rollout.Deployment, rollout.Deployment.Status)) await history.TidyAsync(rollout, cancel); // 5
        return creation;
    }
}
