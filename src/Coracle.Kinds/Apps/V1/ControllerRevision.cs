using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Apps.V1;

[Kind("apps/v1", "ControllerRevision", "controllerrevisions", Rules = typeof(ControllerRevisionRules))]
public sealed partial class ControllerRevision
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2, Always = true)]
    public RawJson? Data { get; set; }

    [Field(3), Required]
    public long Revision { get; set; }
}
