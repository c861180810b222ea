using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.CronJobs;

public sealed class CronJobTests
{
    private readonly CronJobFixture f = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_job_starts_at_each_time_and_at_no_other(int seed)
    {
        var g = new CronJobFixture(seed);
        g.Create("tick", "*/5 * * * *", spec => spec.SuccessfulJobsHistoryLimit = 10);
        g.PassUntil("01T00:04:59");
        Assert.Empty(g.Jobs("tick"));
        g.PassUntil("01T00:05:01");
        Assert.Equal(["01T00:05"], g.Times("tick"));
        g.PassUntil("01T00:22:00");
        Assert.Equal(["01T00:05", "01T00:10", "01T00:15", "01T00:20"], g.Times("tick"));
        Assert.Equal(CronJobFixture.At("01T00:20:00"), g.Cron("tick").Status.LastScheduleTime);
        Assert.Empty(g.Cluster.Faults);
    }

    [Fact]
    public void The_job_is_made_of_the_template_belongs_to_the_cron_job_and_is_told_of()
    {
        var cron = f.Create("report", "30 2 * * *");
        f.PassUntil("01T02:30:01");
        var job = Assert.Single(f.Jobs("report"));
        Assert.Equal("report-29453910", job.Metadata.Name);
        Assert.Equal(CronJobFixture.NameAt("report", "01T02:30:00"), job.Metadata.Name);
        var owner = Assert.Single(job.Metadata.OwnerReferences!);
        Assert.Equal(("batch/v1", "CronJob", "report", cron.Metadata.Uid, true, true), (owner.ApiVersion, owner.Kind, owner.Name, owner.Uid, owner.Controller, owner.BlockOwnerDeletion));
        Assert.Equal("report", job.Metadata.Labels!["app"]);
        Assert.Equal(("kept", "2026-01-01T02:30:00Z"), (job.Metadata.Annotations!["note"], job.Metadata.Annotations["batch.kubernetes.io/cronjob-scheduled-timestamp"]));
        Assert.Equal("work:1", job.Spec.Template.Spec.Containers![0].Image);

        var active = Assert.Single(f.Cron("report").Status.Active!);
        Assert.Equal(("batch/v1", "Job", "default", job.Metadata.Name, job.Metadata.Uid), (active.ApiVersion, active.Kind, active.Namespace, active.Name, active.Uid));
        Assert.Equal(["Normal SuccessfulCreate Created job report-29453910"], f.Events("report"));
        Assert.Equal("cronjob-controller", Assert.Single(f.Cluster.List<Event>()).Source.Component);
    }

    [Fact]
    public void A_job_that_ended_is_no_longer_active_and_its_success_is_noted()
    {
        f.Create("tick", "* * * * *");
        f.PassUntil("01T00:01:10");
        var job = f.Jobs("tick")[0].Metadata.Name;
        f.End(job);
        f.PassUntil("01T00:01:20");
        var status = f.Cron("tick").Status;
        Assert.Null(status.Active);
        Assert.Equal(CronJobFixture.At("01T00:01:10"), status.LastSuccessfulTime);
        Assert.Equal([$"Normal SuccessfulCreate Created job {job}", $"Normal SawCompletedJob Saw completed job: {job}, condition: Complete"], f.Events("tick"));

        f.PassUntil("01T00:02:10");
        var second = f.Jobs("tick")[1].Metadata.Name;
        f.End(second, succeeded: false);
        f.PassUntil("01T00:02:20");
        Assert.Equal(CronJobFixture.At("01T00:01:10"), f.Cron("tick").Status.LastSuccessfulTime);
        Assert.Contains($"Normal SawCompletedJob Saw completed job: {second}, condition: Failed", f.Events("tick"));
    }

    [Fact]
    public void The_schedule_is_read_in_the_zone_that_it_names()
    {
        f.Create("paris", "0 9 * * *", spec => spec.TimeZone = "Europe/Paris");
        f.Create("tokyo", "0 9 * * *", spec => spec.TimeZone = "Asia/Tokyo");
        f.Create("plain", "0 9 * * *");
        f.PassUntil("01T23:59:00");
        Assert.Equal(["01T08:00"], f.Times("paris"));
        Assert.Equal(["01T09:00"], f.Times("plain"));
        Assert.Empty(f.Jobs("tokyo"));
        f.PassUntil("02T00:00:10");
        Assert.Equal(["02T00:00"], f.Times("tokyo"));
        Assert.Equal("2026-01-01T09:00:00+01:00", f.Jobs("paris")[0].Metadata.Annotations!["batch.kubernetes.io/cronjob-scheduled-timestamp"]);
    }

    [Fact]
    public void Allow_lets_jobs_run_beside_each_other()
    {
        f.Create("tick", "* * * * *");
        f.PassUntil("01T00:03:10");
        Assert.Equal(3, f.Jobs("tick").Count);
        Assert.Equal(f.Jobs("tick").Select(j => j.Metadata.Name), f.Active("tick"));
    }

    [Fact]
    public void Forbid_leaves_out_times_while_a_job_runs_and_starts_the_last_one_left_out_when_it_has_ended()
    {
        f.Create("tick", "* * * * *", spec => spec.ConcurrencyPolicy = "Forbid");
        f.PassUntil("01T00:03:10");
        Assert.Equal(["01T00:01"], f.Times("tick"));
        Assert.Contains("Normal JobAlreadyActive Not starting job because prior execution is running and concurrency policy is Forbid", f.Events("tick"));
        f.End(f.Jobs("tick")[0].Metadata.Name);
        f.PassUntil("01T00:03:20");
        Assert.Equal(["01T00:01", "01T00:03"], f.Times("tick"));
        Assert.Equal(CronJobFixture.At("01T00:03:00"), f.Cron("tick").Status.LastScheduleTime);
    }

    [Fact]
    public void Replace_deletes_the_job_that_runs_and_starts_the_next()
    {
        f.Create("tick", "* * * * *", spec => spec.ConcurrencyPolicy = "Replace");
        f.PassUntil("01T00:01:10");
        var first = f.Jobs("tick")[0].Metadata.Name;
        f.PassUntil("01T00:02:10");
        var second = Assert.Single(f.Jobs("tick")).Metadata.Name;
        Assert.Equal(["01T00:02"], f.Times("tick"));
        Assert.Equal([second], f.Active("tick"));
        Assert.Equal([$"Normal SuccessfulCreate Created job {first}", $"Normal SuccessfulDelete Deleted job {first}", $"Normal SuccessfulCreate Created job {second}"], f.Events("tick"));
    }

    [Fact]
    public void A_suspended_cron_job_starts_nothing_and_goes_on_when_it_is_resumed()
    {
        f.Create("tick", "*/2 * * * *", spec => spec.Suspend = true);
        f.PassUntil("01T00:05:00");
        Assert.Empty(f.Jobs("tick"));
        f.Change("tick", spec => spec.Suspend = false);
        f.PassUntil("01T00:05:10");
        Assert.Equal(["01T00:04"], f.Times("tick")); // the last time it missed
        f.PassUntil("01T00:06:10");
        Assert.Equal(["01T00:04", "01T00:06"], f.Times("tick"));
        f.Change("tick", spec => spec.Suspend = true);
        f.PassUntil("01T00:20:00");
        Assert.Equal(2, f.Jobs("tick").Count);
        Assert.DoesNotContain(f.Events("tick"), e => e.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_missed_while_the_controller_was_away_is_started_once_and_late()
    {
        f.Create("tick", "0 * * * *");
        f.PassUntil("01T00:30:00");
        f.BeAway(5 * 3600);
        f.Cluster.Pass(5);
        Assert.Equal(["01T05:00"], f.Times("tick"));
        Assert.Equal(["Normal SuccessfulCreate Created job " + CronJobFixture.NameAt("tick", "01T05:00:00")], f.Events("tick"));
        f.PassUntil("01T06:00:10");
        Assert.Equal(["01T05:00", "01T06:00"], f.Times("tick"));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public void However_often_the_controller_is_restarted_every_time_is_used_once(int seed)
    {
        var g = new CronJobFixture(seed);
        var random = new Random(seed);
        g.Create("tick", "*/5 * * * *", spec => spec.SuccessfulJobsHistoryLimit = 100);
        while (g.Now < CronJobFixture.At("01T01:00:00"))
        {
            g.Cluster.Pass(random.Next(1, 240));
            g.BeAway(random.Next(1, 120) + random.NextDouble());
        }
        g.PassUntil("01T01:09:00");
        Assert.Equal(["01T00:05", "01T00:10", "01T00:15", "01T00:20", "01T00:25", "01T00:30", "01T00:35", "01T00:40", "01T00:45", "01T00:50", "01T00:55", "01T01:00", "01T01:05"], g.Times("tick"));
        Assert.Equal(13, g.Active("tick").Length);
        Assert.Equal(13, g.Events("tick").Count(e => e.StartsWith("Normal SuccessfulCreate ", StringComparison.Ordinal)));
    }

    [Fact]
    public void More_than_a_hundred_missed_times_are_told_of_and_the_last_one_is_started()
    {
        f.Create("tick", "* * * * *");
        f.PassUntil("01T00:00:30");
        f.BeAway(3 * 3600);
        f.Cluster.Pass(5);
        Assert.Equal(["01T03:00"], f.Times("tick"));
        Assert.Equal("Warning TooManyMissedTimes too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew", f.Events("tick")[0]);
    }

    [Fact]
    public void A_time_is_missed_when_its_starting_deadline_has_passed()
    {
        f.Create("tick", "0 * * * *", spec => spec.StartingDeadlineSeconds = 60);
        f.PassUntil("01T00:30:00");
        f.BeAway(3600); // until 01:30
        f.Cluster.Pass(5);
        Assert.Empty(f.Jobs("tick"));
        f.PassUntil("01T01:59:30");
        f.BeAway(60); // until 02:00:30
        f.Cluster.Pass(5);
        Assert.Equal(["01T02:00"], f.Times("tick"));
    }

    [Fact]
    public void A_job_that_cannot_start_in_time_because_another_runs_is_missed()
    {
        f.Create("tick", "* * * * *", spec => (spec.ConcurrencyPolicy, spec.StartingDeadlineSeconds) = ("Forbid", 10));
        f.PassUntil("01T00:02:30");
        f.End(f.Jobs("tick")[0].Metadata.Name);
        f.PassUntil("01T00:02:50");
        Assert.Equal(["01T00:01"], f.Times("tick"));
        f.PassUntil("01T00:03:10");
        Assert.Equal(["01T00:01", "01T00:03"], f.Times("tick"));
    }

    [Fact]
    public void Old_jobs_are_deleted_beyond_the_limits_the_oldest_first()
    {
        f.Create("tick", "* * * * *", spec => (spec.SuccessfulJobsHistoryLimit, spec.FailedJobsHistoryLimit) = (2, 1));
        for (var minute = 1; minute <= 6; minute++)
        {
            f.PassUntil($"01T00:{minute:00}:10");
            f.End(CronJobFixture.NameAt("tick", $"01T00:{minute:00}:00"), succeeded: minute % 2 == 0);
        }
        f.PassUntil("01T00:06:30");
        Assert.Equal(["01T00:04", "01T00:05", "01T00:06"], f.Times("tick"));
        Assert.Contains($"Normal SuccessfulDelete Deleted job {CronJobFixture.NameAt("tick", "01T00:01:00")}", f.Events("tick"));
    }

    [Fact]
    public void With_limits_of_zero_nothing_that_ended_is_kept()
    {
        f.Create("tick", "* * * * *", spec => (spec.SuccessfulJobsHistoryLimit, spec.FailedJobsHistoryLimit) = (0, 0));
        f.PassUntil("01T00:01:10");
        f.End(f.Jobs("tick")[0].Metadata.Name);
        f.PassUntil("01T00:01:20");
        Assert.Empty(f.Jobs("tick"));
        Assert.Null(f.Cron("tick").Status.Active);
    }

    [Fact]
    public void An_active_job_that_somebody_deleted_is_missed()
    {
        f.Create("tick", "0 * * * *");
        f.PassUntil("01T01:00:10");
        var job = f.Jobs("tick")[0].Metadata.Name;
        f.Cluster.Delete<Job>("default", job, Deletion.Background);
        f.PassUntil("01T01:00:20");
        Assert.Null(f.Cron("tick").Status.Active);
        Assert.Contains($"Normal MissingJob Active job went missing: {job}", f.Events("tick"));
        Assert.Empty(f.Jobs("tick")); // its time has been used
    }

    [Fact]
    public void A_job_that_claims_to_be_of_the_cron_job_is_told_of_and_not_counted()
    {
        var cron = f.Create("tick", "0 * * * *");
        f.Cluster.Create(new Job
        {
            Metadata = new() { Name = "stranger", Namespace = "default", OwnerReferences = [Owners.ControllerReference(cron)] },
            Spec = cron.Spec.JobTemplate.Spec,
        });
        f.PassUntil("01T00:10:00");
        Assert.Contains("Warning UnexpectedJob Saw a job that the controller did not create or forgot: stranger", f.Events("tick"));
        Assert.Null(f.Cron("tick").Status.Active);
        f.PassUntil("01T01:00:10");
        Assert.Single(f.Active("tick"));
    }

    [Fact]
    public void A_name_that_is_taken_by_somebody_elses_job_is_left_to_it()
    {
        var cron = f.Create("tick", "0 * * * *");
        f.Cluster.Create(new Job { Metadata = new() { Name = CronJobFixture.NameAt("tick", "01T01:00:00"), Namespace = "default" }, Spec = cron.Spec.JobTemplate.Spec });
        f.PassUntil("01T01:00:10");
        Assert.Null(f.Cron("tick").Status.Active);
        Assert.Empty(f.Jobs("tick"));
        f.PassUntil("01T02:00:10");
        Assert.Equal(["01T02:00"], f.Times("tick"));
    }

    [Fact]
    public void A_changed_schedule_counts_at_once()
    {
        f.Create("tick", "0 12 * * *");
        f.PassUntil("01T00:10:00");
        f.Change("tick", spec => spec.Schedule = "*/15 * * * *");
        f.PassUntil("01T00:15:10");
        Assert.Equal(["01T00:15"], f.Times("tick"));
    }
}
