using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Where a node's configuration came from. No longer used.</summary>
[ApiType]
public sealed partial class NodeConfigSource
{
    /// <summary>The config map that held the configuration.</summary>
    [Field(2)]
    public ConfigMapNodeConfigSource? ConfigMap { get; set; }
}

/// <summary>The config map that held a node's configuration. No longer used.</summary>
[ApiType]
public sealed partial class ConfigMapNodeConfigSource
{
    /// <summary>Namespace of the config map.</summary>
    [Field(1), Required]
    public string Namespace { get; set; } = "";

    /// <summary>Name of the config map.</summary>
    [Field(2), Required]
    public string Name { get; set; } = "";

    /// <summary>UID of the config map.</summary>
    [Field(3)]
    public string Uid { get; set; } = "";

    /// <summary>Version of the config map.</summary>
    [Field(4)]
    public string ResourceVersion { get; set; } = "";

    /// <summary>The key under which the configuration stood.</summary>
    [Field(5), Required]
    public string KubeletConfigKey { get; set; } = "";
}

/// <summary>Which configuration a node uses. No longer used.</summary>
[ApiType]
public sealed partial class NodeConfigStatus
{
    /// <summary>The configuration that the node is to use.</summary>
    [Field(1)]
    public NodeConfigSource? Assigned { get; set; }

    /// <summary>The configuration that the node uses.</summary>
    [Field(2)]
    public NodeConfigSource? Active { get; set; }

    /// <summary>The configuration to which the node falls back.</summary>
    [Field(3)]
    public NodeConfigSource? LastKnownGood { get; set; }

    /// <summary>What is wrong with the assigned configuration.</summary>
    [Field(4)]
    public string Error { get; set; } = "";
}
