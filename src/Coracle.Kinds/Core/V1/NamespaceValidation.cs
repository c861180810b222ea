using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Finalizers and phases of namespaces (upstream: ValidateNamespace and its updates).</summary>
public sealed partial class NamespaceRules
{
    public override void Validate(Namespace obj, FieldErrors errors)
    {
        foreach (var finalizer in obj.Spec.Finalizers ?? []) Own(finalizer, errors);
    }

    public override void ValidateUpdate(Namespace obj, Namespace old, string subresource, FieldErrors errors)
    {
        var phase = FieldPath.Of("status") / "Phase";
        if (subresource == "finalize") Validate(obj, errors);
        if (subresource != "status") return;
        var deleting = obj.Metadata.DeletionTimestamp is not null;
        if (!deleting && obj.Status.Phase != NamespacePhase.Active) errors.Invalid(phase, obj.Status.Phase, "may only be 'Active' if `deletionTimestamp` is empty");
        if (deleting && obj.Status.Phase != NamespacePhase.Terminating) errors.Invalid(phase, obj.Status.Phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
    }

    private static void Own(string finalizer, FieldErrors errors)
    {
        var path = FieldPath.Of("spec") / "finalizers";
        var before = errors.Count;
        errors.QualifiedName(path, finalizer);
        if (errors.Count == before && !finalizer.Contains('/', StringComparison.Ordinal) && finalizer != Finalizer)
            errors.Invalid(path, finalizer, "name is neither a standard finalizer name nor is it fully qualified");
    }
}
