using System.Text.Json.Nodes;
using static Coracle.Conformance.Tests.Apps.Steps;

namespace Coracle.Conformance.Tests.Apps;

/// <summary>Upstream: test/e2e/apps/cronjob.go.</summary>
public sealed class CronJobs(Cluster cluster) : IClassFixture<Cluster>
{
    private static string Body(string name, string policy, string program = "wait", string meta = "", string spec = "", string schedule = "*/1 * * * ?") => $$$"""
        {"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"{{{name}}}"{{{meta}}}},"spec":{"schedule":"{{{schedule}}}","concurrencyPolicy":"{{{policy}}}"{{{spec}}},
        "jobTemplate":{"spec":{"parallelism":1,"completions":1,"template":{{{Template(name, Container(more: $",\"command\":[\"{program}\"]"), ",\"restartPolicy\":\"OnFailure\"")}}} } } } }
        """;

    private async Task<(string Ns, string CronJob)> Create(string name, string policy, string spec = "")
    {
        var ns = await cluster.Namespace();
        await cluster.Create(Batch(ns, "cronjobs"), Body(name, policy, spec: spec));
        return (ns, $"{Batch(ns, "cronjobs")}/{name}");
    }

    private static int Active(Answer cronJob) => cronJob.Json["status"]?["active"]?.AsArray().Count ?? 0;

    [Fact, Behaviour("CronJob AllowConcurrent")]
    public async Task Several_jobs_run_at_once()
    {
        var (ns, cronJob) = await Create("concurrent", "Allow");
        await cluster.Until(cronJob, found => Active(found) >= 2);
        Assert.True((await cluster.Get(Batch(ns, "jobs"))).Is(200).Items.Count >= 2);
    }

    [Fact, Behaviour("CronJob Suspend")]
    public async Task Nothing_is_scheduled_while_suspended()
    {
        var (ns, cronJob) = await Create("suspended", "Allow", ",\"suspend\":true");
        await cluster.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, Active((await cluster.Get(cronJob)).Is(200)));
        Assert.Empty((await cluster.Get(Batch(ns, "jobs"))).Is(200).Items);
    }

    [Fact, Behaviour("CronJob ForbidConcurrent")]
    public async Task No_new_job_while_one_runs_when_that_is_forbidden()
    {
        var (ns, cronJob) = await Create("forbid", "Forbid");
        await cluster.Until(cronJob, found => Active(found) == 1);
        var first = Assert.Single((await cluster.Get(Batch(ns, "jobs"))).Is(200).Names);
        await cluster.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal([first], (await cluster.Get(Batch(ns, "jobs"))).Is(200).Names);
    }

    [Fact, Behaviour("CronJob ReplaceConcurrent")]
    public async Task A_new_job_takes_the_place_of_one_that_runs()
    {
        var (ns, cronJob) = await Create("replace", "Replace");
        await cluster.Until(cronJob, found => Active(found) == 1);
        var first = Assert.Single((await cluster.Get(Batch(ns, "jobs"))).Is(200).Names);
        await cluster.UntilJobs(ns, jobs => jobs.Count == 1 && jobs[0].Name() != first && jobs[0].Text("metadata.deletionTimestamp").Length == 0);
    }

    [Fact, Behaviour("CronJob API Operations")]
    public async Task CronJob_API_operations()
    {
        var ns = await cluster.Namespace();
        var (all, labelled) = (Batch(ns, "cronjobs"), "?labelSelector=special-label%3Dtest-cronjob");
        Assert.Contains("cronjobs/status", (await cluster.Get("/apis/batch/v1")).Is(200).Json["resources"]!.AsArray().Select(r => r!.Text("name")));
        Assert.Contains("batch/v1", (await cluster.Get("/apis/batch")).Is(200).Json["versions"]!.AsArray().Select(v => v!.Text("groupVersion")));

        const string label = ",\"labels\":{\"special-label\":\"test-cronjob\"}";
        foreach (var name in (string[])["one", "two", "three"]) await cluster.Create(all, Body(name, "Allow", meta: label, schedule: "* */1 * * ?"));
        Assert.Equal("one", (await cluster.Get($"{all}/one")).Is(200).Name);
        Assert.Equal(3, (await cluster.Get("/apis/batch/v1/cronjobs" + labelled)).Is(200).Items.Count(i => i.Text("metadata.namespace") == ns));
        var list = (await cluster.Get(all + labelled)).Is(200);
        Assert.Equal(["one", "three", "two"], list.Names.Order());
        await using var watch = await cluster.Watch($"{all}{labelled}&resourceVersion={list.Version}");

        Assert.Equal("true", (await cluster.Patch($"{all}/one", """{"metadata":{"annotations":{"patched":"true"}}}""")).Is(200)["metadata.annotations.patched"]);
        await cluster.Update($"{all}/one", found => found["metadata"]!["annotations"]!["updated"] = "true");
        await watch.Until(e => e.Type == "MODIFIED" && e.Name == "one" && e.Object.Text("metadata.annotations.updated") == "true");

        var patched = (await cluster.Patch($"{all}/one/status", """{"metadata":{"annotations":{"patchedstatus":"true"}},"status":{"lastScheduleTime":"2026-01-01T00:00:00Z"}}""")).Is(200);
        Assert.Equal(("true", "2026-01-01T00:00:00Z"), (patched["metadata.annotations.patchedstatus"], patched["status.lastScheduleTime"]));
        var updated = await cluster.Update($"{all}/one/status", found => found["status"] = new JsonObject { ["lastScheduleTime"] = "2026-01-01T00:00:01Z" });
        Assert.Equal("2026-01-01T00:00:01Z", updated["status.lastScheduleTime"]);
        Assert.Equal(updated.Uid, (await cluster.Get($"{all}/one/status")).Is(200).Uid);

        (await cluster.Delete($"{all}/one", """{"propagationPolicy":"Background"}""")).Is(200);
        await cluster.Gone($"{all}/one");
        Assert.Equal(2, (await cluster.Get(all + labelled)).Is(200).Items.Count);
        (await cluster.Delete(all + labelled)).Is(200);
        await cluster.Until(all + labelled, found => found.Items.Count == 0);
    }
}
