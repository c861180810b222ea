using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>What is wrong with pods and with changes to them (upstream: apis/core/validation, ValidatePodCreate and ValidatePodUpdate).</summary>
public sealed partial class PodRules
{
    private const string Updatable = "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
        + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    private static readonly FieldPath SpecPath = FieldPath.Of("spec");
    private static readonly FieldPath StatusPath = FieldPath.Of("status");

    /// <summary>A node's own pod, of which the API has an image only.</summary>
    internal static bool IsMirror(Pod pod) => pod.Metadata.Annotations?.ContainsKey("kubernetes.io/config.mirror") == true;

    public override void Validate(Pod obj, FieldErrors errors)
    {
        new PodSpecValidation(obj.Spec, isPod: true, errors).Validate(SpecPath);
        if (obj.Spec.EphemeralContainers is { Count: > 0 }) errors.Forbidden(SpecPath / "ephemeralContainers", "cannot be set on create");
        if (obj.Spec is { NodeName.Length: > 0, SchedulingGates.Count: > 0 })
            errors.Forbidden(SpecPath / "nodeName", "cannot be set until all schedulingGates have been cleared");
    }

    public override void ValidateUpdate(Pod obj, Pod old, string subresource, FieldErrors errors)
    {
        switch (subresource)
        {
            case "status": Status(obj, old, errors); break;
            case "binding": break;
            case "ephemeralcontainers": PodEphemeralChange.Validate(obj, old, errors); break;
            case "resize": PodResize.Validate(obj, old, errors); break;
            default:
                new PodSpecValidation(obj.Spec, isPod: true, errors).Validate(SpecPath);
                Changes(obj.Spec, old.Spec, errors);
                break;
        }
    }

    /// <summary>Of new pods only: updates come often, and hardly ever from people.</summary>
    public override void Warn(Pod obj, Pod? old, List<string> warnings)
    {
        if (old is not null) return;
        PodWarnings.Name(obj.Metadata.Name, warnings, "the Pod's hostname");
        PodWarnings.Pod(obj, warnings);
    }

    private static void Changes(PodSpec spec, PodSpec old, FieldErrors errors)
    {
        if (!SameCount(spec.Containers, old.Containers, "containers", errors) || !SameCount(spec.InitContainers, old.InitContainers, "initContainers", errors)) return;
        if (!Deadline(spec.ActiveDeadlineSeconds, old.ActiveDeadlineSeconds, errors)) return;
        OnlyAddedTolerations(spec, old, errors);
        OnlyRemovedGates(spec.SchedulingGates ?? [], old.SchedulingGates ?? [], errors);
        var rest = WithOldWhereAllowed(spec, old, errors);
        if (!rest.ContentEquals(old)) errors.Forbidden(SpecPath, $"pod updates may not change fields other than {Updatable}\n{PodSpecChange.Describe(old, rest)}");
    }

    private static bool SameCount(List<Container>? containers, List<Container>? old, string list, FieldErrors errors)
    {
        if ((containers?.Count ?? 0) == (old?.Count ?? 0)) return true;
        errors.Forbidden(SpecPath / list, "pod updates may not add or remove containers");
        return false;
    }

    private static bool Deadline(long? seconds, long? old, FieldErrors errors)
    {
        var before = errors.Count;
        var path = SpecPath / "activeDeadlineSeconds";
        if (seconds is null && old is not null) errors.Invalid(path, null, "must not update from a positive integer to nil value");
        if (seconds > old) errors.Invalid(path, seconds, "must be less than or equal to previous value");
        return errors.Count == before || seconds is null;
    }

    private static void OnlyAddedTolerations(PodSpec spec, PodSpec old, FieldErrors errors)
    {
        var now = spec.Tolerations ?? [];
        bool Kept(Toleration before) => now.Exists(t => t.Key == before.Key && t.Operator == before.Operator && t.Value == before.Value && t.Effect == before.Effect);
        if (!(old.Tolerations ?? []).TrueForAll(Kept))
            errors.Forbidden(SpecPath / "tolerations", "existing toleration can not be modified except its tolerationSeconds");
    }

    private static void OnlyRemovedGates(List<PodSchedulingGate> gates, List<PodSchedulingGate> old, FieldErrors errors)
    {
        for (var i = 0; i < gates.Count; i++)
            if (!old.Exists(g => g.Name == gates[i].Name))
                errors.Forbidden((SpecPath / "schedulingGates")[i] / "name", $"only deletion is allowed, but found new scheduling gate '{gates[i].Name}'");
    }

    private static PodSpec WithOldWhereAllowed(PodSpec spec, PodSpec old, FieldErrors errors)
    {
        var rest = spec.DeepCopy();
        foreach (var (container, before) in (rest.Containers ?? []).Zip(old.Containers ?? [])) container.Image = before.Image;
        foreach (var (container, before) in (rest.InitContainers ?? []).Zip(old.InitContainers ?? [])) container.Image = before.Image;
        rest.ActiveDeadlineSeconds = old.ActiveDeadlineSeconds;
        rest.SchedulingGates = old.SchedulingGates;
        rest.Tolerations = old.Tolerations;
        if (old.TerminationGracePeriodSeconds < 0 && rest.TerminationGracePeriodSeconds == 1) rest.TerminationGracePeriodSeconds = old.TerminationGracePeriodSeconds;
        if (old.SchedulingGates is { Count: > 0 }) Gated(rest, old, errors);
        return rest;
    }

    // A pod that is not yet to be scheduled may be bound to fewer nodes than before, not to others.
    private static void Gated(PodSpec rest, PodSpec old, FieldErrors errors)
    {
        foreach (var (key, value) in old.NodeSelector ?? [])
            if (rest.NodeSelector is null || !rest.NodeSelector.TryGetValue(key, out var now) || now != value)
            {
                errors.Invalid(SpecPath / "nodeSelector", Checks.Shown(rest.NodeSelector), "only additions are allowed (no mutations or deletions)");
                break;
            }
        rest.NodeSelector = old.NodeSelector;
        if (rest.Affinity is { } affinity && old.Affinity?.NodeAffinity is null)
        {
            affinity.NodeAffinity = null;
            if (old.Affinity is null && affinity is { PodAffinity: null, PodAntiAffinity: null }) rest.Affinity = null;
        }
    }

    private static void Status(Pod pod, Pod old, FieldErrors errors)
    {
        for (var i = 0; i < (pod.Status.Conditions?.Count ?? 0); i++)
            errors.QualifiedName((FieldPath.Of("metadata") / "conditions")[i] / "Type", pod.Status.Conditions![i].Type);
        if (pod.Status.QosClass != old.Status.QosClass) errors.Invalid(StatusPath / "qosClass", pod.Status.QosClass, Checks.Immutable);
        var policy = old.Spec.RestartPolicy;
        Transitions(pod.Status.ContainerStatuses, old.Status.ContainerStatuses, StatusPath / "containerStatuses", name => RestartsAfter(old.Spec.Containers, name, policy), errors);
        Transitions(pod.Status.InitContainerStatuses, old.Status.InitContainerStatuses, StatusPath / "initContainerStatuses", name => RestartsAfter(old.Spec.InitContainers, name, policy), errors);
        Transitions(pod.Status.EphemeralContainerStatuses, old.Status.EphemeralContainerStatuses, StatusPath / "ephemeralContainerStatuses", _ => RestartPolicy.Never, errors);
        for (var i = 0; i < (pod.Status.PodIPs?.Count ?? 0); i++) errors.Ip((StatusPath / "podIPs")[i], pod.Status.PodIPs![i].Ip);
        for (var i = 0; i < (pod.Status.HostIPs?.Count ?? 0); i++) errors.Ip((StatusPath / "hostIPs")[i], pod.Status.HostIPs![i].Ip);
        if (pod.Status.HostIPs is [var first, ..] && first.Ip != pod.Status.HostIP)
            errors.Invalid((StatusPath / "hostIPs")[0] / "ip", first.Ip, "must be equal to `hostIP`");
    }

    // A container's own policy goes before the pod's; rules of its own may restart it in any case.
    private static string RestartsAfter(List<Container>? containers, string name, string policy)
    {
        var container = containers?.Find(c => c.Name == name);
        return container?.RestartPolicyRules is { Count: > 0 } ? RestartPolicy.Always : container?.RestartPolicy ?? policy;
    }

    private static void Transitions(List<ContainerStatus>? now, List<ContainerStatus>? old, FieldPath path, Func<string, string> policyOf, FieldErrors errors)
    {
        for (var i = 0; i < (old?.Count ?? 0); i++)
        {
            var before = old![i];
            if (before.State.Terminated is not { } ended) continue;
            var policy = policyOf(before.Name);
            if (policy == RestartPolicy.Always || policy == RestartPolicy.OnFailure && ended.ExitCode != 0) continue;
            if (now?.Find(s => s.Name == before.Name) is { State.Terminated: null })
                errors.Forbidden(path[i] / "state", "may not be transitioned to non-terminated state");
        }
    }
}
