using System.Text.Json.Nodes;
using Coracle.Controllers.Pods;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Jobs;

/// <summary>Creates, deletes and releases a job's pods, and keeps the counts of the reconcile in step.</summary>
internal sealed class PodChanges(Client client, EventRecorder events)
{
    private readonly PodWrites writes = new(client, events);

    /// <summary>Carries out a plan. What failed is returned once all else is done.</summary>
    public async ValueTask<Exception?> ApplyAsync(JobRun run, PodPlan plan, CancellationToken cancel)
    {
        if (plan.Delete.Count > 0) return (await DeleteAsync(run, plan.Delete, release: true, cancel)).Failure;
        if (plan.Create == 0) return null;
        var next = 0;
        var outcome = await SlowStart.RunAsync(plan.Create, async () =>
        {
            var at = next++;
            if (await writes.CreateAsync(IndexedPods.Make(run, plan.Indexes.Count > 0 ? plan.Indexes[at] : null), run.Job, cancel)) run.Active++;
        });
        return outcome.Failure;
    }

    /// <summary>
    /// Deletes active pods. Released ones lose their finalizer first and are not counted: nobody waits for them. The others are counted when
    /// they end, or as failed when the job does.
    /// </summary>
    public ValueTask<SlowStartOutcome> DeleteAsync(JobRun run, IReadOnlyList<Pod> pods, bool release, CancellationToken cancel) => SlowStart.BatchAsync(pods.Count, async i =>
    {
        if (release) await ReleaseAsync(pods[i], cancel);
        await writes.DeleteAsync(pods[i], run.Job, cancel);
        run.Active--;
        run.Terminating++;
        if (PodState.IsReady(pods[i])) run.Ready--;
    });

    /// <summary>Takes the finalizer off a pod; one that is gone has none.</summary>
    public async ValueTask ReleaseAsync(Pod pod, CancellationToken cancel)
    {
        if (!JobPods.IsTracked(pod)) return;
        var metadata = new JsonObject { ["$deleteFromPrimitiveList/finalizers"] = new JsonArray(JobNames.TrackingFinalizer) };
        var patched = await client.TryPatchAsync<Pod>(Key.Of(pod), Patch.Strategic(new JsonObject { ["metadata"] = metadata }), null, cancel);
        if (!patched.IsNotFound) patched.OrThrow();
    }
}
