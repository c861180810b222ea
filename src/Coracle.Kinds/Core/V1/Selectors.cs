using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType(Atomic = true)]
public sealed partial class ConfigMapKeySelector
{
    [Field(1_001), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";

    [Field(2), Required]
    public string Key { get; set; } = "";

    [Field(3)]
    public bool? Optional { get; set; }
}

/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType(Atomic = true)]
public sealed partial class SecretKeySelector
{
    [Field(1_001), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";

    [Field(2), Required]
    public string Key { get; set; } = "";

    [Field(3)]
    public bool? Optional { get; set; }
}

[ApiType(Atomic = true)]
public sealed partial class FileKeySelector
{
    [Field(1), Required]
    public string VolumeName { get; set; } = "";

    [Field(2), Required]
    public string Path { get; set; } = "";

    [Field(3), Required]
    public string Key { get; set; } = "";

    [Field(4), Default(false, Published = true)]
    public bool? Optional { get; set; }
}

[ApiType(Atomic = true)]
public sealed partial class ObjectFieldSelector
{
    [Field(1), Default("v1")]
    public string ApiVersion { get; set; } = "";

    [Field(2), Required]
    public string FieldPath { get; set; } = "";
}

[ApiType(Atomic = true)]
public sealed partial class ResourceFieldSelector
{
    [Field(1)]
    public string ContainerName { get; set; } = "";

    [Field(2), Required]
    public string Resource { get; set; } = "";

    [Field(3, Always = true)]
    public Quantity Divisor { get; set; }
}
