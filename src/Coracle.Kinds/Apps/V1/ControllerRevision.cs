using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

/// <summary>A past state of an object that a controller manages, kept to roll back to. The data cannot be changed.</summary>
[Kind("apps/v1", "ControllerRevision", "controllerrevisions", Rules = typeof(ControllerRevisionRules))]
public sealed partial class ControllerRevision
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The state.</summary>
    [Field(2, Always = true)]
    public RawJson? Data { get; set; }

    /// <summary>Number of the state; later ones are higher.</summary>
    [Field(3), Required]
    public long Revision { get; set; }
}
