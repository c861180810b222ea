using static Coracle.Conformance.Tests.Apps.Steps;

namespace Coracle.Conformance.Tests.Apps;

/// <summary>Upstream: test/e2e/apps/job.go, those of policies of failure and success.</summary>
public sealed class JobPolicies(Cluster cluster) : IClassFixture<Cluster>
{
    private const string Indexed = ",\"completionMode\":\"Indexed\"";

    [Fact, Behaviour("Verify Pod Failure policy allows to fail job early on exit code.")]
    public async Task An_exit_code_fails_the_job_early()
    {
        var (ns, job) = await cluster.CreateJob("pod-failure-failjob", "fail", """
            ,"parallelism":1,"completions":1,"backoffLimit":6,"podFailurePolicy":{"rules":[{"action":"FailJob","onExitCodes":{"operator":"In","values":[1]}}]}
            """);
        await cluster.UntilEnded(job, "Failed", "PodFailurePolicy");
        Assert.Single(await cluster.JobPods(ns, "pod-failure-failjob"));
    }

    [Fact, Behaviour("Ensure pod failure policy allows to ignore failure matching on the DisruptionTarget condition")]
    public async Task Failures_by_disruption_are_ignored()
    {
        var (ns, job) = await cluster.CreateJob("pod-disruption-ignore", "killed", """
            ,"parallelism":1,"completions":1,"backoffLimit":0,"podFailurePolicy":{"rules":[{"action":"Ignore","onPodConditions":[{"type":"DisruptionTarget"}]}]}
            """);
        await cluster.Until(job, found => found["status.ready"] == "1");
        var pod = (await cluster.JobPods(ns, "pod-disruption-ignore"))[0].Name();
        (await cluster.Post($"{Core(ns, "pods")}/{pod}/eviction", $$$"""{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"{{{pod}}}"}}""")).Is(201);
        await cluster.Gone($"{Core(ns, "pods")}/{pod}");
        // With no failure allowed, another pod says that this one did not count.
        await cluster.Until(job, found => found["status.ready"] == "1" && found["status.terminating"] is "" or "0");
        Assert.NotEqual(pod, (await cluster.JobPods(ns, "pod-disruption-ignore")).Single().Name());
        Assert.Null((await cluster.Get(job)).Json.Condition("Failed"));
    }

    [Fact, Behaviour("Ensure that all indexes are executed for an indexed job with backoffLimitPerIndex despite some failing")]
    public async Task All_indexes_are_executed_despite_some_failing()
    {
        var (_, job) = await cluster.CreateJob("with-backoff-limit-per-index", "fail-odd-succeed-even", Indexed + ",\"parallelism\":2,\"completions\":4,\"backoffLimitPerIndex\":1");
        var ended = await cluster.UntilEnded(job, "Failed", "FailedIndexes");
        Assert.Equal(("1,3", "0,2", "4", "2"), (ended["status.failedIndexes"], ended["status.completedIndexes"], ended["status.failed"], ended["status.succeeded"]));
    }

    [Fact, Behaviour("Terminate job execution when the maxFailedIndexes is exceeded")]
    public async Task More_failed_indexes_than_allowed_end_the_job()
    {
        var (_, job) = await cluster.CreateJob("with-max-failed-indexes", "fail-odd-succeed-even", Indexed + ",\"parallelism\":10,\"completions\":10,\"backoffLimitPerIndex\":0,\"maxFailedIndexes\":4");
        var ended = await cluster.UntilEnded(job, "Failed", "MaxFailedIndexesExceeded");
        Assert.True(int.Parse(ended["status.failed"], System.Globalization.CultureInfo.InvariantCulture) >= 5, "each of the five counts, and those that were still at work when the job ended");
        Assert.Superset(new HashSet<int> { 1, 3, 5, 7, 9 }, Indexes(ended["status.failedIndexes"]));
    }

    // "1,3-5"
    private static HashSet<int> Indexes(string text) =>
        [.. text.Split(',').Select(part => part.Split('-').Select(n => int.Parse(n, System.Globalization.CultureInfo.InvariantCulture)).ToList()).SelectMany(ends => Enumerable.Range(ends[0], ends[^1] - ends[0] + 1))];

    [Fact, Behaviour("Mark indexes as failed when the FailIndex action is matched in podFailurePolicy")]
    public async Task A_FailIndex_rule_fails_indexes_at_once()
    {
        var (_, job) = await cluster.CreateJob("matching-fail-index-action", "fail-odd-succeed-even", Indexed + """
            ,"parallelism":2,"completions":2,"backoffLimitPerIndex":1,"podFailurePolicy":{"rules":[{"action":"FailIndex","onExitCodes":{"operator":"In","values":[1]}}]}
            """);
        var ended = await cluster.UntilEnded(job, "Failed", "FailedIndexes");
        Assert.Equal(("1", "0", "1", "1"), (ended["status.failedIndexes"], ended["status.completedIndexes"], ended["status.failed"], ended["status.succeeded"]));
    }

    private async Task Succeeds(string program, string rules, int completions, int succeeded)
    {
        var (ns, job) = await cluster.CreateJob("success", program, $$$"""{{{Indexed}}},"parallelism":{{{completions}}},"completions":{{{completions}}},"successPolicy":{"rules":[{{{rules}}}]}""");
        var met = await cluster.Until(job, found => found.Json.Condition("SuccessCriteriaMet")?.Text("status") == "True");
        Assert.Equal("SuccessPolicy", met.Json.Condition("SuccessCriteriaMet")!.Text("reason"));
        var ended = await cluster.UntilEnded(job, "Complete", "SuccessPolicy");
        Assert.Equal($"{succeeded}", ended["status.succeeded"]);
        await cluster.Until($"{Core(ns, "pods")}?labelSelector=batch.kubernetes.io%2Fjob-name%3Dsuccess", found => found.Items.All(p => p.Text("status.phase") == "Succeeded"));
    }

    [Fact, Behaviour("Ensure that job with successPolicy succeeded when all indexes succeeded")]
    public Task Success_policy_when_all_indexes_succeeded() => Succeeds("succeed", """{"succeededIndexes":"0-1"}""", 2, 2);

    [Fact, Behaviour("Ensure that job with successPolicy succeededCount rule succeeded even when some indexes remain pending")]
    public Task Success_policy_by_count_while_some_indexes_remain() => Succeeds("succeed-first", """{"succeededCount":1}""", 5, 1);

    [Fact, Behaviour("Ensure that job with successPolicy succeededIndexes rule succeeded even when some indexes remain pending")]
    public Task Success_policy_by_indexes_while_some_indexes_remain() => Succeeds("succeed-first", """{"succeededIndexes":"0"}""", 5, 1);
}
