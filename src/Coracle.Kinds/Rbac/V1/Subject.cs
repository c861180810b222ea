using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

/// <summary>Somebody to whom a role is granted.</summary>
[ApiType(Atomic = true)]
public sealed partial class Subject
{
    /// <summary>User, Group or ServiceAccount.</summary>
    [Field(1), Required]
    public string Kind { get; set; } = "";

    /// <summary>Group of the kind: "" for service accounts, rbac.authorization.k8s.io for users and groups.</summary>
    [Field(2)]
    public string ApiGroup { get; set; } = "";

    /// <summary>The name.</summary>
    [Field(3), Required]
    public string Name { get; set; } = "";

    /// <summary>Namespace of a service account.</summary>
    [Field(4)]
    public string Namespace { get; set; } = "";
}

/// <summary>Names the role that is granted.</summary>
[ApiType(Atomic = true)]
public sealed partial class RoleRef
{
    /// <summary>Group of the role: rbac.authorization.k8s.io.</summary>
    [Field(1, Always = true)]
    public string ApiGroup { get; set; } = "";

    /// <summary>Role or ClusterRole.</summary>
    [Field(2), Required]
    public string Kind { get; set; } = "";

    /// <summary>The role's name.</summary>
    [Field(3), Required]
    public string Name { get; set; } = "";
}

/// <summary>To whom a role can be granted.</summary>
public static class SubjectKind
{
    public const string User = "User";
    public const string Group = "Group";
    public const string ServiceAccount = "ServiceAccount";
}
