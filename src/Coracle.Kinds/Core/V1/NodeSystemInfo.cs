using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class NodeSystemInfo
{
    [Field(1), Required]
    public string MachineID { get; set; } = "";

    [Field(2), Required]
    public string SystemUUID { get; set; } = "";

    [Field(3), Required]
    public string BootID { get; set; } = "";

    [Field(4), Required]
    public string KernelVersion { get; set; } = "";

    [Field(5), Required]
    public string OsImage { get; set; } = "";

    [Field(6), Required]
    public string ContainerRuntimeVersion { get; set; } = "";

    [Field(7), Required]
    public string KubeletVersion { get; set; } = "";

    [Field(8), Required]
    public string KubeProxyVersion { get; set; } = "";

    [Field(9), Required]
    public string OperatingSystem { get; set; } = "";

    [Field(10), Required]
    public string Architecture { get; set; } = "";

    [Field(11)]
    public NodeSwapStatus? Swap { get; set; }
}

[ApiType]
public sealed partial class NodeSwapStatus
{
    [Field(1)]
    public long? Capacity { get; set; }
}

[ApiType]
public sealed partial class NodeRuntimeHandler
{
    [Field(1, Always = true)]
    public string Name { get; set; } = "";

    [Field(2)]
    public NodeRuntimeHandlerFeatures? Features { get; set; }
}

[ApiType]
public sealed partial class NodeRuntimeHandlerFeatures
{
    [Field(1)]
    public bool? RecursiveReadOnlyMounts { get; set; }

    [Field(2)]
    public bool? UserNamespaces { get; set; }
}

[ApiType]
public sealed partial class NodeFeatures
{
    [Field(1)]
    public bool? SupplementalGroupsPolicy { get; set; }
}
