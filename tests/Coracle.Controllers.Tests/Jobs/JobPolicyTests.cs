using System.Globalization;
using System.Text.Json.Nodes;
using Coracle.Controllers.Jobs;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.Jobs;

/// <summary>What a job's policies decide, and in which words it is told.</summary>
public sealed class JobPolicyTests
{
    private static async Task<List<string>> TextsAsync(JobFixture f, string job) =>
        [.. (await f.Cluster.ListAsync<Event>()).Where(e => e.InvolvedObject.Name == job).Select(e => $"{e.Type} {e.Reason} {e.Message}")];

    private static Task ToldAsync(JobFixture f, string job, string text) => f.Cluster.UntilAsync(async () => (await TextsAsync(f, job)).Contains(text), $"the event {text}");

    private static JobCondition Condition(JobFixture f, string job, string type) => f.Status(job).Conditions!.Find(c => c.Type == type)!;

    [Fact]
    public async Task With_the_policy_Failed_a_pod_is_replaced_only_once_it_has_ended()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec => spec.PodReplacementPolicy = "Failed");
        var pod = (await f.ActiveAsync("work", 1))[0];
        await f.Cluster.Client.DeleteAsync(pod);
        await f.UntilAsync("work", s => s is { Terminating: 1, Active: 0 });
        f.Cluster.Time.Advance(TimeSpan.FromMinutes(5));
        await f.UntilAsync("work", s => s is { Terminating: 1, Active: 0, Failed: 0 });
        Assert.Single(f.All("work"));
        await f.FailAsync(pod);
        await f.UntilAsync("work", s => s.Failed == 1);
        Assert.NotEqual(pod.Metadata.Uid, (await f.ActiveAsync("work", 1))[0].Metadata.Uid);
    }

    [Fact]
    public async Task A_job_fails_when_more_of_its_indexes_failed_than_may()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec =>
            (spec.Parallelism, spec.Completions, spec.CompletionMode, spec.BackoffLimitPerIndex, spec.MaxFailedIndexes) = (4, 4, CompletionMode.Indexed, 0, 1));
        var pods = await f.ActiveAsync("work", 4);
        await f.FailAsync(pods[1]);
        await f.UntilAsync("work", s => s.FailedIndexes == "1");
        await f.FailAsync(pods[3]);
        await f.UntilAsync("work", JobConditionType.Failed);
        var failed = Condition(f, "work", JobConditionType.Failed);
        Assert.Equal(("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes"), (failed.Reason, failed.Message));
        Assert.Equal("1,3", f.Status("work").FailedIndexes);
        await ToldAsync(f, "work", "Warning MaxFailedIndexesExceeded Job has exceeded the specified maximal number of failed indexes");
    }

    [Fact]
    public async Task A_failure_policy_can_end_an_index_before_its_limit()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec =>
        {
            (spec.Parallelism, spec.Completions, spec.CompletionMode, spec.BackoffLimitPerIndex) = (2, 2, CompletionMode.Indexed, 5);
            spec.PodFailurePolicy = new() { Rules = [new() { Action = "FailIndex", OnExitCodes = new() { Operator = "NotIn", Values = [1] } }] };
        });
        var pods = await f.ActiveAsync("work", 2);
        await f.FailAsync(pods[0], 3);
        await f.UntilAsync("work", s => s.FailedIndexes == "0");
        await f.SucceedAsync(pods[1]);
        await f.UntilAsync("work", JobConditionType.Failed);
        Assert.Equal(("FailedIndexes", "Job has failed indexes"), (Condition(f, "work", JobConditionType.Failed).Reason, Condition(f, "work", JobConditionType.Failed).Message));
    }

    [Fact]
    public async Task A_disruption_can_be_left_uncounted()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec =>
        {
            spec.BackoffLimit = 0;
            spec.PodFailurePolicy = new() { Rules = [new() { Action = "Ignore", OnPodConditions = [new() { Type = "DisruptionTarget", Status = "True" }] }] };
        });
        var pod = (await f.ActiveAsync("work", 1))[0];
        var evicted = new JsonObject
        {
            ["status"] = new JsonObject { ["phase"] = "Failed", ["conditions"] = new JsonArray(new JsonObject { ["type"] = "DisruptionTarget", ["status"] = "True", ["reason"] = "EvictionByEvictionAPI" }) },
        };
        await f.Cluster.Client.PatchStatusAsync<Pod>(Key.Of(pod), Patch.Merge(evicted));
        await f.Cluster.UntilAsync(() => f.Active("work").Count == 1 && f.Active("work")[0].Metadata.Uid != pod.Metadata.Uid, "another pod");
        Assert.Equal(0, f.Status("work").Failed);
        Assert.False(f.Has("work", JobConditionType.Failed));
    }

    [Fact]
    public async Task A_success_policy_may_ask_for_so_many_of_some_indexes()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec =>
        {
            (spec.Parallelism, spec.Completions, spec.CompletionMode) = (4, 4, CompletionMode.Indexed);
            spec.SuccessPolicy = new() { Rules = [new() { SucceededIndexes = "0-2", SucceededCount = 2 }] };
        });
        var pods = await f.ActiveAsync("work", 4);
        await f.SucceedAsync(pods[3]);
        await f.SucceedAsync(pods[2]);
        await f.UntilAsync("work", s => s.CompletedIndexes == "2,3");
        Assert.False(f.Has("work", JobConditionType.SuccessCriteriaMet));
        await f.SucceedAsync(pods[0]);
        await f.UntilAsync("work", JobConditionType.Complete);
        var met = Condition(f, "work", JobConditionType.SuccessCriteriaMet);
        Assert.Equal(("SuccessPolicy", "Matched rules at index 0"), (met.Reason, met.Message));
    }

    [Fact]
    public async Task What_a_job_does_is_told_in_events()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work");
        var pod = (await f.ActiveAsync("work", 1))[0].Metadata.Name;
        await f.Cluster.ChangeAsync<Job>("work", job => job.Spec.Suspend = true);
        await f.UntilAsync("work", JobConditionType.Suspended);
        Assert.Equal(("JobSuspended", "Job suspended"), (Condition(f, "work", "Suspended").Reason, Condition(f, "work", "Suspended").Message));
        await f.Cluster.ChangeAsync<Job>("work", job => job.Spec.Suspend = false);
        var again = (await f.ActiveAsync("work", 1))[0];
        Assert.Equal(("False", "JobResumed", "Job resumed"), (Condition(f, "work", "Suspended").Status, Condition(f, "work", "Suspended").Reason, Condition(f, "work", "Suspended").Message));
        await f.SucceedAsync(again);
        await f.UntilAsync("work", JobConditionType.Complete);
        Assert.Equal(("CompletionsReached", "Reached expected number of succeeded pods"), (Condition(f, "work", "Complete").Reason, Condition(f, "work", "Complete").Message));
        foreach (var text in (string[])
                 [
                     $"Normal SuccessfulCreate Created pod: {pod}", $"Normal SuccessfulDelete Deleted pod: {pod}", "Normal Suspended Job suspended", "Normal Resumed Job resumed",
                     $"Normal SuccessfulCreate Created pod: {again.Metadata.Name}", "Normal Completed Job completed",
                 ]) await ToldAsync(f, "work", text);
    }

    [Fact]
    public async Task An_orphan_that_matches_is_adopted_and_a_pod_that_matches_no_more_is_released()
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec => (spec.Parallelism, spec.Completions) = (2, 2));
        var pod = (await f.ActiveAsync("work", 2))[0];
        string? OwnerOf() => f.Cluster.Seen<Pod>(pod.Metadata.Name) is { } seen ? Owners.ControllerOf(seen)?.Name ?? "" : null;
        var orphaned = await f.Cluster.Client.PatchAsync<Pod>(Key.Of(pod), Patch.Merge("""{"metadata":{"ownerReferences":null}}"""u8.ToArray()));
        Assert.Null(orphaned.Metadata.OwnerReferences);
        // The cache may not have seen the orphan yet: then the owner that it shows is the old one.
        await f.Cluster.UntilAsync(() => OwnerOf() == "work" && f.Cluster.Seen<Pod>(pod.Metadata.Name)!.Metadata.ResourceVersion is var seen
            && long.Parse(seen, CultureInfo.InvariantCulture) > long.Parse(orphaned.Metadata.ResourceVersion, CultureInfo.InvariantCulture), "the adoption");

        await f.Cluster.Client.PatchAsync<Pod>(Key.Of(pod), Patch.Merge("""{"metadata":{"labels":null}}"""u8.ToArray()));
        await f.Cluster.UntilAsync(() => OwnerOf() == "", "the release");
        Assert.DoesNotContain(await f.ActiveAsync("work", 2), p => p.Metadata.Uid == pod.Metadata.Uid);
    }

    [Theory]
    [InlineData("BackoffLimitExceeded", "Job has reached the specified backoff limit")]
    [InlineData("DeadlineExceeded", "Job was active longer than specified deadline")]
    public async Task Why_a_job_failed_is_told_in_its_conditions_and_an_event(string reason, string message)
    {
        await using var f = await JobFixture.StartAsync();
        await f.CreateAsync("work", spec => (spec.BackoffLimit, spec.ActiveDeadlineSeconds) = (0, 60));
        var pod = (await f.ActiveAsync("work", 1))[0];
        if (reason == "DeadlineExceeded") f.Cluster.Time.Advance(TimeSpan.FromSeconds(61));
        else await f.FailAsync(pod);
        await f.UntilAsync("work", JobConditionType.Failed);
        Assert.All([JobConditionType.FailureTarget, JobConditionType.Failed], (string type) => Assert.Equal((reason, message), (Condition(f, "work", type).Reason, Condition(f, "work", type).Message)));
        Assert.Null(f.Status("work").CompletionTime);
        await ToldAsync(f, "work", $"Warning {reason} {message}");
    }
}
