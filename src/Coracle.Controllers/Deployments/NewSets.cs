using Coracle.Kinds.Apps.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Deployments;

/// <summary>Makes the replica set of a deployment's current template, and keeps its place in the history (upstream: sync.go, getNewReplicaSet).</summary>
internal sealed class NewSets(Client client, EventRecorder events)
{
    /// <summary>If there is a new set, it gets the deployment's annotations, minReadySeconds and the highest revision, and the deployment that revision.</summary>
    public async ValueTask SyncAsync(Rollout rollout, CancellationToken cancel)
    {
        if (rollout.NewSet is not { } found) return;
        var deployment = rollout.Deployment;
        var changed = found.DeepCopy();
        var marked = Revisions.Mark(changed, deployment, Revisions.Highest(rollout.OldSets) + 1);
        if (marked || changed.Spec.MinReadySeconds != deployment.Spec.MinReadySeconds)
        {
            changed.Spec.MinReadySeconds = deployment.Spec.MinReadySeconds;
            rollout.Replace(await client.UpdateAsync(changed, cancel));
        }
        NoteRevision(deployment, Revisions.Of(changed));
        if (Progress.Deadline(deployment) is not null && DeploymentConditions.Progressing(deployment.Status) is null)
            DeploymentConditions.SetProgressing(deployment.Status, ConditionStatus.True, Progress.Found, $"Found new replica set \"{found.Metadata.Name}\"", client.Time.GetUtcNow());
    }

    /// <summary>
    /// Makes the new set if there is none. What keeps from it is noted on the deployment's status and told: <see cref="Creation.Failure"/>, or that its
    /// name was another's and the next attempt gets another name.
    /// </summary>
    public async ValueTask<Creation> EnsureAsync(Rollout rollout, CancellationToken cancel)
    {
        if (rollout.NewSet is not null) return Creation.Done;
        if (await IsGoneAsync(rollout.Stored, cancel)) return Creation.Impossible;
        var made = Make(rollout);
        var created = await client.TryCreateAsync(made, cancel);
        if (created.Ok)
        {
            NoteCreated(rollout, created.Value);
            return Creation.Done;
        }
        if (created.IsAlreadyExists) return await MeetAsync(rollout, made, cancel);
        if (created.Failure.IsNamespaceTerminating) return Creation.Impossible; // nothing can be created there any more
        var message = $"Failed to create new replica set \"{made.Metadata.Name}\": {created.Failure.Message}";
        var deployment = rollout.Deployment;
        if (Progress.Deadline(deployment) is not null)
            DeploymentConditions.SetProgressing(deployment.Status, ConditionStatus.False, Progress.CreateFailed, message, client.Time.GetUtcNow());
        events.Warning(deployment, Progress.CreateFailed, message);
        return new Creation { Failure = new ApiException(created.Failure) };
    }

    // The cache may show a deployment whose set has gone with it. A set is made seldom enough to ask, as before one is adopted.
    private async ValueTask<bool> IsGoneAsync(Deployment deployment, CancellationToken cancel) =>
        await client.TryGetAsync<Deployment>(Key.Of(deployment), cancel) is not { Metadata.DeletionTimestamp: null } fresh || fresh.Metadata.Uid != deployment.Metadata.Uid;

    private static ReplicaSet Make(Rollout rollout)
    {
        var spec = rollout.Deployment.Spec;
        var hash = TemplateHash.Of(spec.Template, rollout.Deployment.Status.CollisionCount);
        var template = spec.Template.DeepCopy();
        (template.Metadata.Labels ??= [])[Rollout.HashLabel] = hash;
        var selector = spec.Selector!.DeepCopy();
        (selector.MatchLabels ??= [])[Rollout.HashLabel] = hash;
        var set = new ReplicaSet
        {
            Metadata = new()
            {
                Name = TemplateHash.SetName(rollout.Deployment.Metadata.Name, hash), Namespace = rollout.Deployment.Metadata.Namespace,
                Labels = new(template.Metadata.Labels), OwnerReferences = [Owners.ControllerReference(rollout.Deployment)],
            },
            Spec = new() { MinReadySeconds = spec.MinReadySeconds, Selector = selector, Template = template, Replicas = FirstSize(rollout) },
        };
        Revisions.Mark(set, rollout.Deployment, Revisions.Highest(rollout.OldSets) + 1);
        Revisions.MarkSize(set, rollout.Limits);
        return set;
    }

    private static int FirstSize(Rollout rollout)
    {
        if (rollout.Deployment.Spec.Strategy.Type != DeploymentStrategyType.RollingUpdate) return rollout.Limits.Replicas;
        return rollout.IsSettled ? RollingArithmetic.NewSize(rollout.Limits, 0, rollout.OldSets) : 0;
    }

    private void NoteCreated(Rollout rollout, ReplicaSet created)
    {
        rollout.Replace(created);
        var deployment = rollout.Deployment;
        if (Rollout.Size(created) is > 0 and var size) events.Normal(deployment, "ScalingReplicaSet", $"Scaled up replica set {created.Metadata.Name} from 0 to {size}");
        NoteRevision(deployment, Revisions.Of(created));
        if (Progress.Deadline(deployment) is not null)
            DeploymentConditions.SetProgressing(deployment.Status, ConditionStatus.True, Progress.Created, $"Created new replica set \"{created.Metadata.Name}\"", client.Time.GetUtcNow());
    }

    // The name is taken: by the very set that was to be made, which the cache does not show yet, or by another.
    private async ValueTask<Creation> MeetAsync(Rollout rollout, ReplicaSet made, CancellationToken cancel)
    {
        if (await client.TryGetAsync<ReplicaSet>(Key.Of(made), cancel) is not { } there) return new Creation { Failure = new ReconcileException($"replica set {made.Metadata.Name} was there and is gone") };
        var deployment = rollout.Deployment;
        if (Owners.IsControlledBy(there, deployment) && Rollout.SameTemplate(there.Spec.Template, deployment.Spec.Template))
        {
            rollout.Replace(there);
            NoteRevision(deployment, Revisions.Of(there));
            return Creation.Done;
        }
        deployment.Status.CollisionCount = (deployment.Status.CollisionCount ?? 0) + 1;
        return Creation.Collided;
    }

    private static void NoteRevision(Deployment deployment, long revision) =>
        (deployment.Metadata.Annotations ??= [])[Revisions.Revision] = Revisions.Text(revision);
}

/// <summary>How making a replica set ended.</summary>
internal readonly record struct Creation
{
    /// <summary>There is a set to go on with.</summary>
    public bool HasSet { get; private init; }

    /// <summary>Why not, where trying again may help.</summary>
    public Exception? Failure { get; init; }

    public static Creation Done => new() { HasSet = true };
    public static Creation Collided => default;
    public static Creation Impossible => default;
}
