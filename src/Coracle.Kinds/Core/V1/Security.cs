using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class SecurityContext
{
    [Field(1)]
    public Capabilities? Capabilities { get; set; }

    [Field(2)]
    public bool? Privileged { get; set; }

    [Field(3)]
    public SELinuxOptions? SeLinuxOptions { get; set; }

    [Field(10)]
    public WindowsSecurityContextOptions? WindowsOptions { get; set; }

    [Field(4)]
    public long? RunAsUser { get; set; }

    [Field(8)]
    public long? RunAsGroup { get; set; }

    [Field(5)]
    public bool? RunAsNonRoot { get; set; }

    [Field(6)]
    public bool? ReadOnlyRootFilesystem { get; set; }

    [Field(7)]
    public bool? AllowPrivilegeEscalation { get; set; }

    [Field(9)]
    public string? ProcMount { get; set; }

    [Field(11)]
    public SeccompProfile? SeccompProfile { get; set; }

    [Field(12)]
    public AppArmorProfile? AppArmorProfile { get; set; }
}

[ApiType]
public sealed partial class PodSecurityContext
{
    [Field(1)]
    public SELinuxOptions? SeLinuxOptions { get; set; }

    [Field(8)]
    public WindowsSecurityContextOptions? WindowsOptions { get; set; }

    [Field(2)]
    public long? RunAsUser { get; set; }

    [Field(6)]
    public long? RunAsGroup { get; set; }

    [Field(3)]
    public bool? RunAsNonRoot { get; set; }

    [Field(4), ListType("atomic")]
    public List<long>? SupplementalGroups { get; set; }

    [Field(12)]
    public string? SupplementalGroupsPolicy { get; set; }

    [Field(5)]
    public long? FsGroup { get; set; }

    [Field(7), ListType("atomic")]
    public List<Sysctl>? Sysctls { get; set; }

    [Field(9)]
    public string? FsGroupChangePolicy { get; set; }

    [Field(10)]
    public SeccompProfile? SeccompProfile { get; set; }

    [Field(11)]
    public AppArmorProfile? AppArmorProfile { get; set; }

    [Field(13)]
    public string? SeLinuxChangePolicy { get; set; }
}

[ApiType]
public sealed partial class Capabilities
{
    [Field(1), ListType("atomic")]
    public List<string>? Add { get; set; }

    [Field(2), ListType("atomic")]
    public List<string>? Drop { get; set; }
}

public static class SupplementalGroupsPolicy
{
    public const string Merge = "Merge";
    public const string Strict = "Strict";
}

public static class PodFSGroupChangePolicy
{
    public const string OnRootMismatch = "OnRootMismatch";
    public const string Always = "Always";
}

public static class PodSELinuxChangePolicy
{
    public const string Recursive = "Recursive";
    public const string MountOption = "MountOption";
}

public static class ProcMountType
{
    public const string Default = "Default";
    public const string Unmasked = "Unmasked";
}
