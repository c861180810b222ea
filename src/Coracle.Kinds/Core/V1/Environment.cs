using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class EnvVar
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2)]
    public string Value { get; set; } = "";

    [Field(3)]
    public EnvVarSource? ValueFrom { get; set; }
}

[ApiType]
public sealed partial class EnvVarSource
{
    [Field(1)]
    public ObjectFieldSelector? FieldRef { get; set; }

    [Field(2)]
    public ResourceFieldSelector? ResourceFieldRef { get; set; }

    [Field(3)]
    public ConfigMapKeySelector? ConfigMapKeyRef { get; set; }

    [Field(4)]
    public SecretKeySelector? SecretKeyRef { get; set; }

    [Field(5)]
    public FileKeySelector? FileKeyRef { get; set; }
}

[ApiType]
public sealed partial class EnvFromSource
{
    [Field(1)]
    public string Prefix { get; set; } = "";

    [Field(2)]
    public ConfigMapEnvSource? ConfigMapRef { get; set; }

    [Field(3)]
    public SecretEnvSource? SecretRef { get; set; }
}

/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType]
public sealed partial class ConfigMapEnvSource
{
    [Field(1_001), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";

    [Field(2)]
    public bool? Optional { get; set; }
}

/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType]
public sealed partial class SecretEnvSource
{
    [Field(1_001), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";

    [Field(2)]
    public bool? Optional { get; set; }
}
