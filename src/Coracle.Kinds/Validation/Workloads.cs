using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Validation;

/// <summary>Rules that all keepers of a number of pods share: selector, template and count (upstream: apis/apps/validation).</summary>
internal static class Workloads
{
    internal static void Selector(LabelSelector? selector, string what, FieldPath path, FieldErrors errors)
    {
        if (selector is null)
        {
            errors.Required(path);
            return;
        }
        errors.Selector(path, selector);
        if (Checks.IsEmpty(selector)) errors.Invalid(path, Checks.Shown(selector), $"empty selector is invalid for {what}");
    }

    internal static void Template(PodTemplateSpec template, LabelSelector? selector, string what, FieldPath path, FieldErrors errors)
    {
        if (selector is not null && !Checks.IsEmpty(selector) && !Checks.Selects(selector, template.Metadata.Labels))
            errors.Invalid(path / "metadata" / "labels", Checks.Shown(template.Metadata.Labels), "`selector` does not match template `labels`");
        PodSpecValidation.Template(template, path, errors);
        if (template.Spec.RestartPolicy != RestartPolicy.Always) errors.NotSupported(path / "spec" / "restartPolicy", template.Spec.RestartPolicy, [RestartPolicy.Always]);
        if (template.Spec.ActiveDeadlineSeconds is not null)
            errors.Forbidden(path / "spec" / "activeDeadlineSeconds", $"activeDeadlineSeconds in {what} is not Supported");
    }

    internal static void SameSelector(LabelSelector? selector, LabelSelector? old, FieldPath path, FieldErrors errors)
    {
        var same = selector is null ? old is null : selector.ContentEquals(old);
        if (!same) errors.Invalid(path, Checks.Shown(selector), Checks.Immutable);
    }

    internal static void NotAbove(FieldErrors errors, FieldPath path, long value, long max, string what)
    {
        if (value > max) errors.Invalid(path, value, $"cannot be greater than {what}");
    }

    internal static void NotDecremented(FieldErrors errors, FieldPath path, int? value, int? old)
    {
        if (old is { } before && (value is not { } now || now < before)) errors.Invalid(path, value ?? 0, "cannot be decremented");
    }
}
