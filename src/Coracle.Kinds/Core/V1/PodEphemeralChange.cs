using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>What is wrong with a change of a pod's ephemeral containers: they come, and stay as they are (upstream: ValidatePodEphemeralContainersUpdate).</summary>
internal static class PodEphemeralChange
{
    private static readonly FieldPath Path = FieldPath.Of("spec") / "ephemeralContainers";

    internal static void Validate(Pod pod, Pod old, FieldErrors errors)
    {
        if (PodRules.IsMirror(old))
        {
            errors.Forbidden(FieldPath.Root, "static pods do not support ephemeral containers");
            return;
        }
        new PodSpecValidation(pod.Spec, isPod: true, errors).Validate(FieldPath.Of("spec"));
        var now = pod.Spec.EphemeralContainers ?? [];
        foreach (var before in old.Spec.EphemeralContainers ?? [])
        {
            // Patches may give them another order.
            var same = now.FindLast(c => c.Name == before.Name);
            if (same is null) errors.Forbidden(Path, $"existing ephemeral containers {GoText.Quote(before.Name)} may not be removed\n");
            else if (!same.ContentEquals(before))
                errors.Forbidden(Path, $"existing ephemeral containers {GoText.Quote(before.Name)} may not be changed\n{PodSpecChange.Describe(before.Name, Checks.Shown(before), Checks.Shown(same))}");
        }
    }
}
