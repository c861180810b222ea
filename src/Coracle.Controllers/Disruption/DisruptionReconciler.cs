using Coracle.Controllers.Pods;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Policy.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Disruption;

/// <summary>Works out how many pods of each budget may go (upstream: pkg/controller/disruption).</summary>
public sealed class DisruptionReconciler : IReconciler
{
    public const string Name = "disruption-controller";

    /// <summary>After that long, a pod that was allowed to go and is still there counts again.</summary>
    internal static readonly TimeSpan DeletionTimeout = TimeSpan.FromMinutes(2);

    private readonly Client client;
    private readonly Informer<PodDisruptionBudget> budgets;
    private readonly Informer<Pod> pods;
    private readonly ExpectedScale scale;
    private readonly EventRecorder events;

    private DisruptionReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        budgets = informers.For<PodDisruptionBudget>();
        pods = informers.For<Pod>();
        scale = new(client, informers);
        events = new(client, Name);
    }

    public static Controller NewController(InformerSet informers)
    {
        var budgets = informers.For<PodDisruptionBudget>();
        return new ControllerBuilder("disruption", informers)
            .For<PodDisruptionBudget>()
            .Watches<Pod>(pod => budgets.List(pod.Metadata.Namespace).Where(b => Matches(b, pod)).Select(Key.Of))
            .Reads<ReplicaSet>()
            .Reads<Deployment>()
            .Reads<StatefulSet>()
            .Reads<ReplicationController>()
            .Build(new DisruptionReconciler(informers.Client.As(Name), informers));
    }

    private static bool Matches(PodDisruptionBudget budget, Pod pod) => ReadSelector(budget)?.Matches(pod.Metadata.Labels) == true;

    private static Selector? ReadSelector(PodDisruptionBudget budget)
    {
        try
        {
            return budget.Spec.Selector is null ? Selector.Nothing : Selector.From(budget.Spec.Selector);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>What cannot be worked out allows nothing.</summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (budgets.Get(key) is not { } budget) return Result.Done;
        try
        {
            return await SyncAsync(budget, cancel);
        }
        catch (ReconcileException failure)
        {
            await FailAsync(budget, failure.Message, cancel);
            throw;
        }
    }

    /// <summary>1. The pods. 2. How many there ought to be, and how many must do well. 3. Those that are about to go. 4. Those that do well. 5. Write.</summary>
    private async ValueTask<Result> SyncAsync(PodDisruptionBudget budget, CancellationToken cancel)
    {
        var mine = pods.List(budget.Metadata.Namespace, ReadSelector(budget) ?? Selector.Nothing);                               // 1
        if (mine.Count == 0) events.Normal(budget, "NoPods", "No matching pods found");
        var (expected, desired) = await ExpectedAsync(budget, mine, cancel);                                                     // 2
        var now = client.Time.GetUtcNow();
        var (disrupted, recheck) = Disrupted(budget, mine, now);                                                                 // 3
        var healthy = mine.Count(p => p.Metadata.DeletionTimestamp is null && !disrupted.ContainsKey(p.Metadata.Name) && PodState.IsReady(p));   // 4
        // Without pods nothing may go, so that the first ones are safe before they have been counted.
        var allowed = expected > 0 ? Math.Max(0, healthy - desired) : 0;
        await WriteAsync(budget, status =>                                                                                      // 5
        {
            (status.CurrentHealthy, status.DesiredHealthy, status.ExpectedPods, status.DisruptionsAllowed) = (healthy, desired, expected, allowed);
            status.DisruptedPods = disrupted.Count > 0 ? disrupted : null;
            status.ObservedGeneration = budget.Metadata.Generation;
            DisruptionConditions.Update(status, now);
        }, cancel);
        return recheck is { } at ? Result.After(at - now) : Result.Done;
    }

    private async ValueTask<(int Expected, int Desired)> ExpectedAsync(PodDisruptionBudget budget, IReadOnlyList<Pod> mine, CancellationToken cancel)
    {
        if (budget.Spec.MinAvailable is { IsString: false } number) return (mine.Count, number.IntValue);
        if (budget.Spec.MaxUnavailable is null && budget.Spec.MinAvailable is null) return (0, 0);
        var (expected, unmanaged) = await ScaleAsync(budget, mine, cancel);
        if (unmanaged.Count > 0)
            events.Warning(budget, "UnmanagedPods", $"Pods selected by this PodDisruptionBudget (selector: {ReadSelector(budget)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set \".spec.minAvailable\" field of the PDB to an integer value.");
        return budget.Spec.MaxUnavailable is { } missing
            ? (expected, Math.Max(0, expected - (missing.Scaled(expected, roundUp: true) ?? 0)))
            : (expected, budget.Spec.MinAvailable?.Scaled(expected, roundUp: true) ?? 0);
    }

    private async ValueTask<(int, List<Pod>)> ScaleAsync(PodDisruptionBudget budget, IReadOnlyList<Pod> mine, CancellationToken cancel)
    {
        try
        {
            return await scale.OfAsync(mine, cancel);
        }
        catch (ReconcileException failure)
        {
            events.Warning(budget, "CalculateExpectedPodCountFailed", $"Failed to calculate the number of expected pods: {failure.Message}");
            throw;
        }
    }

    private (Dictionary<string, DateTimeOffset> Pods, DateTimeOffset? Recheck) Disrupted(PodDisruptionBudget budget, IReadOnlyList<Pod> mine, DateTimeOffset now)
    {
        var (still, recheck) = (new Dictionary<string, DateTimeOffset>(), (DateTimeOffset?)null);
        foreach (var pod in mine.Where(p => p.Metadata.DeletionTimestamp is null))
        {
            if (budget.Status.DisruptedPods?.TryGetValue(pod.Metadata.Name, out var since) != true) continue;
            var until = since + DeletionTimeout;
            if (until < now)
            {
                events.Warning(pod, "NotDeleted", $"Pod was expected by PDB {budget.Metadata.Namespace}/{budget.Metadata.Name} to be deleted but it wasn't");
                continue;
            }
            still[pod.Metadata.Name] = since;
            recheck = recheck is null || until < recheck ? until : recheck;
        }
        return (still, recheck);
    }

    private ValueTask FailAsync(PodDisruptionBudget budget, string why, CancellationToken cancel) => WriteAsync(budget, status =>
    {
        status.DisruptionsAllowed = 0;
        DisruptionConditions.Set(status, ConditionStatus.False, DisruptionConditions.SyncFailed, why, status.ObservedGeneration, client.Time.GetUtcNow());
    }, cancel);

    private async ValueTask WriteAsync(PodDisruptionBudget budget, Action<PodDisruptionBudgetStatus> change, CancellationToken cancel)
    {
        var changed = budget.DeepCopy();
        change(changed.Status);
        if (changed.Status.ContentEquals(budget.Status)) return;
        var update = await client.TryUpdateStatusAsync(changed, cancel);
        if (!update.IsNotFound) update.OrThrow();
    }
}
