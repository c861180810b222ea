using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[Kind("v1", "Pod", "pods", ShortNames = ["po"], Categories = ["all"], Status = true, Selectable = ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName"], Generation = true, ReturnDeleted = true, Rules = typeof(PodRules))]
public sealed partial class Pod
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2)]
    public PodSpec Spec { get; set; } = new();

    [Field(3)]
    public PodStatus Status { get; set; } = new();
}
