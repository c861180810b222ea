using Coracle.Kinds.Core.V1;
using Coracle.Sdk;
using Coracle.Samples.Chaos.Kinds;
using Coracle.Samples.Chaos.Reconcilers;

namespace Coracle.Samples.Chaos.Tests.Planted;

/// <summary>The sample's reconciler of acts, around which one mistake is made, or none.</summary>
internal sealed class PlantedActs(Bug bug, InformerSet informers) : IReconciler
{
    private readonly Informer<Kinds.Chaos> acts = informers.For<Kinds.Chaos>();
    private readonly Client client = informers.Client.As("chaos");
    private readonly IReconciler sound = ChaosReconciler.New(informers);

    public static Controller NewController(Bug bug, InformerSet informers) =>
        new ControllerBuilder("chaos", informers).For<Kinds.Chaos>().Reads<Pod>().Workers(2).Build(new PlantedActs(bug, informers));

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        var before = acts.Get(key);
        if (bug == Bug.FinalizerNeverRemoved && before?.Metadata.DeletionTimestamp is not null)
        {
            var act = before.DeepCopy();
            foreach (var victim in act.Status.Victims ?? [])
                (await client.TryPatchAsync<Pod>(new(key.Namespace, victim.Name), Patch.Merge("""{"metadata":{"annotations":{"chaos.coracle.dev/marked-by":null}}}"""u8.ToArray()), cancel: cancel)).OrNullIfNotFound();
            Finalizers.Remove(act, ChaosReconciler.Finalizer);
            await client.TryUpdateAsync(act, cancel);
            return Result.Done;
        }
        var result = await sound.ReconcileAsync(key, cancel);
        var beganToWait = before is not { Status.Phase: ChaosPhase.Aiming };
        return bug == Bug.LostRequeue && result.RequeueAfter is not null && !beganToWait ? Result.Done : result;
    }
}
