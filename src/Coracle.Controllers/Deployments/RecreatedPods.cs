using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Deployments;

/// <summary>Pods whose end a deployment of the strategy Recreate waits for: it goes on when the last old one is gone (upstream: deletePod).</summary>
internal sealed class RecreatedPods(InformerSet informers)
{
    private readonly Informer<ReplicaSet> sets = informers.For<ReplicaSet>();
    private readonly Informer<Deployment> deployments = informers.For<Deployment>();

    public IEnumerable<Key> Callers(Pod pod)
    {
        if (Owner(pod, sets) is not { } set || Owner(set, deployments) is not { } deployment) return [];
        return deployment.Spec.Strategy.Type == DeploymentStrategyType.Recreate ? [Key.Of(deployment)] : [];
    }

    private static TOwner? Owner<TOwner>(Kinds.Meta.V1.IKubernetesObject obj, Informer<TOwner> owners) where TOwner : class, Kinds.Meta.V1.IKind<TOwner> =>
        Owners.ControllerOf(obj) is { } manager && manager.Kind == TOwner.Info.Kind
        && owners.Get(new(obj.Metadata.Namespace, manager.Name)) is { } owner && owner.Metadata.Uid == manager.Uid ? owner : null;
}
