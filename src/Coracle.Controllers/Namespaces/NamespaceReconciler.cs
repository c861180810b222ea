using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers;

/// <summary>
/// Empties namespaces that are being deleted, and then lets them go (upstream: pkg/controller/namespace). What holds one up is told in its conditions.
/// </summary>
public sealed class NamespaceReconciler : IReconciler
{
    // A request that was let into the namespace just before it was closed has arrived after this.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(250), WaitMax = TimeSpan.FromSeconds(8);

    private readonly Client client;
    private readonly Informer<Namespace> namespaces;
    private readonly Informer<Pod> pods;
    private readonly NamespaceContent content;

    private NamespaceReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        namespaces = informers.For<Namespace>();
        pods = informers.For<Pod>();
        content = new(client);
    }

    public static Controller NewController(InformerSet informers)
    {
        var reconciler = new NamespaceReconciler(informers.Client.As("namespace-controller"), informers);
        return new ControllerBuilder("namespace-controller", informers)
            .Reads<Namespace>().Source(reconciler.Listen).Workers(10).Queue(new() { BackoffMax = TimeSpan.FromSeconds(60) })
            .Build(reconciler);
    }

    // Pods take their time to end; the end of each brings the namespace's end closer.
    private void Listen(Controller controller)
    {
        namespaces.Subscribe(delta =>
        {
            if (delta.New is { Metadata.DeletionTimestamp: not null } && delta.Old is not { Metadata.DeletionTimestamp: not null }) controller.EnqueueAfter(delta.Key, Settling);
        });
        pods.Subscribe(delta =>
        {
            if (delta.Type == DeltaType.Deleted && namespaces.Get(new(delta.Key.Namespace)) is { Metadata.DeletionTimestamp: not null })
                controller.EnqueueAfter(new(delta.Key.Namespace), Settling);
        });
    }

    /// <summary>1. Delete all content. 2. Tell what is left. 3. Anything left: wait for it. 4. Nothing: finalize, upon which the server removes the namespace.</summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (namespaces.Get(key) is not { Metadata.DeletionTimestamp: { } deletedAt } found) return Result.Done;
        if (found.Spec.Finalizers?.Contains(NamespaceRules.Finalizer) != true) return Result.Done; // others hold it
        var remaining = await content.DeleteAsync(key.Name, cancel);                                           // 1
        if (await TellAsync(found, remaining, cancel) is not { } told) return Result.After(TimeSpan.FromMilliseconds(10));   // 2
        if (!remaining.IsEmpty) return Result.After(Wait(client.Time.GetUtcNow() - deletedAt));                // 3
        return await FinalizeAsync(told, cancel);                                                              // 4
    }

    /// <summary>Null when the cache is behind: the namespace is gone, or was changed.</summary>
    private async ValueTask<Namespace?> TellAsync(Namespace found, RemainingContent remaining, CancellationToken cancel)
    {
        var changed = found.DeepCopy();
        var differs = NamespaceConditions.Update(changed.Status.Conditions ??= [], remaining, client.Time.GetUtcNow());
        if (!differs && found.Status.Phase == NamespacePhase.Terminating) return found;
        changed.Status.Phase = NamespacePhase.Terminating;
        var told = await client.TryUpdateStatusAsync(changed, cancel);
        return told.IsConflict ? null : told.OrNullIfNotFound();
    }

    private async ValueTask<Result> FinalizeAsync(Namespace found, CancellationToken cancel)
    {
        var changed = found.DeepCopy();
        changed.Spec.Finalizers?.Remove(NamespaceRules.Finalizer);
        var finalized = await client.For<Namespace>().TryUpdateSubresourceAsync(changed, "finalize", null, cancel);
        if (finalized.IsConflict) return Result.After(TimeSpan.FromMilliseconds(10));
        return finalized.Ok || finalized.IsNotFound ? Result.Done : Result.Fail(new ApiException(finalized.Failure));
    }

    /// <summary>The longer it has taken, the rarer it is looked at: between a quarter of a second and upstream's eight.</summary>
    private static TimeSpan Wait(TimeSpan since) => TimeSpan.FromTicks(Math.Clamp(since.Ticks / 4, WaitMin.Ticks, WaitMax.Ticks));
}
