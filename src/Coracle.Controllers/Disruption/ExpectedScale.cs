using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Autoscaling.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Disruption;

/// <summary>How many pods there ought to be, by what those who keep them are asked for (upstream: disruption.go, getExpectedScale).</summary>
internal sealed class ExpectedScale(Client client, InformerSet informers)
{
    private static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(1);

    private Discovery? known;
    private long knownSince;
    private readonly Informer<ReplicaSet> replicaSets = informers.For<ReplicaSet>();
    private readonly Informer<Deployment> deployments = informers.For<Deployment>();
    private readonly Informer<StatefulSet> statefulSets = informers.For<StatefulSet>();
    private readonly Informer<ReplicationController> replicationControllers = informers.For<ReplicationController>();

    /// <summary>The sum over all keepers of the pods, each once; and the pods that nobody keeps. Throws for a keeper that has no size.</summary>
    public async ValueTask<(int Count, List<Pod> Unmanaged)> OfAsync(IEnumerable<Pod> pods, CancellationToken cancel)
    {
        var keepers = new Dictionary<string, int>(StringComparer.Ordinal);
        var unmanaged = new List<Pod>();
        foreach (var pod in pods)
        {
            if (Owners.ControllerOf(pod) is not { } owner) unmanaged.Add(pod);
            // Pods of one keeper need not be asked about twice; who keeps a replica set is found by way of it.
            else if (!keepers.ContainsKey(owner.Uid) && await SizeAsync(pod, owner, cancel) is var (uid, size)) keepers[uid] = size;
        }
        return (keepers.Values.Sum(), unmanaged);
    }

    private async ValueTask<(string Uid, int Size)> SizeAsync(Pod pod, OwnerReference owner, CancellationToken cancel)
    {
        var key = new Key(pod.Metadata.Namespace, owner.Name);
        var found = (owner.Kind, Group(owner.ApiVersion)) switch
        {
            ("ReplicaSet", "apps") => OfReplicaSet(owner, key),
            ("StatefulSet", "apps") => Found(statefulSets.Get(key), owner, set => set.Spec.Replicas),
            ("ReplicationController", "") => Found(replicationControllers.Get(key), owner, rc => rc.Spec.Replicas),
            // What keeps pods without a number of its own cannot be counted on.
            ("Job", "batch") => throw new ReconcileException("jobs.batch does not implement the scale subresource"),
            ("DaemonSet", "apps") => throw new ReconcileException("daemonsets.apps does not implement the scale subresource"),
            _ => await OfScaleAsync(owner, key, cancel),
        };
        return found ?? throw new ReconcileException($"found no controllers for pod \"{pod.Metadata.Name}\"");
    }

    // Any other kind says its size in its scale, if it has one: who has none cannot be counted on.
    private async ValueTask<(string, int)?> OfScaleAsync(OwnerReference owner, Key key, CancellationToken cancel)
    {
        if (await FindAsync(owner, cancel) is not { } kind) throw new ReconcileException($"no matches for kind \"{owner.Kind}\" in version \"{owner.ApiVersion}\"");
        if (!kind.Subresources.Contains("scale")) throw new ReconcileException($"{kind.Resource.GroupResource} does not implement the scale subresource");
        var scale = await client.Dynamic(kind.Resource).TryGetSubresourceAsync<Scale>(key, "scale", cancel);
        if (scale.IsNotFound) return null;
        if (!scale.Ok) throw new ReconcileException(scale.Failure.Message);
        return scale.Value.Metadata.Uid == owner.Uid ? (owner.Uid, scale.Value.Spec.Replicas) : null;
    }

    // What the server has is asked for anew when that is old, or does not know the kind.
    private async ValueTask<DiscoveredResource?> FindAsync(OwnerReference owner, CancellationToken cancel)
    {
        if (known is null || client.Time.GetElapsedTime(knownSince) > KnownFor || known.Find(owner.ApiVersion, owner.Kind) is null)
            (known, knownSince) = (await Discovery.ReadAsync(client, cancel), client.Time.GetTimestamp());
        return known.Find(owner.ApiVersion, owner.Kind);
    }

    // A replica set of a deployment is asked for in the deployment.
    private (string, int)? OfReplicaSet(OwnerReference owner, Key key)
    {
        if (replicaSets.Get(key) is not { } set || set.Metadata.Uid != owner.Uid) return null;
        if (Owners.ControllerOf(set) is not { Kind: "Deployment" } above) return (set.Metadata.Uid, set.Spec.Replicas ?? 1);
        return Found(deployments.Get(new(key.Namespace, above.Name)), above, deployment => deployment.Spec.Replicas);
    }

    private static (string, int)? Found<T>(T? keeper, OwnerReference owner, Func<T, int?> size) where T : class, IKubernetesObject =>
        keeper is not null && keeper.Metadata.Uid == owner.Uid ? (keeper.Metadata.Uid, size(keeper) ?? 1) : null;

    private static string Group(string apiVersion) => apiVersion.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? apiVersion[..slash] : "";
}
