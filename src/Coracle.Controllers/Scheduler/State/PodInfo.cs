using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>A pod with what scheduling needs of it worked out once. Immutable.</summary>
public sealed class PodInfo
{
    private NodeMatch? nodes;
    private HostPort[]? ports;
    private PodTerms? terms;

    public PodInfo(Pod pod)
    {
        Pod = pod;
        Key = Key.Of(pod);
        Requests = PodRequests.Of(pod, nonZero: false);
        var counted = PodRequests.Of(pod, nonZero: true);
        NonZeroMilliCpu = counted.MilliCpu;
        NonZeroMemory = counted.Memory;
    }

    public Pod Pod { get; }
    public Key Key { get; }
    public string Uid => Pod.Metadata.Uid;
    public int Priority => Pod.Spec.Priority ?? 0;

    /// <summary>What its node must have free.</summary>
    public Resources Requests { get; }

    /// <summary>As <see cref="Requests"/>, counting containers that ask for nothing with a little.</summary>
    public long NonZeroMilliCpu { get; }
    public long NonZeroMemory { get; }

    /// <summary>It names claims of volumes, or has some made for it.</summary>
    public bool HasClaims => Pod.Spec.Volumes?.Exists(static v => v.PersistentVolumeClaim is not null || v.Ephemeral is not null) == true;

    public HostPort[] Ports => ports ??= HostPort.Of(Pod);

    /// <summary>Which nodes it may run on, by nodeSelector and required node affinity.</summary>
    public NodeMatch Nodes => nodes ??= new(Pod);

    /// <summary>Which pods it wants to be near to, or away from.</summary>
    public PodTerms Terms => terms ??= PodTerms.Of(Pod);

    public override string ToString() => Key.ToString();
}
