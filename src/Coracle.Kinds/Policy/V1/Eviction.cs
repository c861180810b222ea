using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Policy.V1;

[Kind("policy/v1", "Eviction", "", Verbs = ["create"])]
public sealed partial class Eviction
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public DeleteOptions? DeleteOptions { get; set; }
}
