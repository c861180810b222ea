using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Volumes;

/// <summary>Which pods use which claims.</summary>
internal static class ClaimUsers
{
    /// <summary>Pods by "namespace/name" of the claims that they name or that are made for them.</summary>
    public static ObjectIndex<Pod> Index(Informer<Pod> pods) => pods.Index("claims", static pod => Claims(pod).Select(claim => $"{pod.Metadata.Namespace}/{claim}"));

    /// <summary>The names of a pod's claims.</summary>
    public static IEnumerable<string> Claims(Pod pod)
    {
        foreach (var volume in pod.Spec.Volumes ?? [])
            if (ClaimName(pod, volume) is { } name) yield return name;
    }

    /// <summary>The claim of a volume; null when it has none.</summary>
    public static string? ClaimName(Pod pod, Volume volume) => volume.PersistentVolumeClaim is { } source ? source.ClaimName : volume.Ephemeral is null ? null : $"{pod.Metadata.Name}-{volume.Name}";
}
