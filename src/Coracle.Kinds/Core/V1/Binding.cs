using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Places a pod on a node. Sent to the binding sub-resource of the pod that it is named after.</summary>
[Kind("v1", "Binding", "bindings", Verbs = ["create"])]
public sealed partial class Binding
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The node.</summary>
    [Field(2), Required]
    public ObjectReference Target { get; set; } = new();
}
