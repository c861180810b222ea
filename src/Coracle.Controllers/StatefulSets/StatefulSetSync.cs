using Coracle.Controllers.Pods;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.StatefulSets;

/// <summary>
/// Brings the pods of one set a step nearer to what is wanted (upstream: stateful_set_control.go, updateStatefulSet). In order, one pod at a time, each
/// waiting for those before it; or, where the set allows it, all at once.
/// </summary>
internal sealed class StatefulSetSync
{
    private readonly StatefulSet set;
    private readonly SetRevisions revisions;
    private readonly StatefulPods pods;
    private readonly DateTimeOffset now;

    /// <summary>The pods wanted, by place: those that are there, and null for those that are not.</summary>
    private readonly Pod?[] replicas;

    /// <summary>The pods that are too many, the highest ordinal first.</summary>
    private readonly List<Pod> condemned;

    private readonly bool ordered;

    public StatefulSetSync(StatefulSet set, SetRevisions revisions, IReadOnlyCollection<Pod> all, StatefulPods pods, DateTimeOffset now)
    {
        (this.set, this.revisions, this.pods, this.now) = (set, revisions, pods, now);
        ordered = set.Spec.PodManagementPolicy != PodManagementPolicy.Parallel;
        replicas = new Pod?[set.Spec.Replicas ?? 1];
        condemned = [];
        foreach (var pod in all)
        {
            if (PodIdentity.IsWanted(set, pod)) replicas[PodIdentity.Ordinal(set, pod)!.Value - PodIdentity.Start(set)] = pod;
            else if (PodIdentity.Ordinal(set, pod) is not null) condemned.Add(pod);
        }
        condemned.Sort((a, b) => PodIdentity.Ordinal(set, b)!.Value.CompareTo(PodIdentity.Ordinal(set, a)!.Value));
    }

    /// <summary>
    /// 1. Every pod wanted is there, ends as it should and is as it should be. 2. Those too many go, and their claims as the policy says. 3. Those of an
    /// old revision go. Each step waits for the one before it. Returns why it could not go on, if something failed.
    /// </summary>
    public async ValueTask<Exception?> RunAsync(CancellationToken cancel)
    {
        var outcome = await ForAllAsync(replicas.Length, i => ReplicaAsync(i, cancel));                                        // 1
        if (outcome.Stop) return outcome.Failure;
        foreach (var pod in condemned) await pods.RetainAsync(set, pod, cancel);
        var firstUnhealthy = replicas.FirstOrDefault(p => p is null || !Health.IsHealthy(p)) ?? condemned.LastOrDefault(p => !Health.IsHealthy(p));
        outcome = await ForAllAsync(condemned.Count, i => CondemnedAsync(condemned[i], firstUnhealthy, cancel));                // 2
        if (outcome.Stop) return outcome.Failure;
        if (set.Spec.UpdateStrategy.Type == UpdateStrategyType.RollingUpdate) await UpdateAsync(cancel);                       // 3
        return null;
    }

    /// <summary>True: nothing more can be done now.</summary>
    private async ValueTask<bool> ReplicaAsync(int place, CancellationToken cancel)
    {
        if (replicas[place] is not { } pod)
        {
            var made = Make(PodIdentity.Start(set) + place);
            if (pods.WaitsForClaims(set, made)) return true;
            await pods.CreateAsync(set, made, cancel);
            return ordered;
        }
        if (PodState.IsFinished(pod))
        {
            await pods.ReplaceEndedAsync(set, pod, cancel);
            return true;
        }
        if (pod.Status.Phase == PodPhase.Pending && pod.Metadata.DeletionTimestamp is null) await pods.CreateClaimsAsync(set, pod, cancel);
        if (ordered && (pod.Metadata.DeletionTimestamp is not null || !Health.IsAvailable(pod, set.Spec.MinReadySeconds, now))) return true;
        if (pod.Metadata.DeletionTimestamp is null) await pods.MendAsync(set, pod, cancel);
        return false;
    }

    // Below the partition, and for what has not been updated yet, the old template still holds.
    private Pod Make(int ordinal)
    {
        var strategy = set.Spec.UpdateStrategy;
        var above = PodIdentity.Start(set) + (strategy.RollingUpdate is { } rolling ? rolling.Partition ?? 0 : set.Status.CurrentReplicas);
        var old = strategy.Type == UpdateStrategyType.RollingUpdate && ordinal < above;
        return PodIdentity.Make(set, old ? revisions.CurrentTemplate(set) : set.Spec.Template, ordinal, (old ? revisions.Current : revisions.Update).Metadata.Name);
    }

    private async ValueTask<bool> CondemnedAsync(Pod pod, Pod? firstUnhealthy, CancellationToken cancel)
    {
        if (pod.Metadata.DeletionTimestamp is not null) return ordered;
        // All before it must do well, so that a set in trouble does not lose more than it must.
        if (ordered && !Health.IsAvailable(pod, set.Spec.MinReadySeconds, now) && !ReferenceEquals(pod, firstUnhealthy)) return true;
        await pods.DeleteAsync(set, pod, cancel);
        return ordered;
    }

    /// <summary>The highest ordinals first, no further than the partition, and as many as may be missing.</summary>
    private async ValueTask UpdateAsync(CancellationToken cancel)
    {
        var rolling = set.Spec.UpdateStrategy.RollingUpdate;
        var room = MissingMax(rolling) - replicas.Count(p => p is null || p.Metadata.DeletionTimestamp is not null || !Health.IsAvailable(p, set.Spec.MinReadySeconds, now));
        for (var place = replicas.Length - 1; place >= (rolling?.Partition ?? 0) && room > 0; place--)
        {
            if (replicas[place] is not { } pod || pod.Metadata.DeletionTimestamp is not null || PodIdentity.Revision(pod) == revisions.Update.Metadata.Name) continue;
            await pods.DeleteAsync(set, pod, cancel);
            room--;
        }
    }

    // A share is rounded down, but one may always be missing: else nothing would ever move.
    private int MissingMax(RollingUpdateStatefulSetStrategy? rolling) => Math.Max(1, rolling?.MaxUnavailable?.Scaled(set.Spec.Replicas ?? 1, roundUp: false) ?? 1);

    private async ValueTask<(bool Stop, Exception? Failure)> ForAllAsync(int count, Func<int, ValueTask<bool>> act)
    {
        if (ordered)
        {
            for (var i = 0; i < count; i++)
                if (await act(i)) return (true, null);
            return (false, null);
        }
        var (next, stop) = (0, false);
        var outcome = await SlowStart.RunAsync(count, async () => stop |= await act(next++));
        return (stop || outcome.Failure is not null, outcome.Failure);
    }
}
