using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>What a server says of its version at /version.</summary>
[ApiType(Definition = "io.k8s.apimachinery.pkg.version.Info")]
public sealed partial class ServerVersion
{
    /// <summary>The first number of the version of the API.</summary>
    [Field, Required]
    public string Major { get; set; } = "";

    /// <summary>The second number of the version of the API.</summary>
    [Field, Required]
    public string Minor { get; set; } = "";

    /// <summary>The first number of the version whose behaviour is shown.</summary>
    [Field]
    public string EmulationMajor { get; set; } = "";

    /// <summary>The second number of the version whose behaviour is shown.</summary>
    [Field]
    public string EmulationMinor { get; set; } = "";

    /// <summary>The first number of the oldest version that this one can work with.</summary>
    [Field]
    public string MinCompatibilityMajor { get; set; } = "";

    /// <summary>The second number of the oldest version that this one can work with.</summary>
    [Field]
    public string MinCompatibilityMinor { get; set; } = "";

    /// <summary>The whole version: "v1.36.0".</summary>
    [Field, Required]
    public string GitVersion { get; set; } = "";

    /// <summary>The commit that was built.</summary>
    [Field, Required]
    public string GitCommit { get; set; } = "";

    /// <summary>"clean", or "dirty" for a build with changes that are not in the commit.</summary>
    [Field, Required]
    public string GitTreeState { get; set; } = "";

    /// <summary>When it was built.</summary>
    [Field, Required]
    public string BuildDate { get; set; } = "";

    /// <summary>The version of Go it was built with, where it was.</summary>
    [Field, Required]
    public string GoVersion { get; set; } = "";

    /// <summary>What compiled it.</summary>
    [Field, Required]
    public string Compiler { get; set; } = "";

    /// <summary>Operating system and processor: "linux/amd64".</summary>
    [Field, Required]
    public string Platform { get; set; } = "";
}
