using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class NodeConfigSource
{
    [Field(2)]
    public ConfigMapNodeConfigSource? ConfigMap { get; set; }
}

[ApiType]
public sealed partial class ConfigMapNodeConfigSource
{
    [Field(1), Required]
    public string Namespace { get; set; } = "";

    [Field(2), Required]
    public string Name { get; set; } = "";

    [Field(3)]
    public string Uid { get; set; } = "";

    [Field(4)]
    public string ResourceVersion { get; set; } = "";

    [Field(5), Required]
    public string KubeletConfigKey { get; set; } = "";
}

[ApiType]
public sealed partial class NodeConfigStatus
{
    [Field(1)]
    public NodeConfigSource? Assigned { get; set; }

    [Field(2)]
    public NodeConfigSource? Active { get; set; }

    [Field(3)]
    public NodeConfigSource? LastKnownGood { get; set; }

    [Field(4)]
    public string Error { get; set; } = "";
}
