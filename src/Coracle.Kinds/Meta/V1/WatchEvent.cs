using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>A change, as a watch reports it.</summary>
[ApiType]
public sealed partial class WatchEvent
{
    /// <summary>ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>The object after the change, or before its deletion; for ERROR a Status.</summary>
    [Field(2), Required]
    public RawJson? Object { get; set; }
}
