using Coracle.Kinds.Batch.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Jobs;

/// <summary>Deletes jobs, with their pods, when the time that they are kept after their end is over (upstream: pkg/controller/ttlafterfinished).</summary>
public sealed class FinishedJobReconciler : IReconciler
{
    private readonly Client client;
    private readonly Informer<Job> jobs;

    private FinishedJobReconciler(Client client, InformerSet informers)
    {
        this.client = client;
        jobs = informers.For<Job>();
    }

    public static Controller NewController(InformerSet informers) => new ControllerBuilder("ttl-after-finished", informers)
        .For<Job>(static delta => delta.New is { } job && Expiry(job) is not null)
        .Workers(5)
        .Build(new FinishedJobReconciler(informers.Client.As("ttl-after-finished-controller"), informers));

    /// <summary>When the job is to go; null when it has not ended, has no such time, or goes already.</summary>
    public static DateTimeOffset? Expiry(Job job) =>
        job.Metadata.DeletionTimestamp is null && job.Spec.TtlSecondsAfterFinished is { } seconds && JobShape.Ended(job)?.LastTransitionTime is { } end
            ? end.AddSeconds(seconds) : null;

    /// <summary>1. Not before its time. 2. The cache may be old and the time changed: the server is asked. 3. Delete what was asked about, and no other version.</summary>
    public async ValueTask<Result> ReconcileAsync(Key key, CancellationToken cancel)
    {
        if (jobs.Get(key) is not { } known || Left(known) is not { } left) return Result.Done;
        if (left > TimeSpan.Zero) return Result.After(left);                                                   // 1
        if (await client.TryGetAsync<Job>(key, cancel) is not { } job || Left(job) is not { } still) return Result.Done;
        if (still > TimeSpan.Zero) return Result.After(still);                                                 // 2
        var refused = await client.For<Job>().TryDeleteAsync(key, Deletion.Foreground with { Uid = job.Metadata.Uid, ResourceVersion = job.Metadata.ResourceVersion }, cancel); // 3
        return refused is null or { IsNotFound: true } ? Result.Done : Result.Fail(new ApiException(refused));
    }

    private TimeSpan? Left(Job job) => Expiry(job) - client.Time.GetUtcNow();
}
