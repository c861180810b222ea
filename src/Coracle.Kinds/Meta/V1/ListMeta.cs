using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>Where in time and in a series of pages a list stands.</summary>
[ApiType]
public sealed partial class ListMeta
{
    /// <summary>No longer filled in.</summary>
    [Field(1)]
    public string SelfLink { get; set; } = "";

    /// <summary>The version of the whole collection at which the list was read; a watch may start from it.</summary>
    [Field(2)]
    public string ResourceVersion { get; set; } = "";

    /// <summary>Gets the next page when sent back; empty on the last one.</summary>
    [Field(3)]
    public string Continue { get; set; } = "";

    /// <summary>How many objects follow on later pages, where the server knows.</summary>
    [Field(4)]
    public long? RemainingItemCount { get; set; }

    /// <summary>Set when the list is a shard of the collection.</summary>
    [Field(5)]
    public ShardInfo? ShardInfo { get; set; }
}

/// <summary>Which shard of a collection a list is.</summary>
[ApiType]
public sealed partial class ShardInfo
{
    /// <summary>The selector of shards, as it was sent.</summary>
    [Field(1), Required]
    public string Selector { get; set; } = "";
}
