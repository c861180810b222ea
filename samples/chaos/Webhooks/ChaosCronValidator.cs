using Coracle.Samples.Chaos.Kinds;
using Coracle.Samples.Chaos.Reconcilers;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Samples.Chaos.Webhooks;

/// <summary>Refuses schedules that cannot be read, which no schema can say, and warns of those that strike whomever they find.</summary>
[Webhook(TimeoutSeconds = 5)]
public sealed partial class ChaosCronValidator : IValidator<ChaosCron>
{
    public ValueTask<Verdict> ValidateCreateAsync(ChaosCron obj, AdmissionRequest request, CancellationToken cancel) => new(Judge(obj));

    /// <summary>A schedule that is not touched is let be: it may have come before this rule.</summary>
    public ValueTask<Verdict> ValidateUpdateAsync(ChaosCron old, ChaosCron obj, AdmissionRequest request, CancellationToken cancel) =>
        new(obj.Spec.ContentEquals(old.Spec) ? Verdict.Allow : Judge(obj));

    private static Verdict Judge(ChaosCron cron)
    {
        var errors = new FieldErrors();
        var spec = FieldPath.Of("spec");
        if (CronTimes.Parse(cron.Spec.Schedule, "UTC", out _) is null) errors.Invalid(spec / "schedule", cron.Spec.Schedule, "must be a cron expression of five fields");
        else if (CronTimes.Parse(cron.Spec.Schedule, cron.Spec.TimeZone, out _) is null) errors.Invalid(spec / "timeZone", cron.Spec.TimeZone, "must be the name of a time zone");
        var verdict = Verdict.Of(cron, errors);
        var selector = cron.Spec.Template.Template.Selector;
        return selector is { MatchLabels: null or { Count: 0 }, MatchExpressions: null or { Count: 0 } } ? verdict.Warn("spec.template.template.selector is empty: every pod of the namespace may be struck") : verdict;
    }
}
