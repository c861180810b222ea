using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Containers that run together on one node, sharing its network address and volumes. The smallest thing that is scheduled.</summary>
[Kind("v1", "Pod", "pods", ShortNames = ["po"], Categories = ["all"], Status = true, Generation = true, ReturnDeleted = true,
    Selectable = ["spec.nodeName", "spec.host=spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
    "spec.hostNetwork", "status.phase", "status.podIP", "status.podIPs", "status.nominatedNodeName"], Rules = typeof(PodRules))]
public sealed partial class Pod
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is to run, and how.</summary>
    [Field(2)]
    public PodSpec Spec { get; set; } = new();

    /// <summary>What has become of it, as the node reports.</summary>
    [Field(3)]
    public PodStatus Status { get; set; } = new();
}
