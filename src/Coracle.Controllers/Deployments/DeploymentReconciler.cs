using Coracle.Controllers.Pods;
using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Deployments;

/// <summary>
/// Rolls out what a deployment's template says, by way of one replica set for each template it had (upstream: pkg/controller/deployment).
/// </summary>
public sealed class DeploymentReconciler : IReconciler
{
    public const string Name = "deployment-controller";
    private const int Workers = 5;

    private readonly Client client;
    private readonly EventRecorder events;
    private readonly Informer<Deployment> deployments;
    private readonly OwnedIndex<ReplicaSet> sets;
    private readonly SetSizes sizes;
    private readonly NewSets newSets;
    private readonly RevisionHistory history;
    private readonly RollingUpdate rolling;
    private readonly Recreation recreation;

    private DeploymentReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        events = new(client, Name);
        deployments = informers.For<Deployment>();
        sets = new(informers.For<ReplicaSet>());
        sizes = new(client, events);
        newSets = new(client, events);
        history = new(client);
        rolling = new(sizes, newSets, history);
        recreation = new(sizes, newSets, history, informers.For<Pod>());
    }

    public static Controller NewController(InformerSet informers)
    {
        var deployments = informers.For<Deployment>();
        var recreated = new RecreatedPods(informers);
        return new ControllerBuilder("deployment", informers)
            .For<Deployment>()
            .Watches<ReplicaSet>(set => Callers.Of(set, deployments, static d => d.Spec.Selector), Callers.When)
            .Watches<Pod>(recreated.Callers, static delta => delta.Type == DeltaType.Deleted)
            .Workers(Workers)
            .Build(new DeploymentReconciler(informers.Client.As(Name), informers));
    }

    /// <summary>1. Adopt and release replica sets. 2. One step. 3. Write the status. 4. Come again when the progress deadline is due.</summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (deployments.Get(key) is not { } stored) return Result.Done;
        if (stored.Spec.Selector is null or { IsZero: true }) return await RefuseAsync(stored, cancel);
        var selector = Selector.From(stored.Spec.Selector);
        var owned = await OwnedObjects.ClaimAsync(client, stored, selector, sets.Candidates(stored), cancel);          // 1
        var rollout = new Rollout(stored, owned);
        var step = await StepAsync(rollout, cancel);                                                                   // 2
        var now = client.Time.GetUtcNow();
        var status = DeploymentStatuses.Of(rollout, now);                                                              // 3
        if (step.EstimatesProgress) Progress.Judge(rollout, status, now);
        await WriteAsync(rollout, status, cancel);
        if (step.Failure is { } failure) return Result.Fail(failure);
        return Progress.NextCheck(rollout.Deployment, status, now) is { } wait ? Result.After(wait) : Result.Done;     // 4
    }

    /// <summary>
    /// 1. What is being deleted, is counted only. 2. A paused deployment follows its size, but not its template. 3. A new size comes before the
    /// rollout. 4. The rollout.
    /// </summary>
    private async ValueTask<Step> StepAsync(Rollout rollout, CancellationToken cancel)
    {
        var deployment = rollout.Deployment;
        if (deployment.Metadata.DeletionTimestamp is not null) return Step.Counted;                            // 1
        Progress.NotePause(deployment, client.Time.GetUtcNow());
        await newSets.SyncAsync(rollout, cancel);
        if (deployment.Spec.Paused || Scaling.IsDue(rollout))
        {
            await sizes.SetAsync(rollout, Scaling.Plan(rollout), cancel);                                      // 2, 3
            if (deployment.Spec.Paused) await history.TidyAsync(rollout, cancel);
            return Step.Counted;
        }
        var creation = deployment.Spec.Strategy.Type == DeploymentStrategyType.Recreate
            ? await recreation.StepAsync(rollout, cancel)
            : await rolling.StepAsync(rollout, cancel);                                                        // 4
        return new Step(EstimatesProgress: creation.HasSet, creation.Failure);
    }

    private readonly record struct Step(bool EstimatesProgress, Exception? Failure)
    {
        public static Step Counted => default;
    }

    private async ValueTask<Result> RefuseAsync(Deployment stored, CancellationToken cancel)
    {
        events.Warning(stored, "SelectingAll", "This deployment is selecting all pods. A non-empty selector is required.");
        if (stored.Status.ObservedGeneration >= stored.Metadata.Generation) return Result.Done;
        var changed = stored.DeepCopy();
        changed.Status.ObservedGeneration = stored.Metadata.Generation;
        var update = await client.TryUpdateStatusAsync(changed, cancel);
        if (!update.IsNotFound) update.OrThrow();
        return Result.Done;
    }

    /// <summary>
    /// Writes status and revision. Where somebody changed the deployment meanwhile they are put on top of that: that a replica set was made is told once, and
    /// must not be lost.
    /// </summary>
    private async ValueTask WriteAsync(Rollout rollout, DeploymentStatus status, CancellationToken cancel)
    {
        var changed = rollout.Deployment;
        var revision = changed.Metadata.Annotations?.GetValueOrDefault(Revisions.Revision);
        if (revision == rollout.Stored.Metadata.Annotations?.GetValueOrDefault(Revisions.Revision) && rollout.Stored.Status.ContentEquals(status)) return;
        var update = await client.TryUpdateStatusAsync(With(changed.DeepCopy(), status, revision), cancel);
        if (update.IsConflict && await client.TryGetAsync<Deployment>(Key.Of(changed), cancel) is { } fresh && fresh.Metadata.Uid == changed.Metadata.Uid)
            update = await client.TryUpdateStatusAsync(With(fresh, status, revision), cancel);
        if (!update.IsNotFound) update.OrThrow();
    }

    private static Deployment With(Deployment on, DeploymentStatus status, string? revision)
    {
        on.Status = status;
        if (revision is not null) (on.Metadata.Annotations ??= [])[Revisions.Revision] = revision;
        return on;
    }
}
