using System.Text.Json.Nodes;
using static Coracle.Conformance.Tests.Apps.Steps;

namespace Coracle.Conformance.Tests.Apps;

/// <summary>Upstream: test/e2e/apps/job.go; its policies are in <see cref="JobPolicies"/>.</summary>
public sealed class Jobs(Cluster cluster) : IClassFixture<Cluster>
{
    private Task<(string Ns, string Job)> Create(string name, string program, string spec = "", string restart = "Never") => cluster.CreateJob(name, program, spec, restart);

    [Fact, Behaviour("Ensure Pods of an Indexed Job get a unique index.")]
    public async Task Pods_of_an_indexed_job_have_indexes_and_host_names()
    {
        var (ns, job) = await Create("indexed-job", "succeed", ",\"parallelism\":2,\"completions\":4,\"completionMode\":\"Indexed\"");
        await cluster.UntilEnded(job, "Complete");
        var pods = (await cluster.JobPods(ns, "indexed-job")).Where(p => p.Text("status.phase") == "Succeeded").ToList();
        Assert.Equal(["0", "1", "2", "3"], pods.Select(Index).Order());
        Assert.All(pods, pod => Assert.Equal($"indexed-job-{Index(pod)}", pod.Text("spec.hostname")));

        static string Index(JsonObject pod) => pod["metadata"]!["annotations"]!["batch.kubernetes.io/job-completion-index"]!.GetValue<string>();
    }

    [Fact, Behaviour("Jobs, completion after task failure")]
    public async Task A_job_completes_when_tasks_fail_and_are_restarted_in_place()
    {
        var (ns, job) = await Create("fail-once-local", "fail-once", ",\"parallelism\":2,\"completions\":4", "OnFailure");
        await cluster.UntilEnded(job, "Complete");
        var pods = await cluster.JobPods(ns, "fail-once-local");
        Assert.Equal(4, pods.Count(p => p.Text("status.phase") == "Succeeded"));
        Assert.All(pods, pod => Assert.Equal("1", pod.Text("status.containerStatuses.0.restartCount")));
    }

    [Fact, Behaviour("Jobs, active pods, graceful termination")]
    public async Task A_job_is_deleted_with_its_pods()
    {
        var (ns, job) = await Create("foo", "wait", ",\"parallelism\":2,\"completions\":4");
        await cluster.Until(job, found => found["status.active"] == "2");
        (await cluster.Delete(job, """{"propagationPolicy":"Foreground"}""")).Is(200);
        await cluster.Gone(job);
        Assert.Empty(await cluster.JobPods(ns, "foo"));
    }

    [Fact, Behaviour("Jobs, orphan pods, re-adoption")]
    public async Task Matching_orphans_are_adopted_and_others_released()
    {
        var (ns, job) = await Create("adopt-release", "wait", ",\"parallelism\":2,\"completions\":4");
        var owner = await cluster.Until(job, found => found["status.active"] == "2");
        var pod = $"{Core(ns, "pods")}/{(await cluster.JobPods(ns, "adopt-release"))[0].Name()}";
        await cluster.Update(pod, found => found["metadata"]!.AsObject().Remove("ownerReferences"));
        await cluster.Until(pod, found => found.Json.IsControlledBy(owner));
        await cluster.Update(pod, found => found["metadata"]!["labels"] = null);
        await cluster.Until(pod, found => found.Json.HasNoController());
        await cluster.Until(job, found => found["status.active"] == "2");
    }

    [Fact, Behaviour("Jobs, apply changes to status")]
    public async Task Changes_to_a_status_are_seen()
    {
        var (_, job) = await Create("e2e-status", "wait", ",\"parallelism\":2,\"completions\":4,\"backoffLimit\":6");
        await cluster.Until(job, found => found["status.active"] == "2");
        var patched = (await cluster.Patch(job + "/status", """{"metadata":{"annotations":{"patchedstatus":"true"}}}""")).Is(200);
        Assert.Equal("true", patched["metadata.annotations.patchedstatus"]);
        var started = patched["status.startTime"];
        var updated = await cluster.Update(job + "/status", found => found["metadata"]!["annotations"]!["updatedstatus"] = "true");
        Assert.Equal(("true", started), (updated["metadata.annotations.updatedstatus"], updated["status.startTime"]));
        Assert.Equal(updated.Uid, (await cluster.Get(job + "/status")).Is(200).Uid);

        // A job that is suspended has not started: its time may be set.
        var (_, suspended) = await Create("e2e-suspended", "wait", ",\"suspend\":true");
        await cluster.Until(suspended, found => found.Json.Condition("Suspended") is not null);
        Assert.Equal("2026-01-01T10:00:00Z", (await cluster.Patch(suspended + "/status", """{"status":{"startTime":"2026-01-01T10:00:00Z"}}""")).Is(200)["status.startTime"]);
    }

    [Fact, Behaviour("Jobs, manage lifecycle")]
    public async Task Manage_the_lifecycle_of_a_job()
    {
        var (ns, job) = await Create("e2e-lifecycle", "succeed", ",\"suspend\":true,\"parallelism\":1,\"completions\":1,\"backoffLimit\":6");
        await using var watch = await cluster.Watch($"{Batch(ns, "jobs")}");
        Assert.Equal("ADDED e2e-lifecycle", (await watch.Next()).ToString());
        var patched = (await cluster.Patch(job, """{"metadata":{"labels":{"e2e-lifecycle":"patched"}}}""", Cluster.Strategic)).Is(200);
        Assert.Equal("patched", patched["metadata.labels.e2e-lifecycle"]);
        await cluster.Update(job, found =>
        {
            found["spec"]!["suspend"] = false;
            found["metadata"]!["annotations"] = new JsonObject { ["updated"] = "true" };
        });
        await watch.Until(e => e.Type == "MODIFIED" && e.Object.Text("metadata.annotations.updated") == "true");
        await cluster.UntilEnded(job, "Complete");
        Assert.Equal(["e2e-lifecycle"], (await cluster.Get("/apis/batch/v1/jobs?labelSelector=e2e-lifecycle%3Dpatched")).Is(200).Names);
        (await cluster.Delete($"{Batch(ns, "jobs")}?labelSelector=e2e-lifecycle%3Dpatched", """{"propagationPolicy":"Background"}""")).Is(200);
        await watch.Until(e => e.Type == "DELETED");
        Assert.Empty((await cluster.Get("/apis/batch/v1/jobs?labelSelector=e2e-lifecycle%3Dpatched")).Is(200).Items);
    }
}

internal static class JobSteps
{
    /// <summary>A job in a namespace of its own.</summary>
    /// <param name="cluster">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="program">What its pods do: see <see cref="Programs"/>; words after the first are arguments.</param>
    /// <param name="spec">More of its spec, from a comma on.</param>
    /// <param name="restart">Restart policy of its pods.</param>
    public static async Task<(string Ns, string Job)> CreateJob(this Cluster cluster, string name, string program, string spec = "", string restart = "Never")
    {
        var ns = await cluster.Namespace();
        var command = new JsonArray([.. program.Split(' ').Select(word => (JsonNode)word)]).ToJsonString();
        await cluster.Create(Batch(ns, "jobs"), $$$"""
            {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"{{{name}}}"},"spec":{"template":{{{Template(name, Container(more: $",\"command\":{command}"), $",\"restartPolicy\":\"{restart}\"")}}}{{{spec}}}}}
            """);
        return (ns, $"{Batch(ns, "jobs")}/{name}");
    }

    public static async Task<IReadOnlyList<JsonObject>> JobPods(this Cluster cluster, string ns, string job) => (await cluster.Get($"{Core(ns, "pods")}?labelSelector=batch.kubernetes.io%2Fjob-name%3D{job}")).Is(200).Items;

    /// <summary>Lets time pass until the job has ended in this way ("Complete" or "Failed"); fails when it does in the other.</summary>
    public static async Task<Answer> UntilEnded(this Cluster cluster, string job, string how, string reason = "")
    {
        var ended = await cluster.Until(job, found => found.Json.Condition("Complete")?.Text("status") == "True" || found.Json.Condition("Failed")?.Text("status") == "True");
        var condition = ended.Json.Condition(how);
        Assert.True(condition?.Text("status") == "True" && (reason.Length == 0 || condition.Text("reason") == reason), ended.Text);
        return ended;
    }
}
