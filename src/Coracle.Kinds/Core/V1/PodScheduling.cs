using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class PodOS
{
    [Field(1), Required]
    public string Name { get; set; } = "";
}

[ApiType]
public sealed partial class PodSchedulingGate
{
    [Field(1), Required]
    public string Name { get; set; } = "";
}

[ApiType]
public sealed partial class PodReadinessGate
{
    [Field(1), Required]
    public string ConditionType { get; set; } = "";
}

[ApiType]
[Union(null, "podGroupName=PodGroupName")]
public sealed partial class PodSchedulingGroup
{
    [Field(1)]
    public string? PodGroupName { get; set; }
}

[ApiType]
public sealed partial class PodResourceClaim
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(3)]
    public string? ResourceClaimName { get; set; }

    [Field(4)]
    public string? ResourceClaimTemplateName { get; set; }
}

[ApiType]
public sealed partial class HostAlias
{
    [Field(1), Required]
    public string Ip { get; set; } = "";

    [Field(2), ListType("atomic")]
    public List<string>? Hostnames { get; set; }
}

public static class OSName
{
    public const string Linux = "linux";
    public const string Windows = "windows";
}
