using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[Kind("v1", "PodTemplate", "podtemplates", Generation = true, ReturnDeleted = true, Rules = typeof(PodTemplateRules))]
public sealed partial class PodTemplate
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public PodTemplateSpec Template { get; set; } = new();
}
