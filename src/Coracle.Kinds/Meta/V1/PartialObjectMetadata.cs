using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

[ApiType]
public sealed partial class PartialObjectMetadata
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();
}

[ApiType]
public sealed partial class PartialObjectMetadataList
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field(1)]
    public ListMeta Metadata { get; set; } = new();

    [Field(2), Required]
    public List<PartialObjectMetadata>? Items { get; set; }
}
