using System.Globalization;
using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.CronJobs;

/// <summary>The job that a cron job makes for one of its times (upstream: cronjob/utils.go, getJobFromTemplate2).</summary>
public static class ScheduledJob
{
    public const string TimeAnnotation = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    /// <summary>"report-29383680": the minutes since 1970.</summary>
    public static string NameOf(CronJob cron, DateTimeOffset time) => string.Create(CultureInfo.InvariantCulture, $"{cron.Metadata.Name}-{time.ToUnixTimeSeconds() / 60}");

    public static Job Make(CronJob cron, DateTimeOffset time, TimeZoneInfo zone)
    {
        var template = cron.Spec.JobTemplate.DeepCopy();
        var local = TimeZoneInfo.ConvertTime(time, zone);
        var annotations = template.Metadata.Annotations ?? [];
        annotations[TimeAnnotation] = local.ToString(local.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        return new()
        {
            Metadata = new()
            {
                Name = NameOf(cron, time), Namespace = cron.Metadata.Namespace, Labels = template.Metadata.Labels, Annotations = annotations,
                OwnerReferences = [Owners.ControllerReference(cron)],
            },
            Spec = template.Spec,
        };
    }

    public static ObjectReference Reference(Job job) => new()
    {
        ApiVersion = job.ApiVersion, Kind = job.Kind, Name = job.Metadata.Name, Namespace = job.Metadata.Namespace, Uid = job.Metadata.Uid, ResourceVersion = job.Metadata.ResourceVersion,
    };
}
