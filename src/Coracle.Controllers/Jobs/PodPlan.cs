using Coracle.Controllers.Pods;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Jobs;

/// <summary>What is to be done about a job's pods: some go, or some come, or nothing before a time has passed (upstream: manageJob).</summary>
public sealed record PodPlan
{
    public static PodPlan Nothing { get; } = new();

    public IReadOnlyList<Pod> Delete { get; init; } = [];

    /// <summary>How many to make; of an indexed job as many as <see cref="Indexes"/>.</summary>
    public int Create { get; init; }
    public IReadOnlyList<int> Indexes { get; init; } = [];

    /// <summary>Pods are missing, but must not be made for so long.</summary>
    public TimeSpan? Wait { get; init; }

    private const int ChangesMax = 500; // of one reconcile, so that a large job leaves room for others

    public static PodPlan Of(JobRun run, PodBackoff backoff)
    {
        if (JobShape.IsSuspended(run.Spec)) return new() { Delete = run.ActivePods };
        var wanted = Wanted(run);
        var excess = Excess(run, Math.Max(0, run.Active - wanted));
        if (excess.Count > 0) return new() { Delete = [.. excess.Take(ChangesMax)] };
        var missing = wanted - run.Active - (JobShape.ReplacesOnlyFailed(run.Spec) ? run.Terminating : 0);
        return missing > 0 ? Creation(run, Math.Min(missing, ChangesMax), backoff) : Nothing;
    }

    /// <summary>How many pods should be active: never more than there are completions left; with no number of completions, none is started after the first success.</summary>
    private static int Wanted(JobRun run)
    {
        var parallelism = run.Spec.Parallelism ?? 1;
        if (run.Spec.Completions is { } completions) return Math.Clamp(completions - run.Succeeded, 0, parallelism);
        return run.Succeeded > 0 ? run.Active : parallelism;
    }

    /// <summary>At least so many active pods to delete; of an indexed job all that have no index or one that another pod has.</summary>
    private static List<Pod> Excess(JobRun run, int atLeast)
    {
        var order = new DeletionOrder(run.ActivePods, run.Now);
        var excess = new List<Pod>();
        var rest = run.ActivePods.ToList();
        if (JobShape.IsIndexed(run.Spec))
        {
            rest = [];
            foreach (var same in run.ActivePods.GroupBy(run.ValidIndex))
            {
                var pods = same.Order(order).ToList();
                if (same.Key is not null)
                {
                    rest.Add(pods[^1]);
                    pods.RemoveAt(pods.Count - 1);
                }
                excess.AddRange(pods);
            }
        }
        if (excess.Count < atLeast) excess.AddRange(order.First(rest, atLeast - excess.Count));
        return excess;
    }

    private static PodPlan Creation(JobRun run, int missing, PodBackoff backoff)
    {
        if (!JobShape.HasLimitPerIndex(run.Spec) && backoff.Remaining(run.Now) is var wait && wait > TimeSpan.Zero) return new() { Wait = wait };
        if (!JobShape.IsIndexed(run.Spec)) return new() { Create = missing };

        var taken = run.SucceededIndexes.With(run.ActivePods.Select(run.ValidIndex).OfType<int>());
        if (JobShape.ReplacesOnlyFailed(run.Spec)) taken = taken.With(run.Pods.Where(PodState.IsTerminating).Select(run.ValidIndex).OfType<int>());
        if (run.FailedIndexes is { } failed) taken = taken.Union(failed);
        var indexes = taken.FirstMissing(missing, run.Completions);
        if (!JobShape.HasLimitPerIndex(run.Spec)) return new() { Create = indexes.Count, Indexes = indexes };

        var waits = indexes.ToDictionary(i => i, i => PodBackoff.RemainingInIndex(run.AwaitingReplacement.GetValueOrDefault(i), run.Now));
        var due = indexes.Where(i => waits[i] == TimeSpan.Zero).ToList();
        var later = waits.Values.Where(static w => w > TimeSpan.Zero).ToList();
        return new() { Create = due.Count, Indexes = due, Wait = later.Count > 0 ? later.Min() : null };
    }
}
