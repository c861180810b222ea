using System.Globalization;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;
using Coracle.Samples.Chaos.Kinds;

namespace Coracle.Samples.Chaos.Reconcilers;

/// <summary>Makes a chaos set whenever the schedule says so. The set's name is its time, so that a time is used once, whatever happens meanwhile.</summary>
[Rbac("chaos.coracle.dev", "chaossets", "create", "delete")]
[Rbac("", "events", "create", "patch")]
public sealed partial class ChaosCronReconciler : IReconciler
{
    private readonly Client client;
    private readonly EventRecorder events;
    private readonly Informer<ChaosCron> crons;
    private readonly Informer<ChaosSet> sets;

    private ChaosCronReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        events = new(client, "chaoscron");
        crons = informers.For<ChaosCron>();
        sets = informers.For<ChaosSet>();
    }

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("chaoscron", informers)
        .For<ChaosCron>().Owns<ChaosSet>().Build(new ChaosCronReconciler(informers.Client.As("chaoscron"), informers));

    /// <summary>1. Delete old sets. 2. Make one, if it is time. 3. Write down what came of it. 4. Come again at the next time.</summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (crons.Get(key)?.DeepCopy() is not { } cron || cron.Metadata.DeletionTimestamp is not null) return Result.Done;
        var mine = sets.OwnedBy(cron.Metadata.Uid).OrderBy(set => set.Metadata.CreationTimestamp).ThenBy(set => set.Metadata.Name, StringComparer.Ordinal).ToList();
        await TrimAsync(cron, [.. mine.Where(IsDone)], cancel);                                       // 1
        var status = cron.Status.DeepCopy();
        status.Active = mine.Count(set => !IsDone(set));
        TimeSpan? wait = null;
        if (Schedule(cron, status) is { } schedule && !cron.Spec.Suspend)
        {
            var now = client.Time.GetUtcNow();
            if (schedule.Latest(status.LastTime ?? cron.Metadata.CreationTimestamp!.Value, now) is { } due) await StartAsync(cron, status, due, cancel);   // 2
            wait = schedule.Next(now) - now;
        }
        if (!status.ContentEquals(cron.Status))                                                       // 3
        {
            cron.Status = status;
            await client.UpdateStatusAsync(cron, cancel);
        }
        return wait is { } next ? Result.After(next) : Result.Done;                                   // 4
    }

    private static bool IsDone(ChaosSet set) => Conditions.IsTrue(set.Status.Conditions, "Complete");

    private async ValueTask TrimAsync(ChaosCron cron, List<ChaosSet> done, CancellationToken cancel)
    {
        foreach (var old in done.SkipLast(cron.Spec.HistoryLimit ?? 3)) await client.DeleteAsync(old, Deletion.Background, cancel);
    }

    private async ValueTask StartAsync(ChaosCron cron, ChaosCronStatus status, DateTimeOffset due, CancellationToken cancel)
    {
        status.LastTime = due;
        if (cron.Spec.Concurrency == "Forbid" && status.Active > 0)
        {
            events.Normal(cron, "LeftOut", "the last set is not done");
            return;
        }
        var set = new ChaosSet
        {
            Metadata = new() { Namespace = cron.Metadata.Namespace, Name = string.Create(CultureInfo.InvariantCulture, $"{cron.Metadata.Name}-{due.ToUnixTimeSeconds() / 60}") },
            Spec = cron.Spec.Template.DeepCopy(),
        };
        Owners.SetController(set, cron);
        var made = await client.TryCreateAsync(set, cancel);
        // The process ended after it was made and before that was written down.
        if (made.IsAlreadyExists && Owners.IsControlledBy(await client.GetAsync<ChaosSet>(Key.Of(set), cancel), cron)) return;
        made.OrThrow();
        status.Active++;
        events.Normal(cron, "SetMade", $"made {set.Metadata.Name}");
    }

    private CronTimes? Schedule(ChaosCron cron, ChaosCronStatus status)
    {
        var schedule = CronTimes.Parse(cron.Spec.Schedule, cron.Spec.TimeZone, out var problem);
        Conditions.Set(status.Conditions ??= [], new Condition
        {
            Type = "Valid", Status = schedule is null ? ConditionStatus.False : ConditionStatus.True, Reason = schedule is null ? "BadSchedule" : "Scheduled",
            Message = problem, ObservedGeneration = cron.Metadata.Generation,
        }, client.Time.GetUtcNow());
        return schedule;
    }
}
