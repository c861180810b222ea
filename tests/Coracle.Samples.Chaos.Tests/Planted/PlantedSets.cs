using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;
using Coracle.Samples.Chaos.Kinds;

namespace Coracle.Samples.Chaos.Tests.Planted;

/// <summary>The sample's reconciler of sets, with one mistake in it, or none.</summary>
internal sealed class PlantedSets(Bug bug, InformerSet informers) : IReconciler
{
    private readonly Client client = informers.Client.As("chaosset");
    private readonly Informer<ChaosSet> sets = informers.For<ChaosSet>();
    private readonly Informer<Kinds.Chaos> acts = informers.For<Kinds.Chaos>();

    public static Controller NewController(Bug bug, InformerSet informers)
    {
        var builder = new ControllerBuilder("chaosset", informers).For<ChaosSet>();
        // Without an owner it is the name that says whose an act is.
        builder = bug == Bug.MissingOwner ? builder.Watches<Kinds.Chaos>(act => [new(act.Metadata.Namespace, act.Metadata.Name.Split('-')[0])]) : builder.Owns<Kinds.Chaos>();
        return builder.Build(new PlantedSets(bug, informers));
    }

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (sets.Get(key)?.DeepCopy() is not { } set || set.Metadata.DeletionTimestamp is not null) return Result.Done;
        var mine = Mine(set);
        var done = mine.Where(act => act.Status.Phase == ChaosPhase.Done).ToList();
        var made = await MakeAsync(set, mine, done.Count, cancel);
        await ReportAsync(set, mine.Count - done.Count + made, done.Count, done.Sum(act => act.Status.Struck), cancel);
        return Result.Done;
    }

    private List<Kinds.Chaos> Mine(ChaosSet set) => bug == Bug.MissingOwner
        ? [.. Names(set).Select(name => acts.Get(new(set.Metadata.Namespace, name))).OfType<Kinds.Chaos>()]
        : [.. acts.OwnedBy(set.Metadata.Uid)];

    private static IEnumerable<string> Names(ChaosSet set) => Enumerable.Range(0, set.Spec.Acts ?? 1).Select(i => $"{set.Metadata.Name}-{i}");

    private async ValueTask<int> MakeAsync(ChaosSet set, List<Kinds.Chaos> mine, int done, CancellationToken cancel)
    {
        switch (bug)
        {
            case Bug.StaleRead:
                var missing = Math.Min(set.Spec.Acts!.Value - mine.Count, set.Spec.Parallelism!.Value - (mine.Count - done));
                for (var i = 0; i < missing; i++) await client.CreateAsync(NewAct(set, ""), cancel);
                return Math.Max(0, missing);
            case Bug.DoubleCreate:
                if (set.Status.Active > 0 || set.Status.Done >= set.Spec.Acts || set.Status.Done < done) return 0;
                await client.CreateAsync(NewAct(set, ""), cancel);
                return 1;
        }
        var made = 0;
        foreach (var name in Names(set).Except(mine.Select(act => act.Metadata.Name)).Take(Math.Max(0, (set.Spec.Parallelism ?? 1) - (mine.Count - done))))
        {
            var result = await client.TryCreateAsync(NewAct(set, name), cancel);
            if (!result.IsAlreadyExists) result.OrThrow();
            made++;
        }
        return made;
    }

    private Kinds.Chaos NewAct(ChaosSet set, string name)
    {
        var act = new Kinds.Chaos { Metadata = new() { Namespace = set.Metadata.Namespace, Name = name, GenerateName = name.Length > 0 ? "" : set.Metadata.Name + "-" }, Spec = set.Spec.Template.DeepCopy() };
        if (bug != Bug.MissingOwner) Owners.SetController(act, set);
        return act;
    }

    private async ValueTask ReportAsync(ChaosSet set, int active, int done, int struck, CancellationToken cancel)
    {
        var status = set.Status.DeepCopy();
        (status.Active, status.Done, status.Struck) = (active, done, struck);
        var complete = done >= set.Spec.Acts;
        Conditions.Set(status.Conditions ??= [], new Condition
        {
            Type = "Complete", Status = complete ? ConditionStatus.True : ConditionStatus.False, Reason = complete ? "AllActsDone" : "ActsUnderWay", Message = "", ObservedGeneration = set.Metadata.Generation,
        }, client.Time.GetUtcNow());
        if (status.ContentEquals(set.Status)) return;
        set.Status = status;
        var written = await client.TryUpdateStatusAsync(set, cancel);
        if (bug == Bug.StatusWithoutConflictHandling && written.IsConflict) return;
        written.OrThrow();
    }
}
