using Coracle.Controllers.Jobs;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Jobs;

public sealed class JobTests
{
    [Fact]
    public async Task A_job_completes_when_as_many_pods_succeeded_as_it_wants_and_counts_each_once()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec => (spec.Parallelism, spec.Completions) = (2, 3));
        var first = await f.ActiveAsync("work", 2);
        Assert.All(first, pod => Assert.Contains(JobNames.TrackingFinalizer, pod.Metadata.Finalizers!));
        await f.SucceedAsync(first[0]);
        await f.SucceedAsync(first[1]);
        await f.UntilAsync("work", s => s.Succeeded == 2);
        var last = await f.ActiveAsync("work", 1);
        await f.SucceedAsync(last[0]);

        await f.UntilAsync("work", JobConditionType.Complete);
        var status = f.Status("work");
        Assert.Equal((3, 0, 0, 0), (status.Succeeded, status.Failed, status.Active, status.Terminating));
        Assert.True(f.Has("work", JobConditionType.SuccessCriteriaMet, "CompletionsReached"));
        Assert.NotNull(status.CompletionTime);
        Assert.True(status.UncountedTerminatedPods is null or { Succeeded: null, Failed: null });
        Assert.Equal(3, f.All("work").Count);
        await f.Cluster.UntilAsync(() => f.All("work").TrueForAll(p => !JobPods.IsTracked(p)), "finalizers to go");
        await f.Cluster.UntilAsync(async () => (await f.EventsAsync("work")).Contains("Completed"), "an event");
    }

    [Fact]
    public async Task The_server_gives_a_job_a_selector_and_its_pods_the_labels_for_it()
    {
        await using var f = await JobFixture.StartAsync();
        var job = await f.CreateAsync("work");
        Assert.Equal(job.Metadata.Uid, job.Spec.Selector!.MatchLabels!["batch.kubernetes.io/controller-uid"]);
        var pod = (await f.ActiveAsync("work", 1))[0];
        Assert.Equal(("work", "work", job.Metadata.Uid, job.Metadata.Uid), (pod.Metadata.Labels!["job-name"], pod.Metadata.Labels["batch.kubernetes.io/job-name"],
            pod.Metadata.Labels["controller-uid"], pod.Metadata.Labels["batch.kubernetes.io/controller-uid"]));
    }

    [Fact]
    public async Task A_failed_pod_is_replaced_after_ten_seconds_and_no_sooner()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work");
        await f.FailAsync((await f.ActiveAsync("work", 1))[0]);
        await f.UntilAsync("work", s => s.Failed == 1);
        var failedAt = f.Cluster.Time.GetUtcNow();
        await f.ActiveAsync("work", 1);
        Assert.InRange((f.Cluster.Time.GetUtcNow() - failedAt).TotalSeconds, 8, 30);
    }

    [Fact]
    public async Task A_job_fails_beyond_its_backoff_limit_and_its_other_pods_with_it()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec => (spec.Parallelism, spec.Completions, spec.BackoffLimit) = (2, 2, 0));
        await f.FailAsync((await f.ActiveAsync("work", 2))[0]);
        await f.UntilAsync("work", JobConditionType.Failed);
        Assert.True(f.Has("work", JobConditionType.FailureTarget, "BackoffLimitExceeded"));
        Assert.True(f.Has("work", JobConditionType.Failed, "BackoffLimitExceeded"));
        Assert.Equal((2, 0), (f.Status("work").Failed, f.Status("work").Active));
        await f.Cluster.UntilAsync(async () => (await f.EventsAsync("work")).Contains("BackoffLimitExceeded"), "an event");
    }

    [Fact]
    public async Task A_job_that_is_active_for_too_long_fails()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec => spec.ActiveDeadlineSeconds = 60);
        await f.ActiveAsync("work", 1);
        f.Cluster.Time.Advance(TimeSpan.FromSeconds(61));
        await f.UntilAsync("work", JobConditionType.Failed);
        Assert.True(f.Has("work", JobConditionType.Failed, "DeadlineExceeded"));
    }

    [Fact]
    public async Task Each_index_gets_its_own_pod_with_index_and_hostname()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec => (spec.Parallelism, spec.Completions, spec.CompletionMode) = (3, 3, CompletionMode.Indexed));
        var pods = await f.ActiveAsync("work", 3);
        Assert.Equal([0, 1, 2], pods.Select(p => JobPods.Index(p)!.Value));
        Assert.Equal(["work-0", "work-1", "work-2"], pods.Select(p => p.Spec.Hostname));
        Assert.All(pods, p => Assert.Contains(p.Spec.Containers![0].Env!, e => e.Name == "JOB_COMPLETION_INDEX"));
        Assert.StartsWith("work-1-", pods[1].Metadata.Name);
        foreach (var pod in pods) await f.SucceedAsync(pod);
        await f.UntilAsync("work", JobConditionType.Complete);
        Assert.Equal("0-2", f.Status("work").CompletedIndexes);
    }

    [Fact]
    public async Task An_index_that_fails_too_often_does_not_stop_the_others()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec => (spec.Parallelism, spec.Completions, spec.CompletionMode, spec.BackoffLimitPerIndex) = (2, 2, CompletionMode.Indexed, 1));
        var pods = await f.ActiveAsync("work", 2);
        await f.FailAsync(pods[0]);
        bool IsAgain(Pod pod) => JobPods.Index(pod) == 0 && pod.Metadata.Uid != pods[0].Metadata.Uid;
        await f.Cluster.UntilAsync(() => f.Active("work").Exists(IsAgain), "a new pod of index 0");
        var again = f.Active("work").Find(IsAgain)!;
        Assert.Equal(1, JobPods.EarlierFailures(again));
        await f.FailAsync(again);
        await f.UntilAsync("work", s => s.FailedIndexes == "0");
        Assert.False(f.Has("work", JobConditionType.Failed));
        await f.SucceedAsync(pods[1]);
        await f.UntilAsync("work", JobConditionType.Failed);
        Assert.True(f.Has("work", JobConditionType.Failed, "FailedIndexes"));
        Assert.Equal(("1", "0", 1, 2), (f.Status("work").CompletedIndexes, f.Status("work").FailedIndexes, f.Status("work").Succeeded, f.Status("work").Failed));
    }

    [Fact]
    public async Task A_success_policy_ends_the_job_early_and_what_still_runs_does_not_count()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec =>
        {
            (spec.Parallelism, spec.Completions, spec.CompletionMode) = (3, 3, CompletionMode.Indexed);
            spec.SuccessPolicy = new() { Rules = [new() { SucceededIndexes = "0" }] };
        });
        await f.SucceedAsync((await f.ActiveAsync("work", 3))[0]);
        await f.UntilAsync("work", JobConditionType.Complete);
        Assert.True(f.Has("work", JobConditionType.Complete, "SuccessPolicy"));
        Assert.Equal((1, 0, 0), (f.Status("work").Succeeded, f.Status("work").Failed, f.Status("work").Active));
    }

    [Fact]
    public async Task A_failure_policy_can_fail_the_job_at_once_or_ignore_a_failure()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec =>
        {
            (spec.Parallelism, spec.Completions, spec.BackoffLimit) = (2, 2, 0);
            spec.PodFailurePolicy = new()
            {
                Rules =
                [
                    new() { Action = "Ignore", OnExitCodes = new() { Operator = "In", Values = [7] } },
                    new() { Action = "FailJob", OnExitCodes = new() { ContainerName = "main", Operator = "In", Values = [42] } },
                ],
            };
        });
        await f.FailAsync((await f.ActiveAsync("work", 2))[0], 7);
        await f.ActiveAsync("work", 2);
        Assert.Equal(0, f.Status("work").Failed);
        var fatal = f.Active("work")[0];
        await f.FailAsync(fatal, 42);
        await f.UntilAsync("work", JobConditionType.Failed);
        Assert.Equal($"Container main for pod default/{fatal.Metadata.Name} failed with exit code 42 matching FailJob rule at index 1",
            f.Status("work").Conditions!.Find(c => c.Type == JobConditionType.Failed)!.Message);
    }

    [Fact]
    public async Task A_suspended_job_has_no_pods_and_goes_on_when_resumed()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec => spec.Suspend = true);
        await f.UntilAsync("work", JobConditionType.Suspended);
        Assert.Null(f.Status("work").StartTime);
        await f.Cluster.ChangeAsync<Job>("work", job => job.Spec.Suspend = false);
        await f.ActiveAsync("work", 1);
        Assert.NotNull(f.Status("work").StartTime);
        await f.Cluster.ChangeAsync<Job>("work", job => job.Spec.Suspend = true);
        await f.Cluster.UntilAsync(() => f.All("work").Count == 0, "the pod to go");
        Assert.Equal(0, f.Status("work").Failed);
        await f.Cluster.UntilAsync(() => f.Status("work").StartTime is null, "the time that it ran to end");
        await f.Cluster.ChangeAsync<Job>("work", job => job.Spec.Suspend = false);
        await f.ActiveAsync("work", 1);
        await f.Cluster.UntilAsync(() => f.Status("work").StartTime is not null, "a time that begins anew");
    }

    [Fact]
    public async Task A_pod_that_is_deleted_counts_as_failed_once()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work");
        var pod = (await f.ActiveAsync("work", 1))[0];
        await f.Cluster.Client.DeleteAsync(pod);
        await f.UntilAsync("work", s => s.Failed == 1 && s.UncountedTerminatedPods is null or { Failed: null });
        await f.Cluster.UntilAsync(() => f.Cluster.Seen<Pod>(pod.Metadata.Name) is null, "the pod to be let go");
        await f.SucceedAsync((await f.ActiveAsync("work", 1))[0]);
        await f.UntilAsync("work", JobConditionType.Complete);
        Assert.Equal((1, 1), (f.Status("work").Succeeded, f.Status("work").Failed));
    }

    [Fact]
    public async Task A_finished_job_is_deleted_after_its_time_to_live()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec => spec.TtlSecondsAfterFinished = 100);
        await f.SucceedAsync((await f.ActiveAsync("work", 1))[0]);
        await f.UntilAsync("work", JobConditionType.Complete);
        var completedAt = f.Status("work").CompletionTime!.Value;
        Assert.Null(f.Cluster.Seen<Job>("work")!.Metadata.DeletionTimestamp);
        await f.Cluster.UntilAsync(() =>
        {
            f.Cluster.Time.Advance(TimeSpan.FromSeconds(1));
            return f.Cluster.Seen<Job>("work") is not { Metadata.DeletionTimestamp: null };
        }, "the job to be deleted");
        Assert.True(f.Cluster.Time.GetUtcNow() >= completedAt.AddSeconds(100));
    }

    [Fact]
    public async Task Pods_of_a_job_that_is_gone_lose_their_finalizer()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work");
        await f.ActiveAsync("work", 1);
        await f.Cluster.DeleteAsync<Job>("work", Deletion.Background);
        await f.Cluster.UntilAsync(() => f.All("work").TrueForAll(p => !JobPods.IsTracked(p)), "the finalizer to go");
    }

    [Fact]
    public async Task A_job_managed_by_another_is_left_alone()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("foreign", spec => spec.ManagedBy = "example.com/other");
        await f.CreateAsync("own");
        await f.ActiveAsync("own", 1);
        Assert.Empty(f.All("foreign"));
        Assert.Null(f.Status("foreign").StartTime);
    }
}
