using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Identifiers and versions of a machine and its software.</summary>
[ApiType]
public sealed partial class NodeSystemInfo
{
    /// <summary>The machine's own identifier, as in /etc/machine-id.</summary>
    [Field(1), Required]
    public string MachineID { get; set; } = "";

    /// <summary>The identifier that the firmware reports.</summary>
    [Field(2), Required]
    public string SystemUUID { get; set; } = "";

    /// <summary>Identifies the time since the machine last started.</summary>
    [Field(3), Required]
    public string BootID { get; set; } = "";

    /// <summary>Version of the kernel, as of uname -r.</summary>
    [Field(4), Required]
    public string KernelVersion { get; set; } = "";

    /// <summary>Name of the operating system, as in /etc/os-release.</summary>
    [Field(5), Required]
    public string OsImage { get; set; } = "";

    /// <summary>Name and version of the container runtime: containerd://2.0.0.</summary>
    [Field(6), Required]
    public string ContainerRuntimeVersion { get; set; } = "";

    /// <summary>Version of the node's agent.</summary>
    [Field(7), Required]
    public string KubeletVersion { get; set; } = "";

    /// <summary>No longer filled in.</summary>
    [Field(8), Required]
    public string KubeProxyVersion { get; set; } = "";

    /// <summary>"linux" or "windows".</summary>
    [Field(9), Required]
    public string OperatingSystem { get; set; } = "";

    /// <summary>The processor's architecture: "amd64", "arm64"...</summary>
    [Field(10), Required]
    public string Architecture { get; set; } = "";

    /// <summary>The swap space of the machine.</summary>
    [Field(11)]
    public NodeSwapStatus? Swap { get; set; }
}

/// <summary>The swap space of a machine.</summary>
[ApiType]
public sealed partial class NodeSwapStatus
{
    /// <summary>Its size in bytes.</summary>
    [Field(1)]
    public long? Capacity { get; set; }
}

/// <summary>A container runtime that a node offers.</summary>
[ApiType]
public sealed partial class NodeRuntimeHandler
{
    /// <summary>The name that a RuntimeClass refers to; empty for the default one.</summary>
    [Field(1, Always = true)]
    public string Name { get; set; } = "";

    /// <summary>What the runtime can do.</summary>
    [Field(2)]
    public NodeRuntimeHandlerFeatures? Features { get; set; }
}

/// <summary>What a container runtime can do.</summary>
[ApiType]
public sealed partial class NodeRuntimeHandlerFeatures
{
    /// <summary>Mounts can be made read-only together with those below them.</summary>
    [Field(1)]
    public bool? RecursiveReadOnlyMounts { get; set; }

    /// <summary>Pods can have user namespaces, volumes included.</summary>
    [Field(2)]
    public bool? UserNamespaces { get; set; }
}

/// <summary>What a node's container runtime can do as a whole.</summary>
[ApiType]
public sealed partial class NodeFeatures
{
    /// <summary>The policy for supplemental groups is honoured.</summary>
    [Field(1)]
    public bool? SupplementalGroupsPolicy { get; set; }
}
