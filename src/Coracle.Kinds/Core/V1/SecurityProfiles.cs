using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>An SELinux context.</summary>
[ApiType]
public sealed partial class SELinuxOptions
{
    /// <summary>Its user.</summary>
    [Field(1)]
    public string User { get; set; } = "";

    /// <summary>Its role.</summary>
    [Field(2)]
    public string Role { get; set; } = "";

    /// <summary>Its type.</summary>
    [Field(3)]
    public string Type { get; set; } = "";

    /// <summary>Its level.</summary>
    [Field(4)]
    public string Level { get; set; } = "";
}

/// <summary>Security settings for Windows.</summary>
[ApiType]
public sealed partial class WindowsSecurityContextOptions
{
    /// <summary>Name of the credential specification of a group managed service account.</summary>
    [Field(1)]
    public string? GmsaCredentialSpecName { get; set; }

    /// <summary>The credential specification itself.</summary>
    [Field(2)]
    public string? GmsaCredentialSpec { get; set; }

    /// <summary>The user under which the program runs.</summary>
    [Field(3)]
    public string? RunAsUserName { get; set; }

    /// <summary>The container runs as a process of the node.</summary>
    [Field(4)]
    public bool? HostProcess { get; set; }
}

/// <summary>A parameter of the kernel.</summary>
[ApiType]
public sealed partial class Sysctl
{
    /// <summary>The parameter's name.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>The parameter's value.</summary>
    [Field(2), Required]
    public string Value { get; set; } = "";
}

/// <summary>Which system calls are allowed.</summary>
[ApiType]
[Union("type", "localhostProfile=LocalhostProfile")]
public sealed partial class SeccompProfile
{
    /// <summary>Where the list is from: Localhost (a file of the node), RuntimeDefault or Unconfined (all are allowed).</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>The file, relative to the node's directory of profiles. For Localhost alone.</summary>
    [Field(2)]
    public string? LocalhostProfile { get; set; }
}

/// <summary>An AppArmor profile.</summary>
[ApiType]
[Union("type", "localhostProfile=LocalhostProfile")]
public sealed partial class AppArmorProfile
{
    /// <summary>Which profile: Localhost (one loaded on the node), RuntimeDefault or Unconfined.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>The profile's name on the node. For Localhost alone.</summary>
    [Field(2)]
    public string? LocalhostProfile { get; set; }
}

/// <summary>Where a list of system calls is from.</summary>
public static class SeccompProfileType
{
    public const string Unconfined = "Unconfined";
    public const string RuntimeDefault = "RuntimeDefault";
    public const string Localhost = "Localhost";
}

/// <summary>Which AppArmor profile is used.</summary>
public static class AppArmorProfileType
{
    public const string Unconfined = "Unconfined";
    public const string RuntimeDefault = "RuntimeDefault";
    public const string Localhost = "Localhost";
}
