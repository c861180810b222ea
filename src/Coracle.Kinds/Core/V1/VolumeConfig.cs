using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType]
public sealed partial class ConfigMapVolumeSource
{
    [Field(1_001), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";

    [Field(2), ListType("atomic")]
    public List<KeyToPath>? Items { get; set; }

    [Field(3), Default(420)]
    public int? DefaultMode { get; set; }

    [Field(4)]
    public bool? Optional { get; set; }
}

[ApiType]
public sealed partial class SecretVolumeSource
{
    [Field(1)]
    public string SecretName { get; set; } = "";

    [Field(2), ListType("atomic")]
    public List<KeyToPath>? Items { get; set; }

    [Field(3), Default(420)]
    public int? DefaultMode { get; set; }

    [Field(4)]
    public bool? Optional { get; set; }
}

[ApiType]
public sealed partial class DownwardAPIVolumeSource
{
    [Field(1), ListType("atomic")]
    public List<DownwardAPIVolumeFile>? Items { get; set; }

    [Field(2), Default(420)]
    public int? DefaultMode { get; set; }
}

[ApiType]
public sealed partial class DownwardAPIVolumeFile
{
    [Field(1), Required]
    public string Path { get; set; } = "";

    [Field(2)]
    public ObjectFieldSelector? FieldRef { get; set; }

    [Field(3)]
    public ResourceFieldSelector? ResourceFieldRef { get; set; }

    [Field(4)]
    public int? Mode { get; set; }
}

[ApiType]
public sealed partial class KeyToPath
{
    [Field(1), Required]
    public string Key { get; set; } = "";

    [Field(2), Required]
    public string Path { get; set; } = "";

    [Field(3)]
    public int? Mode { get; set; }
}
