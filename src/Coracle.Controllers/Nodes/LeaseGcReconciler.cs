using Coracle.Kinds.Coordination.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>Removes the leases of API servers that have not been heard of for long (upstream: pkg/controlplane/controller/apiserverleasegc).</summary>
public sealed class LeaseGcReconciler : IReconciler
{
    public const string Namespace = "kube-system", IdentityLabel = "apiserver.kubernetes.io/identity", Identity = "kube-apiserver";

    private static readonly Key All = new(Namespace, "leases");
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private readonly Client client;
    private readonly Informer<Lease> leases;

    private LeaseGcReconciler(InformerSet informers) => (client, leases) = (informers.Client.As("kube-apiserver"), informers.For<Lease>(OwnLeases));

    // Leases of nodes are many and change all the time: the cache holds none of them.
    private static CacheScope OwnLeases { get; } = new() { Namespace = Namespace, LabelSelector = $"{IdentityLabel}={Identity}" };

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("apiserver-lease-gc", informers)
        .Reads<Lease>(OwnLeases).Source(static controller => controller.EnqueueAfter(All, Period))
        .Build(new LeaseGcReconciler(informers));

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        foreach (var lease in leases.List().Where(IsExpired)) await client.DeleteAsync(lease, null, cancel);
        return Result.After(Period);
    }

    private bool IsExpired(Lease lease) =>
        lease.Spec.RenewTime is not { } renewed || lease.Spec.LeaseDurationSeconds is not { } seconds || renewed.AddSeconds(seconds) < client.Time.GetUtcNow();
}
