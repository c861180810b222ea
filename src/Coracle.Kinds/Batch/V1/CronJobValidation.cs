using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

/// <summary>Schedule, time zone and template of cron jobs (upstream: apis/batch/validation, ValidateCronJobCreate and ValidateCronJobUpdate).</summary>
public sealed partial class CronJobRules
{
    // Jobs are named after their cron job, with eleven characters more.
    private const int NameMax = 52;
    private const int ZonePartMax = 14;

    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(CronJob obj, FieldErrors errors)
    {
        Spec(obj.Spec, null, errors);
        if (obj.Metadata.Name.Length > NameMax)
            errors.Invalid(FieldPath.Of("metadata") / "name", obj.Metadata.Name, $"must be no more than {NameMax} characters");
    }

    /// <summary>Names and zones that were accepted once may stay.</summary>
    public override void ValidateUpdate(CronJob obj, CronJob old, string subresource, FieldErrors errors)
    {
        if (subresource != "status") Spec(obj.Spec, old.Spec, errors);
    }

    public override void Warn(CronJob obj, CronJob? old, List<string> warnings)
    {
        var path = SpecPath / "jobTemplate" / "spec";
        if (old is null) PodWarnings.Name(obj.Metadata.Name, warnings);
        if (old is null || obj.Metadata.Generation != old.Metadata.Generation) JobSpecValidation.Warn(obj.Spec.JobTemplate.Spec, path, warnings);
        if (old is not null && NamesZone(obj.Spec.Schedule))
            warnings.Add("cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details");
    }

    private static void Spec(CronJobSpec spec, CronJobSpec? old, FieldErrors errors)
    {
        if (spec.Schedule.Length == 0) errors.Required(SpecPath / "schedule");
        else Schedule(spec, old, SpecPath / "schedule", errors);
        errors.NonNegative(SpecPath / "startingDeadlineSeconds", spec.StartingDeadlineSeconds);
        if (old is null || old.TimeZone != spec.TimeZone) Zone(spec.TimeZone, SpecPath / "timeZone", errors);
        errors.RequiredText(SpecPath / "concurrencyPolicy", spec.ConcurrencyPolicy);
        Template(spec.JobTemplate.Spec, SpecPath / "jobTemplate" / "spec", errors);
        errors.NonNegative(SpecPath / "successfulJobsHistoryLimit", spec.SuccessfulJobsHistoryLimit);
        errors.NonNegative(SpecPath / "failedJobsHistoryLimit", spec.FailedJobsHistoryLimit);
    }

    private static void Schedule(CronJobSpec spec, CronJobSpec? old, FieldPath path, FieldErrors errors)
    {
        if (CronForm.Problem(spec.Schedule) is { } problem) errors.Invalid(path, spec.Schedule, problem);
        if (!NamesZone(spec.Schedule)) return;
        if (old is null || !NamesZone(old.Schedule)) errors.Invalid(path, spec.Schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        else if (spec.TimeZone is not null) errors.Invalid(path, spec.Schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule");
    }

    private static bool NamesZone(string schedule) => schedule.Contains("TZ", StringComparison.Ordinal);

    private static void Zone(string? zone, FieldPath path, FieldErrors errors)
    {
        if (zone is null) return;
        if (zone.Length == 0) errors.Invalid(path, zone, "timeZone must be nil or non-empty string");
        else if (!zone.Split('/').All(IsZonePart)) errors.Invalid(path, zone, "unknown time zone " + zone);
        else if (string.Equals(zone, "Local", StringComparison.OrdinalIgnoreCase))
            errors.Invalid(path, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        else if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)) errors.Invalid(path, zone, "unknown time zone " + zone);
    }

    private static bool IsZonePart(string part) => part.Length is > 0 and <= ZonePartMax && part is not ("." or "..") && part[0] != '-'
        && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '+');

    private static void Template(JobSpec spec, FieldPath path, FieldErrors errors)
    {
        JobSpecValidation.Validate(spec, path, errors);
        if (spec.Selector is not null) errors.Invalid(path / "selector", Checks.Shown(spec.Selector), "`selector` will be auto-generated");
        if (spec.ManualSelector == true) errors.NotSupported(path / "manualSelector", true, ["nil", "false"]);
    }
}
