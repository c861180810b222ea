using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A key of a config map.</summary>
/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType(Atomic = true)]
public sealed partial class ConfigMapKeySelector
{
    /// <summary>Name of the config map.</summary>
    [Field(1_001), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";

    /// <summary>The key.</summary>
    [Field(2), Required]
    public string Key { get; set; } = "";

    /// <summary>The config map or the key may be missing.</summary>
    [Field(3)]
    public bool? Optional { get; set; }
}

/// <summary>A key of a secret.</summary>
/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType(Atomic = true)]
public sealed partial class SecretKeySelector
{
    /// <summary>Name of the secret.</summary>
    [Field(1_001), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";

    /// <summary>The key.</summary>
    [Field(2), Required]
    public string Key { get; set; } = "";

    /// <summary>The secret or the key may be missing.</summary>
    [Field(3)]
    public bool? Optional { get; set; }
}

/// <summary>A key of a file of variables in a volume.</summary>
[ApiType(Atomic = true)]
public sealed partial class FileKeySelector
{
    /// <summary>The volume's name in the pod.</summary>
    [Field(1), Required]
    public string VolumeName { get; set; } = "";

    /// <summary>The file, relative to the volume's root, without "..".</summary>
    [Field(2), Required]
    public string Path { get; set; } = "";

    /// <summary>The key in the file.</summary>
    [Field(3), Required]
    public string Key { get; set; } = "";

    /// <summary>The file or the key may be missing; the variable is then not set.</summary>
    [Field(4), Default(false, Published = true)]
    public bool? Optional { get; set; }
}

/// <summary>A field of the pod.</summary>
[ApiType(Atomic = true)]
public sealed partial class ObjectFieldSelector
{
    /// <summary>The version in whose terms the field is named.</summary>
    [Field(1), Default("v1")]
    public string ApiVersion { get; set; } = "";

    /// <summary>The field: metadata.name, metadata.labels['KEY'], status.podIP...</summary>
    [Field(2), Required]
    public string FieldPath { get; set; } = "";
}

/// <summary>A limit or request of a container.</summary>
[ApiType(Atomic = true)]
public sealed partial class ResourceFieldSelector
{
    /// <summary>The container; needed in volumes, in environment variables it is the container itself unless given.</summary>
    [Field(1)]
    public string ContainerName { get; set; } = "";

    /// <summary>The value: limits.cpu, requests.memory...</summary>
    [Field(2), Required]
    public string Resource { get; set; } = "";

    /// <summary>The unit in which the value is given; 1 unless given.</summary>
    [Field(3, Always = true)]
    public Quantity Divisor { get; set; }
}
