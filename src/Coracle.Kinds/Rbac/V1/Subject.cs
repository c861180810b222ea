using Coracle.Schema;

namespace Coracle.Kinds.Rbac.V1;

[ApiType(Atomic = true)]
public sealed partial class Subject
{
    [Field(1), Required]
    public string Kind { get; set; } = "";

    [Field(2)]
    public string ApiGroup { get; set; } = "";

    [Field(3), Required]
    public string Name { get; set; } = "";

    [Field(4)]
    public string Namespace { get; set; } = "";
}

[ApiType(Atomic = true)]
public sealed partial class RoleRef
{
    [Field(1, Always = true)]
    public string ApiGroup { get; set; } = "";

    [Field(2), Required]
    public string Kind { get; set; } = "";

    [Field(3), Required]
    public string Name { get; set; } = "";
}

public static class SubjectKind
{
    public const string User = "User";
    public const string Group = "Group";
    public const string ServiceAccount = "ServiceAccount";
}
