using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>A stored template of pods.</summary>
[Kind("v1", "PodTemplate", "podtemplates", Generation = true, ReturnDeleted = true, Rules = typeof(PodTemplateRules))]
public sealed partial class PodTemplate
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What the pods look like.</summary>
    [Field(2)]
    public PodTemplateSpec Template { get; set; } = new();
}
