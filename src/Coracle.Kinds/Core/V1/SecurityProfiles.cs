using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class SELinuxOptions
{
    [Field(1)]
    public string User { get; set; } = "";

    [Field(2)]
    public string Role { get; set; } = "";

    [Field(3)]
    public string Type { get; set; } = "";

    [Field(4)]
    public string Level { get; set; } = "";
}

[ApiType]
public sealed partial class WindowsSecurityContextOptions
{
    [Field(1)]
    public string? GmsaCredentialSpecName { get; set; }

    [Field(2)]
    public string? GmsaCredentialSpec { get; set; }

    [Field(3)]
    public string? RunAsUserName { get; set; }

    [Field(4)]
    public bool? HostProcess { get; set; }
}

[ApiType]
public sealed partial class Sysctl
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2), Required]
    public string Value { get; set; } = "";
}

[ApiType]
[Union("type", "localhostProfile=LocalhostProfile")]
public sealed partial class SeccompProfile
{
    [Field(1), Required]
    public string Type { get; set; } = "";

    [Field(2)]
    public string? LocalhostProfile { get; set; }
}

[ApiType]
[Union("type", "localhostProfile=LocalhostProfile")]
public sealed partial class AppArmorProfile
{
    [Field(1), Required]
    public string Type { get; set; } = "";

    [Field(2)]
    public string? LocalhostProfile { get; set; }
}

public static class SeccompProfileType
{
    public const string Unconfined = "Unconfined";
    public const string RuntimeDefault = "RuntimeDefault";
    public const string Localhost = "Localhost";
}

public static class AppArmorProfileType
{
    public const string Unconfined = "Unconfined";
    public const string RuntimeDefault = "RuntimeDefault";
    public const string Localhost = "Localhost";
}
