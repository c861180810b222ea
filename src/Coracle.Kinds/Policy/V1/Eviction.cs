using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Policy.V1;

/// <summary>Asks a pod to leave its node, within what disruption budgets allow. Sent to the eviction sub-resource of the pod that it is named after.</summary>
[Kind("policy/v1", "Eviction", "", Verbs = ["create"])]
public sealed partial class Eviction
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>How the pod is to be deleted.</summary>
    [Field(2)]
    public DeleteOptions? DeleteOptions { get; set; }
}
