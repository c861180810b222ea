using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

/// <summary>Cluster role bindings beyond their schema.</summary>
public sealed partial class ClusterRoleBindingRules : KindRules<ClusterRoleBinding>
{
    /// <summary>Roles are named by what they are for: "system:node".</summary>
    public override IReadOnlyList<string> NameProblems(string name, bool isPrefix) => NameRules.PathSegment(name);

    public override void Default(JsonObject obj) => RbacDefaults.Binding(obj);

    public override IReadOnlyList<TableColumn> Columns => BindingTable.Columns;

    public override IReadOnlyList<object?> Cells(ClusterRoleBinding obj, DateTimeOffset now) =>
        BindingTable.Cells(obj.Metadata, obj.RoleRef, obj.Subjects, now);
}
