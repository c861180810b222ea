using System.Globalization;
using Coracle.Controllers.Histories;
using Coracle.Controllers.Pods;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Controllers.StatefulSets;

/// <summary>What makes a pod of a stateful set that pod and no other: its ordinal, name, labels and claims (upstream: stateful_set_utils.go).</summary>
internal static class PodIdentity
{
    public const string NameLabel = "statefulset.kubernetes.io/pod-name";
    public const string IndexLabel = "apps.kubernetes.io/pod-index";

    public static int Start(StatefulSet set) => set.Spec.Ordinals?.Start ?? 0;

    public static string Name(StatefulSet set, int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{set.Metadata.Name}-{ordinal}");

    /// <summary>The pod's ordinal in the set; null when its name is not one that the set gives.</summary>
    public static int? Ordinal(StatefulSet set, Pod pod)
    {
        var (prefix, name) = (set.Metadata.Name, pod.Metadata.Name);
        if (name.Length < prefix.Length + 2 || !name.StartsWith(prefix, StringComparison.Ordinal) || name[prefix.Length] != '-') return null;
        return int.TryParse(name.AsSpan(prefix.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : null;
    }

    public static bool IsWanted(StatefulSet set, Pod pod) => Ordinal(set, pod) is { } at && at >= Start(set) && at < Start(set) + (set.Spec.Replicas ?? 1);

    public static string Revision(Pod pod) => pod.Metadata.Labels?.GetValueOrDefault(RevisionLog.PodLabel) ?? "";

    /// <summary>The pod of this ordinal, as the template describes it.</summary>
    public static Pod Make(StatefulSet set, PodTemplateSpec template, int ordinal, string revision)
    {
        var pod = PodTemplates.Make(template, set);
        pod.Metadata.Name = Name(set, ordinal);
        (pod.Spec.Hostname, pod.Spec.Subdomain) = (pod.Metadata.Name, set.Spec.ServiceName);
        (pod.Metadata.Labels ??= [])[RevisionLog.PodLabel] = revision;
        Complete(set, pod, ordinal);
        return pod;
    }

    /// <summary>Gives the pod what its identity is. True when that changed anything.</summary>
    public static bool Complete(StatefulSet set, Pod pod, int ordinal)
    {
        var labels = pod.Metadata.Labels ??= [];
        var changed = Put(labels, NameLabel, pod.Metadata.Name) | Put(labels, IndexLabel, ordinal.ToString(CultureInfo.InvariantCulture));
        var volumes = pod.Spec.Volumes ?? [];
        var mounted = (set.Spec.VolumeClaimTemplates ?? []).Select(template => new Volume
        {
            Name = template.Metadata.Name, PersistentVolumeClaim = new() { ClaimName = ClaimName(set, template, ordinal) },
        }).ToList();
        if (mounted.TrueForAll(m => volumes.Exists(v => v.Name == m.Name && v.PersistentVolumeClaim?.ClaimName == m.PersistentVolumeClaim!.ClaimName))) return changed;
        pod.Spec.Volumes = [.. mounted, .. volumes.Where(v => !mounted.Exists(m => m.Name == v.Name))];
        return true;
    }

    public static string ClaimName(StatefulSet set, PersistentVolumeClaim template, int ordinal) => $"{template.Metadata.Name}-{Name(set, ordinal)}";

    /// <summary>The claims that the pod of this ordinal has, as they are to be made.</summary>
    public static IEnumerable<PersistentVolumeClaim> Claims(StatefulSet set, int ordinal)
    {
        foreach (var template in set.Spec.VolumeClaimTemplates ?? [])
        {
            var claim = template.DeepCopy();
            claim.Metadata.Name = ClaimName(set, template, ordinal);
            claim.Metadata.Namespace = set.Metadata.Namespace;
            foreach (var (key, value) in set.Spec.Selector?.MatchLabels ?? []) (claim.Metadata.Labels ??= [])[key] = value;
            claim.Status = new();
            yield return claim;
        }
    }

    private static bool Put(Dictionary<string, string> labels, string key, string value)
    {
        if (labels.TryGetValue(key, out var known) && known == value) return false;
        labels[key] = value;
        return true;
    }
}
