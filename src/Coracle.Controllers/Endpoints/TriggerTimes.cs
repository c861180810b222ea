using System.Globalization;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>
/// When the change happened that endpoints are written for, which those who consume them measure their lag by (upstream: TriggerTimeTracker). Should it be
/// lost with a restart, one value is less exact.
/// </summary>
internal sealed class TriggerTimes
{
    public const string Annotation = "endpoints.kubernetes.io/last-change-trigger-time";

    private readonly Lock gate = new();
    private readonly Dictionary<Key, Seen> services = [];

    private sealed record Seen(DateTimeOffset Service, Dictionary<string, DateTimeOffset> Pods);

    /// <summary>The earliest of the changes since the last call for this service; null when none is known, as when a pod is gone.</summary>
    public DateTimeOffset? Next(Service service, IReadOnlyList<Pod> pods)
    {
        var created = service.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue;
        var now = new Seen(created, new(pods.Count, StringComparer.Ordinal));
        foreach (var pod in pods)
            if (PodEndpoint.ReadyCondition(pod)?.LastTransitionTime is { } time) now.Pods[pod.Metadata.Name] = time;
        Seen? before;
        lock (gate)
        {
            services.TryGetValue(Key.Of(service), out before);
            services[Key.Of(service)] = now;
        }
        return before is null ? created : Earliest(before, now);
    }

    public void Forget(Key service)
    {
        lock (gate) services.Remove(service);
    }

    public static void Annotate(Kinds.Meta.V1.ObjectMeta metadata, DateTimeOffset? time)
    {
        if (time is { } known) (metadata.Annotations ??= [])[Annotation] = known.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
        else metadata.Annotations?.Remove(Annotation);
    }

    private static DateTimeOffset? Earliest(Seen before, Seen now)
    {
        DateTimeOffset? earliest = now.Service > before.Service ? now.Service : null;
        foreach (var (pod, time) in now.Pods)
            if (time > before.Pods.GetValueOrDefault(pod) && !(earliest < time)) earliest = time;
        return earliest;
    }
}
