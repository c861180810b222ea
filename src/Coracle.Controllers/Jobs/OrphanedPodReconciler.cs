using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Jobs;

/// <summary>Takes the finalizer off pods that no job will count any more, so that they can go (upstream: job_controller.go, syncOrphanPod).</summary>
public sealed class OrphanedPodReconciler : IReconciler
{
    private readonly Informer<Job> jobs;
    private readonly Informer<Pod> pods;
    private readonly PodChanges changes;

    private OrphanedPodReconciler(Client client, InformerSet informers)
    {
        jobs = informers.For<Job>();
        pods = informers.For<Pod>();
        changes = new(client, new(client, JobReconciler.Name));
    }

    public static Controller NewController(InformerSet informers)
    {
        var pods = informers.For<Pod>();
        return new ControllerBuilder("job-orphaned-pods", informers)
            .For<Pod>(static delta => delta.New is { } pod && JobPods.IsTracked(pod))
            .Watches<Job>(job => pods.OwnedBy(job.Metadata.Uid).Where(JobPods.IsTracked).Select(Key.Of), static delta => delta.New is not { } job || JobShape.Ended(job) is not null)
            .Build(new OrphanedPodReconciler(informers.Client.As(JobReconciler.Name), informers));
    }

    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (pods.Get(key) is { } pod && JobPods.IsTracked(pod) && !WillBeCounted(pod)) await changes.ReleaseAsync(pod, cancel);
        return Result.Done;
    }

    private bool WillBeCounted(Pod pod)
    {
        if (Owners.ControllerOf(pod) is not { } owner) return jobs.List(pod.Metadata.Namespace).Any(job => MayAdopt(job, pod));
        if (owner.Kind != Job.Info.Kind || !owner.ApiVersion.StartsWith("batch/", StringComparison.Ordinal)) return true; // not ours to judge
        return jobs.Get(new(pod.Metadata.Namespace, owner.Name)) is { } job && job.Metadata.Uid == owner.Uid && (JobShape.IsForeign(job) || JobShape.Ended(job) is null);
    }

    private static bool MayAdopt(Job job, Pod pod) =>
        job.Metadata.DeletionTimestamp is null && pod.Metadata.DeletionTimestamp is null && JobShape.Ended(job) is null && Selector.From(job.Spec.Selector).Matches(pod.Metadata.Labels);
}
