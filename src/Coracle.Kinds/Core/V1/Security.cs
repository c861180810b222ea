using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Users, groups and confinement of a container. What is not set here is as the pod says.</summary>
[ApiType]
public sealed partial class SecurityContext
{
    /// <summary>Capabilities of the kernel to add and to drop.</summary>
    [Field(1)]
    public Capabilities? Capabilities { get; set; }

    /// <summary>The container may do what root may do on the node.</summary>
    [Field(2)]
    public bool? Privileged { get; set; }

    /// <summary>The SELinux context of the container.</summary>
    [Field(3)]
    public SELinuxOptions? SeLinuxOptions { get; set; }

    /// <summary>Settings for Windows.</summary>
    [Field(10)]
    public WindowsSecurityContextOptions? WindowsOptions { get; set; }

    /// <summary>Id of the user under which the program runs; the image's own unless given.</summary>
    [Field(4)]
    public long? RunAsUser { get; set; }

    /// <summary>Id of the program's primary group.</summary>
    [Field(8)]
    public long? RunAsGroup { get; set; }

    /// <summary>Refuse to start the program as root.</summary>
    [Field(5)]
    public bool? RunAsNonRoot { get; set; }

    /// <summary>The container's root file system cannot be written to.</summary>
    [Field(6)]
    public bool? ReadOnlyRootFilesystem { get; set; }

    /// <summary>Whether a process may get more privileges than its parent has. Always true for a privileged container.</summary>
    [Field(7)]
    public bool? AllowPrivilegeEscalation { get; set; }

    /// <summary>How /proc is mounted: Default, or Unmasked for all of it.</summary>
    [Field(9)]
    public string? ProcMount { get; set; }

    /// <summary>Which system calls are allowed.</summary>
    [Field(11)]
    public SeccompProfile? SeccompProfile { get; set; }

    /// <summary>The AppArmor profile of the container.</summary>
    [Field(12)]
    public AppArmorProfile? AppArmorProfile { get; set; }
}

/// <summary>Users, groups and confinement of all containers of a pod.</summary>
[ApiType]
public sealed partial class PodSecurityContext
{
    /// <summary>The SELinux context of the containers.</summary>
    [Field(1)]
    public SELinuxOptions? SeLinuxOptions { get; set; }

    /// <summary>Settings for Windows.</summary>
    [Field(8)]
    public WindowsSecurityContextOptions? WindowsOptions { get; set; }

    /// <summary>Id of the user under which the programs run; the image's own unless given.</summary>
    [Field(2)]
    public long? RunAsUser { get; set; }

    /// <summary>Id of the programs' primary group.</summary>
    [Field(6)]
    public long? RunAsGroup { get; set; }

    /// <summary>Refuse to start a program as root.</summary>
    [Field(3)]
    public bool? RunAsNonRoot { get; set; }

    /// <summary>Ids of further groups for the first process of each container.</summary>
    [Field(4), ListType("atomic")]
    public List<long>? SupplementalGroups { get; set; }

    /// <summary>Whether the image's groups of the user count as well: Merge, or Strict for none.</summary>
    [Field(12)]
    public string? SupplementalGroupsPolicy { get; set; }

    /// <summary>Id of a group that owns the pod's volumes and to which all its processes belong.</summary>
    [Field(5)]
    public long? FsGroup { get; set; }

    /// <summary>Parameters of the kernel, as far as they belong to the pod alone.</summary>
    [Field(7), ListType("atomic")]
    public List<Sysctl>? Sysctls { get; set; }

    /// <summary>When the ownership of volumes is changed: Always, or OnRootMismatch when the root's is not right yet.</summary>
    [Field(9)]
    public string? FsGroupChangePolicy { get; set; }

    /// <summary>Which system calls are allowed.</summary>
    [Field(10)]
    public SeccompProfile? SeccompProfile { get; set; }

    /// <summary>The AppArmor profile of the containers.</summary>
    [Field(11)]
    public AppArmorProfile? AppArmorProfile { get; set; }

    /// <summary>How volumes get the SELinux label: Recursive file by file, or MountOption at once.</summary>
    [Field(13)]
    public string? SeLinuxChangePolicy { get; set; }
}

/// <summary>Capabilities of the kernel to add and to drop, beyond what the runtime gives.</summary>
[ApiType]
public sealed partial class Capabilities
{
    /// <summary>Capabilities to add.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? Add { get; set; }

    /// <summary>Capabilities to drop; ALL for all.</summary>
    [Field(2), ListType("atomic")]
    public List<string>? Drop { get; set; }
}

/// <summary>Whether the groups that an image gives to its user count.</summary>
public static class SupplementalGroupsPolicy
{
    public const string Merge = "Merge";
    public const string Strict = "Strict";
}

/// <summary>When the ownership of volumes is changed.</summary>
public static class PodFSGroupChangePolicy
{
    public const string OnRootMismatch = "OnRootMismatch";
    public const string Always = "Always";
}

/// <summary>How volumes get their SELinux label.</summary>
public static class PodSELinuxChangePolicy
{
    public const string Recursive = "Recursive";
    public const string MountOption = "MountOption";
}

/// <summary>How /proc is mounted.</summary>
public static class ProcMountType
{
    public const string Default = "Default";
    public const string Unmasked = "Unmasked";
}
