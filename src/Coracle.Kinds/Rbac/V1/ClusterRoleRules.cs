using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

/// <summary>Cluster roles beyond their schema.</summary>
public sealed partial class ClusterRoleRules : KindRules<ClusterRole>
{
    /// <summary>Roles are named by what they are for: "system:node".</summary>
    public override IReadOnlyList<string> NameProblems(string name, bool isPrefix) => NameRules.PathSegment(name);
}
