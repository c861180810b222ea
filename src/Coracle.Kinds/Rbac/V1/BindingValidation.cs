using System.Text.Json.Nodes;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

/// <summary>Role and subjects of bindings (upstream: apis/rbac/validation).</summary>
internal static class BindingValidation
{
    internal static void Validate(RoleRef role, List<Subject>? subjects, bool namespaced, FieldErrors errors)
    {
        var path = FieldPath.Of("roleRef");
        errors.OneOf(path / "apiGroup", role.ApiGroup, RbacDefaults.Group);
        errors.OneOf(path / "kind", role.Kind, namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"]);
        if (role.Name.Length == 0) errors.Required(path / "name");
        else errors.Problems(path / "name", role.Name, NameRules.PathSegment(role.Name));
        for (var i = 0; i < (subjects?.Count ?? 0); i++) Subject(subjects![i], namespaced, FieldPath.Of("subjects")[i], errors);
    }

    /// <summary>Whoever may change a binding's subjects may not thereby grant another role.</summary>
    internal static void SameRole(RoleRef role, RoleRef old, FieldErrors errors)
    {
        if (role.ContentEquals(old)) return;
        // Shown as upstream's internal type shows itself.
        var shown = new JsonObject { ["APIGroup"] = role.ApiGroup, ["Kind"] = role.Kind, ["Name"] = role.Name };
        errors.Invalid(FieldPath.Of("roleRef"), shown, "cannot change roleRef");
    }

    private static void Subject(Subject subject, bool namespaced, FieldPath path, FieldErrors errors)
    {
        errors.RequiredText(path / "name", subject.Name);
        switch (subject.Kind)
        {
            case SubjectKind.ServiceAccount:
                if (subject.Name.Length > 0) errors.Subdomain(path / "name", subject.Name);
                if (subject.ApiGroup.Length > 0) errors.NotSupported(path / "apiGroup", subject.ApiGroup, [""]);
                if (!namespaced) errors.RequiredText(path / "namespace", subject.Namespace);
                break;
            case SubjectKind.User or SubjectKind.Group:
                var kind = subject.Kind == SubjectKind.User ? "user" : "group";
                if (subject.Name.Length == 0) errors.Invalid(path / "name", "", $"{kind} name cannot be empty");
                errors.OneOf(path / "apiGroup", subject.ApiGroup, RbacDefaults.Group);
                break;
            default:
                errors.NotSupported(path / "kind", subject.Kind, [SubjectKind.ServiceAccount, SubjectKind.User, SubjectKind.Group]);
                break;
        }
    }
}

public sealed partial class RoleBindingRules
{
    public override void Validate(RoleBinding obj, FieldErrors errors) => BindingValidation.Validate(obj.RoleRef, obj.Subjects, namespaced: true, errors);

    public override void ValidateUpdate(RoleBinding obj, RoleBinding old, string subresource, FieldErrors errors)
    {
        Validate(obj, errors);
        BindingValidation.SameRole(obj.RoleRef, old.RoleRef, errors);
    }
}

public sealed partial class ClusterRoleBindingRules
{
    public override void Validate(ClusterRoleBinding obj, FieldErrors errors) => BindingValidation.Validate(obj.RoleRef, obj.Subjects, namespaced: false, errors);

    public override void ValidateUpdate(ClusterRoleBinding obj, ClusterRoleBinding old, string subresource, FieldErrors errors)
    {
        Validate(obj, errors);
        BindingValidation.SameRole(obj.RoleRef, old.RoleRef, errors);
    }
}
