using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

using ResourceList = Dictionary<string, Quantity>;

/// <summary>What is wrong with a change of a running pod's resources (upstream: ValidatePodResize).</summary>
internal static class PodResize
{
    private const string OnlyCpuAndMemory = "only cpu and memory resources are mutable";

    private static readonly FieldPath Spec = FieldPath.Of("spec");

    /// <summary>
    /// 1. Pods that cannot be resized at all. 2. The new specification as such. 3. What holds of the pod as a whole. 4. Containers stay in their order. 5. Amounts are not
    /// taken away, 6. and of each container only processors and memory change. 7. Nothing else of the pod does.
    /// </summary>
    internal static void Validate(Pod pod, Pod old, FieldErrors errors)
    {
        if (NeverResized(old) is { } never)                                                                  // 1
        {
            errors.Forbidden(FieldPath.Root, never);
            return;
        }
        var before = errors.Count;
        new PodSpecValidation(pod.Spec, isPod: true, errors).Validate(Spec);                                 // 2
        Whole(pod, old, errors);                                                                             // 3
        var rest = pod.Spec.DeepCopy();
        if (HasResources(pod.Spec) || HasResources(old.Spec)) PodLevel(rest, old.Spec, errors);
        if (old.Status.NodeAllocatableResourceClaimStatuses is { Count: > 0 }) errors.Forbidden(Spec, "pods with node allocatable resource claims cannot be resized");
        var inOrder = InOrder(pod.Spec.Containers, old.Spec.Containers, "containers", errors)               // 4
            & InOrder(pod.Spec.InitContainers, old.Spec.InitContainers, "initContainers", errors);
        if (!inOrder) return;
        Kept(pod.Spec.InitContainers, old.Spec.InitContainers, "initContainers", errors);                    // 5
        Kept(pod.Spec.Containers, old.Spec.Containers, "containers", errors);
        Containers(rest.Containers ?? [], old.Spec.Containers ?? [], errors);                                // 6
        InitContainers(rest.InitContainers ?? [], old.Spec.InitContainers ?? [], errors);
        if (errors.Count == before && !rest.ContentEquals(old.Spec)) errors.Forbidden(Spec, OnlyCpuAndMemory);   // 7
    }

    private static string? NeverResized(Pod old) => PodRules.IsMirror(old) ? "static pods cannot be resized"
        : old.Spec.Os?.Name == OSName.Windows ? "windows pods cannot be resized" : null;

    private static void Whole(Pod pod, Pod old, FieldErrors errors)
    {
        var quality = old.Status.QosClass.Length > 0 ? old.Status.QosClass : QualityOf(old);
        if (QualityOf(pod) != quality) errors.Invalid(Spec, pod.Status.QosClass, "Pod QOS Class may not change as a result of resizing");
        // Nodes that know of resizing tell of what a running container has.
        if (old.Status.ContainerStatuses?.Find(s => s.State.Running is not null) is { Resources: null }) errors.Forbidden(Spec, "Pod running on node without support for resize");
    }

    private static string QualityOf(Pod pod) => PodQuality.Of(Checks.Shown(pod.Spec)!.AsObject());

    private static bool HasResources(PodSpec spec) => spec.Resources is { } resources && (resources.Requests?.Count ?? 0) + (resources.Limits?.Count ?? 0) > 0;

    private static void PodLevel(PodSpec rest, PodSpec old, FieldErrors errors)
    {
        var path = Spec / "resources";
        if (old.Resources is not null && rest.Resources is null)
        {
            errors.Forbidden(path, "pod-level resources cannot be removed");
            return;
        }
        if (IsRemoved(rest.Resources?.Requests, old.Resources?.Requests)) errors.Forbidden(path / "requests", "pod-level resource requests cannot be removed");
        if (IsRemoved(rest.Resources?.Limits, old.Resources?.Limits)) errors.Forbidden(path / "limits", "pod-level resource limits cannot be removed");
        var munged = WithOldAmounts(rest.Resources!, old.Resources);
        rest.Resources = old.Resources is null && munged is { Requests: null or { Count: 0 }, Limits: null or { Count: 0 }, Claims: null or { Count: 0 } } ? null : munged;
        if (!Same(rest.Resources, old.Resources)) errors.Forbidden(Spec, "only cpu and memory resources are mutable at pod-level");
    }

    private static bool InOrder(List<Container>? now, List<Container>? old, string list, FieldErrors errors)
    {
        var before = errors.Count;
        if ((now?.Count ?? 0) != (old?.Count ?? 0))
        {
            errors.Forbidden(Spec / list, $"{list} may not be added or removed on resize");
            return false;
        }
        for (var i = 0; i < (now?.Count ?? 0); i++)
            if (now![i].Name != old![i].Name) errors.Forbidden((Spec / list)[i] / "name", $"{list} may not be renamed or reordered on resize");
        return errors.Count == before;
    }

    private static void Kept(List<Container>? now, List<Container>? old, string list, FieldErrors errors)
    {
        for (var i = 0; i < (old?.Count ?? 0); i++)
        {
            var path = (Spec / list)[i] / "resources";
            if (IsRemoved(now![i].Resources.Requests, old![i].Resources.Requests)) errors.Forbidden(path / "requests", "resource requests cannot be removed");
            if (IsRemoved(now[i].Resources.Limits, old[i].Resources.Limits)) errors.Forbidden(path / "limits", "resource limits cannot be removed");
        }
    }

    private static bool IsRemoved(ResourceList? now, ResourceList? old) => old is not null && old.Keys.Any(name => now?.ContainsKey(name) != true);

    private static void Containers(List<Container> rest, List<Container> old, FieldErrors errors)
    {
        for (var i = 0; i < rest.Count; i++)
        {
            rest[i].Resources = WithOldAmounts(rest[i].Resources, old[i].Resources);
            if (!rest[i].ContentEquals(old[i])) errors.Forbidden(Spec, OnlyCpuAndMemory);
        }
    }

    private static void InitContainers(List<Container> rest, List<Container> old, FieldErrors errors)
    {
        for (var i = 0; i < rest.Count; i++)
        {
            var path = (Spec / "initContainers")[i];
            var isChanged = !rest[i].ContentEquals(old[i]);
            rest[i].Resources = WithOldAmounts(rest[i].Resources, old[i].Resources);
            if (!rest[i].ContentEquals(old[i])) errors.Forbidden(path, "only cpu and memory resources for init or sidecar containers are mutable");
            var restarts = rest[i].ResizePolicy?.Exists(p => p.RestartPolicy == ResourceResizeRestartPolicy.RestartContainer) == true;
            if (isChanged && restarts && rest[i].RestartPolicy != ContainerRestartPolicy.Always)
                errors.Forbidden(path, "non-sidecar init containers with a resize policy of RestartContainer cannot be resized");
        }
    }

    private static ResourceRequirements WithOldAmounts(ResourceRequirements now, ResourceRequirements? old) =>
        new() { Limits = WithOldAmounts(now.Limits, old?.Limits), Requests = WithOldAmounts(now.Requests, old?.Requests), Claims = now.Claims };

    private static ResourceList? WithOldAmounts(ResourceList? now, ResourceList? old)
    {
        var rest = new ResourceList(now ?? [], StringComparer.Ordinal);
        foreach (var name in (ReadOnlySpan<string>)[ResourceName.Cpu, ResourceName.Memory])
        {
            rest.Remove(name);
            if (old is not null && old.TryGetValue(name, out var amount)) rest[name] = amount;
        }
        return rest.Count == 0 ? old : rest;
    }

    private static bool Same(ResourceRequirements? a, ResourceRequirements? b) => a is null ? b is null : b is not null && a.ContentEquals(b);
}
