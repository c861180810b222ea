using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.ReplicaSets;

/// <summary>
/// The pods of all sets that have the same owner, such as the old and the new set of a deployment: where several of them share a node, that node's
/// go first, so that during a rollout the rest stays spread (upstream: replica_set.go, getIndirectlyRelatedPods). A set without an owner is related to
/// itself alone.
/// </summary>
internal sealed class RelatedPods(InformerSet informers)
{
    private readonly Informer<ReplicaSet> sets = informers.For<ReplicaSet>();
    private readonly Informer<Pod> pods = informers.For<Pod>();

    public IEnumerable<Pod> Of(ReplicaSet set)
    {
        if (Owners.ControllerOf(set) is not { } owner) return pods.OwnedBy(set.Metadata.Uid);
        return sets.OwnedBy(owner.Uid).Where(s => Owners.ControllerOf(s)?.Uid == owner.Uid).SelectMany(s => pods.OwnedBy(s.Metadata.Uid));
    }
}
