using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>An environment variable.</summary>
[ApiType]
public sealed partial class EnvVar
{
    /// <summary>The variable's name: any printable characters but "=".</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>Its value. $(VAR) stands for a variable that comes earlier; $$ for a dollar sign.</summary>
    [Field(2)]
    public string Value { get; set; } = "";

    /// <summary>Where the value comes from, instead of value.</summary>
    [Field(3)]
    public EnvVarSource? ValueFrom { get; set; }
}

/// <summary>Where the value of an environment variable comes from. One field is set.</summary>
[ApiType]
public sealed partial class EnvVarSource
{
    /// <summary>A field of the pod: its name, namespace, labels, annotations, node, account or addresses.</summary>
    [Field(1)]
    public ObjectFieldSelector? FieldRef { get; set; }

    /// <summary>A limit or request of a container.</summary>
    [Field(2)]
    public ResourceFieldSelector? ResourceFieldRef { get; set; }

    /// <summary>A key of a config map.</summary>
    [Field(3)]
    public ConfigMapKeySelector? ConfigMapKeyRef { get; set; }

    /// <summary>A key of a secret.</summary>
    [Field(4)]
    public SecretKeySelector? SecretKeyRef { get; set; }

    /// <summary>A key of a file of variables in a volume.</summary>
    [Field(5)]
    public FileKeySelector? FileKeyRef { get; set; }
}

/// <summary>A source of which every key becomes an environment variable.</summary>
[ApiType]
public sealed partial class EnvFromSource
{
    /// <summary>Text to put before every key.</summary>
    [Field(1)]
    public string Prefix { get; set; } = "";

    /// <summary>A config map.</summary>
    [Field(2)]
    public ConfigMapEnvSource? ConfigMapRef { get; set; }

    /// <summary>A secret.</summary>
    [Field(3)]
    public SecretEnvSource? SecretRef { get; set; }
}

/// <summary>A config map of which every key becomes an environment variable.</summary>
/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType]
public sealed partial class ConfigMapEnvSource
{
    /// <summary>Name of the config map.</summary>
    [Field(1_001), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";

    /// <summary>It may be missing.</summary>
    [Field(2)]
    public bool? Optional { get; set; }
}

/// <summary>A secret of which every key becomes an environment variable.</summary>
/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType]
public sealed partial class SecretEnvSource
{
    /// <summary>Name of the secret.</summary>
    [Field(1_001), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";

    /// <summary>It may be missing.</summary>
    [Field(2)]
    public bool? Optional { get; set; }
}
