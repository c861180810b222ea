using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>The keys of a config map as files.</summary>
/// <remarks>Fields numbered 1_xxx lie in protobuf in a nested message of number 1; JSON has them inline.</remarks>
[ApiType]
public sealed partial class ConfigMapVolumeSource
{
    /// <summary>Name of the config map.</summary>
    [Field(1_001), Default("", PublishedOnly = true)]
    public string Name { get; set; } = "";

    /// <summary>Keys to take, and where to put them; all of them by name unless given.</summary>
    [Field(2), ListType("atomic")]
    public List<KeyToPath>? Items { get; set; }

    /// <summary>Permissions of the files, 0644 unless given.</summary>
    [Field(3), Default(420)]
    public int? DefaultMode { get; set; }

    /// <summary>The config map or keys of it may be missing.</summary>
    [Field(4)]
    public bool? Optional { get; set; }
}

/// <summary>The keys of a secret as files.</summary>
[ApiType]
public sealed partial class SecretVolumeSource
{
    /// <summary>Name of the secret.</summary>
    [Field(1)]
    public string SecretName { get; set; } = "";

    /// <summary>Keys to take, and where to put them; all of them by name unless given.</summary>
    [Field(2), ListType("atomic")]
    public List<KeyToPath>? Items { get; set; }

    /// <summary>Permissions of the files, 0644 unless given.</summary>
    [Field(3), Default(420)]
    public int? DefaultMode { get; set; }

    /// <summary>The secret or keys of it may be missing.</summary>
    [Field(4)]
    public bool? Optional { get; set; }
}

/// <summary>Fields of the pod as files.</summary>
[ApiType]
public sealed partial class DownwardAPIVolumeSource
{
    /// <summary>The files.</summary>
    [Field(1), ListType("atomic")]
    public List<DownwardAPIVolumeFile>? Items { get; set; }

    /// <summary>Permissions of the files, 0644 unless given.</summary>
    [Field(2), Default(420)]
    public int? DefaultMode { get; set; }
}

/// <summary>A field of the pod as a file.</summary>
[ApiType]
public sealed partial class DownwardAPIVolumeFile
{
    /// <summary>The file, relative to the volume's root, without "..".</summary>
    [Field(1), Required]
    public string Path { get; set; } = "";

    /// <summary>A field of the pod: its name, namespace, labels, annotations or UID.</summary>
    [Field(2)]
    public ObjectFieldSelector? FieldRef { get; set; }

    /// <summary>A limit or request of a container.</summary>
    [Field(3)]
    public ResourceFieldSelector? ResourceFieldRef { get; set; }

    /// <summary>Permissions of the file; the volume's unless given.</summary>
    [Field(4)]
    public int? Mode { get; set; }
}

/// <summary>A key as a file.</summary>
[ApiType]
public sealed partial class KeyToPath
{
    /// <summary>The key.</summary>
    [Field(1), Required]
    public string Key { get; set; } = "";

    /// <summary>The file, relative to the volume's root, without "..".</summary>
    [Field(2), Required]
    public string Path { get; set; } = "";

    /// <summary>Permissions of the file; the volume's unless given.</summary>
    [Field(3)]
    public int? Mode { get; set; }
}
