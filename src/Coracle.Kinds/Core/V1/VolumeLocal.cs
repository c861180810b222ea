using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class EmptyDirVolumeSource
{
    [Field(1)]
    public string Medium { get; set; } = "";

    [Field(2)]
    public Quantity? SizeLimit { get; set; }
}

[ApiType]
public sealed partial class HostPathVolumeSource
{
    [Field(1), Required]
    public string Path { get; set; } = "";

    [Field(2), Default("")]
    public string? Type { get; set; }
}

[ApiType]
public sealed partial class ImageVolumeSource
{
    [Field(1)]
    public string Reference { get; set; } = "";

    [Field(2)]
    public string PullPolicy { get; set; } = "";
}

[ApiType]
public sealed partial class GitRepoVolumeSource
{
    [Field(1), Required]
    public string Repository { get; set; } = "";

    [Field(2)]
    public string Revision { get; set; } = "";

    [Field(3)]
    public string Directory { get; set; } = "";
}

public static class HostPathType
{
    public const string DirectoryOrCreate = "DirectoryOrCreate";
    public const string Directory = "Directory";
    public const string FileOrCreate = "FileOrCreate";
    public const string File = "File";
    public const string Socket = "Socket";
    public const string CharDevice = "CharDevice";
    public const string BlockDevice = "BlockDevice";
}

public static class StorageMedium
{
    public const string Memory = "Memory";
    public const string HugePages = "HugePages";
    public const string HugePagesPrefix = "HugePages-";
}
