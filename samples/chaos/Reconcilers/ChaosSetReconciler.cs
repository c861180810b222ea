using System.Globalization;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;
using Coracle.Samples.Chaos.Kinds;

namespace Coracle.Samples.Chaos.Reconcilers;

/// <summary>Makes the acts of a set, some at a time, and counts them. An act's name says which it is, so that none is made twice.</summary>
[Rbac("chaos.coracle.dev", "chaoses", "create")]
[Rbac("", "events", "create", "patch")]
public sealed partial class ChaosSetReconciler : IReconciler
{
    private readonly Client client;
    private readonly EventRecorder events;
    private readonly Informer<ChaosSet> sets;
    private readonly Informer<Kinds.Chaos> acts;

    private ChaosSetReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        events = new(client, "chaosset");
        sets = informers.For<ChaosSet>();
        acts = informers.For<Kinds.Chaos>();
    }

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("chaosset", informers)
        .For<ChaosSet>().Owns<Kinds.Chaos>().Build(new ChaosSetReconciler(informers.Client.As("chaosset"), informers));

    /// <summary>1. Count what is there. 2. Make the next acts. 3. Write down how far it is.</summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (sets.Get(key)?.DeepCopy() is not { } set || set.Metadata.DeletionTimestamp is not null) return Result.Done;
        var mine = acts.OwnedBy(set.Metadata.Uid).ToDictionary(act => act.Metadata.Name, StringComparer.Ordinal);
        var done = mine.Values.Where(act => act.Status.Phase == ChaosPhase.Done).ToList();                            // 1
        var active = mine.Count - done.Count;
        for (var i = 0; i < set.Spec.Acts && active < set.Spec.Parallelism; i++)                                       // 2
        {
            if (mine.ContainsKey(NameOf(set, i))) continue;
            await MakeAsync(set, i, cancel);
            active++;
        }
        await ReportAsync(set, active, done.Count, done.Sum(act => act.Status.Struck), cancel);                        // 3
        return Result.Done;
    }

    private static string NameOf(ChaosSet set, int act) => string.Create(CultureInfo.InvariantCulture, $"{set.Metadata.Name}-{act}");

    private async ValueTask MakeAsync(ChaosSet set, int act, CancellationToken cancel)
    {
        var made = new Kinds.Chaos { Metadata = new() { Namespace = set.Metadata.Namespace, Name = NameOf(set, act) }, Spec = set.Spec.Template.DeepCopy() };
        Owners.SetController(made, set);
        var result = await client.TryCreateAsync(made, cancel);
        // Made by this very set: the cache has not seen it yet.
        if (result.IsAlreadyExists && Owners.IsControlledBy(await client.GetAsync<Kinds.Chaos>(Key.Of(made), cancel), set)) return;
        result.OrThrow();
        events.Normal(set, "ActMade", $"made {made.Metadata.Name}");
    }

    private async ValueTask ReportAsync(ChaosSet set, int active, int done, int struck, CancellationToken cancel)
    {
        var status = set.Status.DeepCopy();
        (status.Active, status.Done, status.Struck) = (active, done, struck);
        var complete = done >= set.Spec.Acts;
        Conditions.Set(status.Conditions ??= [], new Condition
        {
            Type = "Complete", Status = complete ? ConditionStatus.True : ConditionStatus.False, Reason = complete ? "AllActsDone" : "ActsUnderWay",
            Message = $"{done} of {set.Spec.Acts} acts are done", ObservedGeneration = set.Metadata.Generation,
        }, client.Time.GetUtcNow());
        if (status.ContentEquals(set.Status)) return;
        set.Status = status;
        await client.UpdateStatusAsync(set, cancel);
    }
}
