using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A directory that starts empty and goes with the pod.</summary>
[ApiType]
public sealed partial class EmptyDirVolumeSource
{
    /// <summary>What it is kept on: the node's disk, or Memory, or HugePages.</summary>
    [Field(1)]
    public string Medium { get; set; } = "";

    /// <summary>How large it may become; the pod is evicted when it exceeds that.</summary>
    [Field(2)]
    public Quantity? SizeLimit { get; set; }
}

/// <summary>A file or directory of the node.</summary>
[ApiType]
public sealed partial class HostPathVolumeSource
{
    /// <summary>The path on the node.</summary>
    [Field(1), Required]
    public string Path { get; set; } = "";

    /// <summary>What must be there, and what is made when it is not: Directory, FileOrCreate, Socket... Not looked at when empty.</summary>
    [Field(2), Default("")]
    public string? Type { get; set; }
}

/// <summary>The content of a container image.</summary>
[ApiType]
public sealed partial class ImageVolumeSource
{
    /// <summary>The image.</summary>
    [Field(1)]
    public string Reference { get; set; } = "";

    /// <summary>When the image is pulled: Always, IfNotPresent or Never. Always for the tag "latest", else IfNotPresent.</summary>
    [Field(2)]
    public string PullPolicy { get; set; } = "";
}

/// <summary>A clone of a Git repository. No longer supported.</summary>
[ApiType]
public sealed partial class GitRepoVolumeSource
{
    /// <summary>Address of the repository.</summary>
    [Field(1), Required]
    public string Repository { get; set; } = "";

    /// <summary>The commit.</summary>
    [Field(2)]
    public string Revision { get; set; } = "";

    /// <summary>The directory to clone into; "." for the volume's root.</summary>
    [Field(3)]
    public string Directory { get; set; } = "";
}

/// <summary>What must be at a path on a node.</summary>
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

/// <summary>What an empty directory is kept on.</summary>
public static class StorageMedium
{
    public const string Memory = "Memory";
    public const string HugePages = "HugePages";
    public const string HugePagesPrefix = "HugePages-";
}
