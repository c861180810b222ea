using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[Kind("v1", "Binding", "bindings", Verbs = ["create"])]
public sealed partial class Binding
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2), Required]
    public ObjectReference Target { get; set; } = new();
}
