using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>Counts, selector and template of replica sets (upstream: apis/apps/validation, ValidateReplicaSet).</summary>
public sealed partial class ReplicaSetRules
{
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(ReplicaSet obj, FieldErrors errors)
    {
        errors.NonNegative(SpecPath / "replicas", obj.Spec.Replicas);
        errors.NonNegative(SpecPath / "minReadySeconds", obj.Spec.MinReadySeconds);
        Workloads.Selector(obj.Spec.Selector, "deployment", SpecPath / "selector", errors);
        Workloads.Template(obj.Spec.Template, obj.Spec.Selector, "ReplicaSet", SpecPath / "template", errors);
    }

    public override void ValidateUpdate(ReplicaSet obj, ReplicaSet old, string subresource, FieldErrors errors)
    {
        if (subresource == "status")
        {
            Counts(obj.Status, errors);
            return;
        }
        Validate(obj, errors);
        Workloads.SameSelector(obj.Spec.Selector, old.Spec.Selector, SpecPath / "selector", errors);
    }

    public override void Warn(ReplicaSet obj, ReplicaSet? old, List<string> warnings)
    {
        if (old is null) PodWarnings.Name(obj.Metadata.Name, warnings);
        if (old is null || obj.Metadata.Generation != old.Metadata.Generation) PodWarnings.Template(obj.Spec.Template, SpecPath / "template", warnings);
    }

    private static void Counts(ReplicaSetStatus status, FieldErrors errors)
    {
        var path = FieldPath.Of("status");
        errors.NonNegative(path / "replicas", status.Replicas);
        errors.NonNegative(path / "fullyLabeledReplicas", status.FullyLabeledReplicas);
        errors.NonNegative(path / "readyReplicas", status.ReadyReplicas);
        errors.NonNegative(path / "availableReplicas", status.AvailableReplicas);
        errors.NonNegative(path / "observedGeneration", status.ObservedGeneration);
        Workloads.NotAbove(errors, path / "fullyLabeledReplicas", status.FullyLabeledReplicas, status.Replicas, "status.replicas");
        Workloads.NotAbove(errors, path / "readyReplicas", status.ReadyReplicas, status.Replicas, "status.replicas");
        Workloads.NotAbove(errors, path / "availableReplicas", status.AvailableReplicas, status.Replicas, "status.replicas");
        Workloads.NotAbove(errors, path / "availableReplicas", status.AvailableReplicas, status.ReadyReplicas, "readyReplicas");
    }
}
