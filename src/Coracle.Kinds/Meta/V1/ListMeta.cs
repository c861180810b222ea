using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

[ApiType]
public sealed partial class ListMeta
{
    [Field(1)]
    public string SelfLink { get; set; } = "";

    [Field(2)]
    public string ResourceVersion { get; set; } = "";

    [Field(3)]
    public string Continue { get; set; } = "";

    [Field(4)]
    public long? RemainingItemCount { get; set; }

    [Field(5)]
    public ShardInfo? ShardInfo { get; set; }
}

[ApiType]
public sealed partial class ShardInfo
{
    [Field(1), Required]
    public string Selector { get; set; } = "";
}
