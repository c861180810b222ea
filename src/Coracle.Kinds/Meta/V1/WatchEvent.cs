using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

[ApiType]
public sealed partial class WatchEvent
{
    [Field(1), Required]
    public string Type { get; set; } = "";

    [Field(2), Required]
    public RawJson? Object { get; set; }
}
