using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>An object of any kind, reduced to its metadata.</summary>
[ApiType]
public sealed partial class PartialObjectMetadata
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();
}

/// <summary>Objects of any kind, reduced to their metadata.</summary>
[ApiType]
public sealed partial class PartialObjectMetadataList
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>Where in time and in a series of pages the list stands.</summary>
    [Field(1)]
    public ListMeta Metadata { get; set; } = new();

    /// <summary>The objects.</summary>
    [Field(2), Required]
    public List<PartialObjectMetadata>? Items { get; set; }
}
