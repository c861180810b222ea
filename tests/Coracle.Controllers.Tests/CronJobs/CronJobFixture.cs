using System.Globalization;
using Coracle.Controllers.CronJobs;
using Coracle.Controllers.Tests.Support;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Tests.CronJobs;

/// <summary>A cluster that starts jobs by schedules and does not run them: tests say how they end. It begins at midnight of 1 January 2026, a Thursday.</summary>
public sealed class CronJobFixture
{
    public CronJobFixture(int seed = 1) => Cluster = new(seed, CronJobReconciler.NewController);

    public SimulatedCluster Cluster { get; }
    public DateTimeOffset Now => Cluster.Loop.Time.GetUtcNow();

    public static DateTimeOffset At(string text) => DateTimeOffset.Parse("2026-01-" + text + "Z", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public CronJob Create(string name, string schedule, Action<CronJobSpec>? change = null)
    {
        var cron = new CronJob
        {
            Metadata = new() { Name = name, Namespace = "default" },
            Spec = new()
            {
                Schedule = schedule,
                JobTemplate = new()
                {
                    Metadata = new() { Labels = new() { ["app"] = name }, Annotations = new() { ["note"] = "kept" } },
                    Spec = new() { Template = new() { Spec = new() { RestartPolicy = "Never", Containers = [new() { Name = "main", Image = "work:1" }] } } },
                },
            },
        };
        change?.Invoke(cron.Spec);
        return Cluster.Create(cron);
    }

    public CronJob Cron(string name) => Cluster.Get<CronJob>("default", name);
    public void Change(string name, Action<CronJobSpec> change) => Cluster.Change<CronJob>("default", name, cron => change(cron.Spec));

    public void PassUntil(string time)
    {
        var left = At(time) - Now;
        Assert.True(left >= TimeSpan.Zero, "that time is past");
        Cluster.Loop.RunFor(left);
    }

    public List<Job> Jobs(string cron) => [.. Cluster.List<Job>().Where(job => Owners.ControllerOf(job)?.Name == cron).OrderBy(job => job.Metadata.Name, StringComparer.Ordinal)];

    /// <summary>The names of the jobs, by the time of day that is in them.</summary>
    public string[] Times(string cron) =>
        [.. Jobs(cron).Select(job => DateTimeOffset.FromUnixTimeSeconds(60 * long.Parse(job.Metadata.Name[(cron.Length + 1)..], CultureInfo.InvariantCulture)).ToString("dd'T'HH:mm", CultureInfo.InvariantCulture))];

    public string[] Active(string cron) => [.. (Cron(cron).Status.Active ?? []).Select(a => a.Name)];

    /// <summary>"Normal SuccessfulCreate Created job a-1", in the order in which they were told.</summary>
    public string[] Events(string cron) =>
        [.. Cluster.List<Event>().Where(e => e.InvolvedObject is { Kind: "CronJob" } about && about.Name == cron).OrderBy(e => e.FirstTimestamp).ThenBy(e => long.Parse(e.Metadata.ResourceVersion, CultureInfo.InvariantCulture))
            .Select(e => $"{e.Type} {e.Reason} {e.Message}")];

    public static string NameAt(string cron, string time) => string.Create(CultureInfo.InvariantCulture, $"{cron}-{At(time).ToUnixTimeSeconds() / 60}");

    /// <summary>The job ends, as the job controller would say.</summary>
    public void End(string job, bool succeeded = true) => Cluster.ChangeStatus<Job>("default", job, j =>
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(Now.ToUnixTimeSeconds());
        j.Status.StartTime = now.AddSeconds(-1);
        if (succeeded) (j.Status.CompletionTime, j.Status.Succeeded) = (now, 1);
        else j.Status.Failed = 1;
        j.Status.Conditions =
        [
            new() { Type = succeeded ? JobConditionType.SuccessCriteriaMet : JobConditionType.FailureTarget, Status = "True", LastTransitionTime = now, LastProbeTime = now },
            new() { Type = succeeded ? JobConditionType.Complete : JobConditionType.Failed, Status = "True", LastTransitionTime = now, LastProbeTime = now },
        ];
    });

    /// <summary>The controller was not there, and is again.</summary>
    public void BeAway(double seconds)
    {
        Cluster.RestartControllers();
        Cluster.Pass(seconds);
        Cluster.RestartControllers(CronJobReconciler.NewController);
    }
}
