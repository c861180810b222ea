using Coracle.Controllers.Pods;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Controllers.Autoscaling;

/// <summary>What a pod was measured to use, in thousandths.</summary>
internal readonly record struct PodSample(long Value, DateTimeOffset At, TimeSpan Window);

/// <summary>An autoscaler's pods, by what their samples are worth (upstream: replica_calculator.go, groupPods). Pure.</summary>
internal sealed class PodGroups
{
    /// <summary>Upstream: --horizontal-pod-autoscaler-cpu-initialization-period and --horizontal-pod-autoscaler-initial-readiness-delay.</summary>
    private static readonly TimeSpan Initialization = TimeSpan.FromMinutes(5), InitialReadiness = TimeSpan.FromSeconds(30);

    public int Ready { get; private set; }
    public HashSet<string> Unready { get; } = new(StringComparer.Ordinal);
    public HashSet<string> Missing { get; } = new(StringComparer.Ordinal);

    /// <summary>They end or have failed: whatever they use does not count.</summary>
    public HashSet<string> Ignored { get; } = new(StringComparer.Ordinal);

    /// <param name="pods">All that the selector matches.</param>
    /// <param name="samples">By pod.</param>
    /// <param name="resource">"cpu" is not believed while a pod begins; "" for what is not a resource.</param>
    /// <param name="now">The time.</param>
    public static PodGroups Of(IEnumerable<Pod> pods, IReadOnlyDictionary<string, PodSample> samples, string resource, DateTimeOffset now)
    {
        var groups = new PodGroups();
        foreach (var pod in pods) groups.Add(pod, samples, resource, now);
        return groups;
    }

    private void Add(Pod pod, IReadOnlyDictionary<string, PodSample> samples, string resource, DateTimeOffset now)
    {
        var name = pod.Metadata.Name;
        if (pod.Metadata.DeletionTimestamp is not null || pod.Status.Phase == PodPhase.Failed) Ignored.Add(name);
        else if (pod.Status.Phase == PodPhase.Pending) Unready.Add(name);
        else if (!samples.TryGetValue(name, out var sample)) Missing.Add(name);
        else if (resource == "cpu" && IsBeginning(pod, sample, now)) Unready.Add(name);
        else Ready++;
    }

    private static bool IsBeginning(Pod pod, PodSample sample, DateTimeOffset now)
    {
        if (PodState.Condition(pod, PodConditionType.Ready) is not { } ready || pod.Status.StartTime is not { } start) return true;
        var since = ready.LastTransitionTime ?? DateTimeOffset.MinValue;
        var isUnready = ready.Status == ConditionStatus.False;
        // Within its first minutes, a sample counts once a whole window of it lies after the pod became ready.
        if (start + Initialization > now) return isUnready || (ready.LastTransitionTime is not null && sample.At < since + sample.Window);
        // Later, a pod that has never been ready does not count.
        return isUnready && start + InitialReadiness > since;
    }
}
