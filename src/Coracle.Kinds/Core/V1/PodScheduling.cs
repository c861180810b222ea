using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>The operating system that containers are made for.</summary>
[ApiType]
public sealed partial class PodOS
{
    /// <summary>"linux" or "windows".</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";
}

/// <summary>Keeps a pod from being placed until it is removed.</summary>
[ApiType]
public sealed partial class PodSchedulingGate
{
    /// <summary>The gate's name, unique in the pod.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";
}

/// <summary>A condition that must be true before a pod counts as ready.</summary>
[ApiType]
public sealed partial class PodReadinessGate
{
    /// <summary>The type of a condition in the pod's status.</summary>
    [Field(1), Required]
    public string ConditionType { get; set; } = "";
}

/// <summary>The group of pods with which a pod is placed.</summary>
[ApiType]
[Union(null, "podGroupName=PodGroupName")]
public sealed partial class PodSchedulingGroup
{
    /// <summary>Name of the PodGroup.</summary>
    [Field(1)]
    public string? PodGroupName { get; set; }
}

/// <summary>A claim of devices that a pod uses, made already or to be made from a template.</summary>
[ApiType]
public sealed partial class PodResourceClaim
{
    /// <summary>By which name the pod's containers refer to the claim.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>An existing ResourceClaim in the pod's namespace.</summary>
    [Field(3)]
    public string? ResourceClaimName { get; set; }

    /// <summary>A ResourceClaimTemplate from which a claim is made for this pod alone, and which goes with it.</summary>
    [Field(4)]
    public string? ResourceClaimTemplateName { get; set; }
}

/// <summary>A line of /etc/hosts.</summary>
[ApiType]
public sealed partial class HostAlias
{
    /// <summary>The address.</summary>
    [Field(1), Required]
    public string Ip { get; set; } = "";

    /// <summary>Names for the address.</summary>
    [Field(2), ListType("atomic")]
    public List<string>? Hostnames { get; set; }
}

/// <summary>Operating systems that containers are made for.</summary>
public static class OSName
{
    public const string Linux = "linux";
    public const string Windows = "windows";
}
