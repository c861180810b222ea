using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;

namespace Coracle.Kinds.Rbac.V1;

/// <summary>The groups that references in bindings leave out.</summary>
internal static class RbacDefaults
{
    internal const string Group = "rbac.authorization.k8s.io";

    internal static void Binding(JsonObject obj)
    {
        obj.ChildOrNew("roleRef").TextOr("apiGroup", Group);
        foreach (var subject in obj.Items("subjects"))
            if (subject.Text("kind") is SubjectKind.User or SubjectKind.Group) subject.TextOr("apiGroup", Group);
    }
}
