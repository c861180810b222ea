using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Autoscaling;

/// <summary>How many pods a metric asks for, and what it was measured to be: in thousandths, and in percent of what pods request where that is what is asked for.</summary>
internal readonly record struct Wanted(int Replicas, long Value, int? Percent = null);

/// <summary>A metric that says nothing.</summary>
internal sealed class MetricException(string message) : Exception(message);

/// <summary>How many pods there should be for what was measured (upstream: replica_calculator.go). Pure.</summary>
internal static class ReplicaArithmetic
{
    /// <summary>For a share of what the pods request.</summary>
    /// <param name="current">Pods that are asked for now.</param>
    /// <param name="target">Percent.</param>
    /// <param name="samples">By pod; changed.</param>
    /// <param name="requests">What pods request, by pod.</param>
    /// <param name="groups">The pods.</param>
    /// <param name="tolerances">How much is let be.</param>
    public static Wanted ForUtilization(
        int current, int target, Dictionary<string, PodSample> samples, IReadOnlyDictionary<string, long> requests, PodGroups groups, Tolerances tolerances)
    {
        Drop(samples, groups);
        var (ratio, percent, value) = Utilization(samples, requests, target);
        // What is not known is taken to be such that least is done: all that was requested when there would be fewer pods, nothing when more.
        var replicas = Decide(current, samples, groups, ratio, tolerances, pod => requests.GetValueOrDefault(pod) * Math.Max(100, target) / 100,
            guessed => Utilization(guessed, requests, target).Ratio, keepsDirection: true);
        return new(replicas, value, percent);
    }

    /// <summary>For an average value.</summary>
    public static Wanted ForAverage(int current, long target, Dictionary<string, PodSample> samples, PodGroups groups, Tolerances tolerances)
    {
        Drop(samples, groups);
        var (ratio, average) = Average(samples, target);
        return new(Decide(current, samples, groups, ratio, tolerances, _ => target, guessed => Average(guessed, target).Ratio, keepsDirection: true), average);
    }

    private static void Drop(Dictionary<string, PodSample> samples, PodGroups groups)
    {
        foreach (var pod in groups.Ignored.Concat(groups.Unready)) samples.Remove(pod);
        if (samples.Count == 0) throw new MetricException("did not receive metrics for targeted pods (pods might be unready)");
    }

    private static int Decide(
        int current, Dictionary<string, PodSample> samples, PodGroups groups, double ratio, Tolerances tolerances, Func<string, long> full,
        Func<Dictionary<string, PodSample>, double> again, bool keepsDirection)
    {
        var rebalances = groups.Unready.Count > 0 && ratio > 1;
        if (!rebalances && groups.Missing.Count == 0) return tolerances.Cover(ratio) ? current : Up(ratio * groups.Ready);
        if (ratio < 1)
            foreach (var pod in groups.Missing) samples[pod] = new(full(pod), default, default);
        else if (ratio > 1)
            foreach (var pod in groups.Missing) samples[pod] = default;
        if (rebalances)
            foreach (var pod in groups.Unready) samples[pod] = default;
        var guessed = again(samples);
        if (tolerances.Cover(guessed) || (ratio < 1 && guessed > 1) || (ratio > 1 && guessed < 1)) return current;
        var replicas = Up(guessed * samples.Count);
        return keepsDirection && ((guessed < 1 && replicas > current) || (guessed > 1 && replicas < current)) ? current : replicas;
    }

    private static (double Ratio, int Percent, long Average) Utilization(Dictionary<string, PodSample> samples, IReadOnlyDictionary<string, long> requests, int target)
    {
        var (used, requested, count) = (0L, 0L, 0);
        foreach (var (pod, sample) in samples)
        {
            // A pod without containers that request any has no share.
            if (!requests.TryGetValue(pod, out var request)) continue;
            (used, requested, count) = (used + sample.Value, requested + request, count + 1);
        }
        if (requested == 0) throw new MetricException("no metrics returned matched known pods");
        var percent = (int)(used * 100 / requested);
        return ((double)percent / target, percent, used / count);
    }

    private static (double Ratio, long Average) Average(Dictionary<string, PodSample> samples, long target)
    {
        var average = samples.Values.Sum(static s => s.Value) / samples.Count;
        return ((double)average / target, average);
    }

    /// <summary>For a value of something else that goes with the number of pods that are ready. With no pods, it says itself how many.</summary>
    public static Wanted ForValue(int current, long target, long value, IReadOnlyCollection<Pod> pods, Tolerances tolerances)
    {
        var ratio = (double)value / target;
        if (current == 0) return new(Up(ratio), value);
        if (tolerances.Cover(ratio)) return new(current, value);
        if (pods.Count == 0) throw new MetricException("unable to calculate ready pods: no pods returned by selector while calculating replica count");
        return new(Up(ratio * pods.Count(static p => p.Status.Phase == PodPhase.Running && Pods.PodState.IsReady(p))), value);
    }

    /// <summary>For a value of something else that is shared by all pods.</summary>
    public static Wanted ForShare(int running, long target, long value, Tolerances tolerances)
    {
        var replicas = tolerances.Cover(value / ((double)target * running)) ? running : Up((double)value / target);
        return new(replicas, running == 0 ? 0 : (long)Math.Ceiling((double)value / running));
    }

    private static int Up(double replicas) => (int)Math.Min(int.MaxValue, Math.Ceiling(replicas));

    /// <summary>What each pod requests of a resource, in thousandths; of one container where one is named. Sidecars count.</summary>
    public static Dictionary<string, long> Requests(IEnumerable<Pod> pods, string resource, string container)
    {
        var requests = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var pod in pods)
            requests[pod.Metadata.Name] = container.Length == 0 && pod.Spec.Resources?.Requests?.TryGetValue(resource, out var whole) == true ? whole.MilliValue : Requests(pod, resource, container);
        return requests;
    }

    private static long Requests(Pod pod, string resource, string container)
    {
        var sum = 0L;
        foreach (var one in (pod.Spec.InitContainers ?? []).Where(static c => c.RestartPolicy == RestartPolicy.Always).Concat(pod.Spec.Containers ?? []))
        {
            if (container.Length > 0 && container != one.Name) continue;
            if (one.Resources.Requests?.TryGetValue(resource, out var amount) != true) throw new MetricException($"missing request for {resource} in container {one.Name} of Pod {pod.Metadata.Name}");
            sum += amount.MilliValue;
        }
        return sum;
    }
}
