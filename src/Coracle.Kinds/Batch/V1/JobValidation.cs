using System.Text.Json.Nodes;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

/// <summary>Counts, policies, selector and template of jobs, and what may change of them (upstream: apis/batch/validation, ValidateJob and ValidateJobUpdate).</summary>
public sealed partial class JobRules
{
    private static readonly FieldPath SpecPath = FieldPath.Of("spec");

    public override void Validate(Job obj, FieldErrors errors) => Whole(obj, prefixedLabels: true, errors);

    public override void ValidateUpdate(Job obj, Job old, string subresource, FieldErrors errors)
    {
        if (subresource == "status")
        {
            StatusChange(obj, old, errors);
            return;
        }
        // Jobs of before these labels were there go on without them.
        var labels = old.Spec.Template.Metadata.Labels;
        Whole(obj, labels?.ContainsKey(NameLabel) == true && labels.ContainsKey(ControllerUidLabel), errors);
        SpecChange(obj, old, errors);
    }

    public override void Warn(Job obj, Job? old, List<string> warnings)
    {
        if (old is null) PodWarnings.Name(obj.Metadata.Name, warnings);
        if (old is null || obj.Metadata.Generation != old.Metadata.Generation) JobSpecValidation.Warn(obj.Spec, SpecPath, warnings);
    }

    private static void Whole(Job job, bool prefixedLabels, FieldErrors errors)
    {
        var spec = job.Spec;
        var labels = spec.Template.Metadata.Labels;
        if (spec.ManualSelector != true && spec.Selector is not null) Generated(job, prefixedLabels, errors);
        JobSpecValidation.Validate(spec, SpecPath, errors);
        if (spec.Selector is null) errors.Required(SpecPath / "selector");
        errors.Selector(SpecPath / "selector", spec.Selector);
        if (spec.Selector is null || !Matches(spec.Selector, labels))
            errors.Invalid(SpecPath / "template" / "metadata" / "labels", Checks.Shown(labels), "`selector` does not match template `labels`");
        if (!JobSpecValidation.IsIndexed(spec) || spec.Completions is not > 0) return;
        var hostname = $"{job.Metadata.Name}-{spec.Completions - 1}";
        if (NameRules.Dns1123Label(hostname).Count > 0)
            errors.Invalid(FieldPath.Of("metadata") / "name", job.Metadata.Name, "will not able to create pod with invalid DNS label: " + hostname);
    }

    private static void Generated(Job job, bool prefixed, FieldErrors errors)
    {
        var (name, uid) = (job.Metadata.Name, job.Metadata.Uid);
        var path = SpecPath / "template" / "metadata" / "labels";
        var labels = job.Spec.Template.Metadata.Labels;
        if (uid.Length == 0) errors.Required(FieldPath.Of("metadata") / "uid");
        var expected = new List<(string Key, string Value)> { (LegacyControllerUidLabel, uid), (LegacyNameLabel, name) };
        if (prefixed) expected.AddRange([(ControllerUidLabel, uid), (NameLabel, name)]);
        foreach (var (key, value) in expected)
        {
            if (labels is null || !labels.TryGetValue(key, out var actual)) errors.Required(path.Key(key), $"must be '{value}'");
            else if (actual != value) errors.Invalid(path.Key(key), Checks.Shown(labels), $"must be '{value}'");
        }
        if (!Matches(job.Spec.Selector!, expected.ToDictionary(l => l.Key, l => l.Value)))
            errors.Invalid(SpecPath / "selector", Checks.Shown(job.Spec.Selector), "`selector` not auto-generated");
    }

    // The empty selector selects everything here.
    private static bool Matches(LabelSelector selector, IReadOnlyDictionary<string, string>? labels) => Checks.IsEmpty(selector) || Checks.Selects(selector, labels);

    private static void SpecChange(Job job, Job old, FieldErrors errors)
    {
        var (spec, before) = (job.Spec, old.Spec);
        Completions(spec, before, errors);
        Workloads.SameSelector(spec.Selector, before.Selector, SpecPath / "selector", errors);
        Template(job, old, errors);
        Same("completionMode", spec.CompletionMode == before.CompletionMode, spec.CompletionMode);
        Same("podFailurePolicy", spec.PodFailurePolicy?.ContentEquals(before.PodFailurePolicy) ?? before.PodFailurePolicy is null, Checks.Shown(spec.PodFailurePolicy));
        Same("backoffLimitPerIndex", spec.BackoffLimitPerIndex == before.BackoffLimitPerIndex, spec.BackoffLimitPerIndex);
        Same("managedBy", spec.ManagedBy == before.ManagedBy, spec.ManagedBy);
        Same("successPolicy", spec.SuccessPolicy?.ContentEquals(before.SuccessPolicy) ?? before.SuccessPolicy is null, Checks.Shown(spec.SuccessPolicy));

        void Same(string field, bool same, object? value)
        {
            if (!same) errors.Invalid(SpecPath / field, value, Checks.Immutable);
        }
    }

    // An indexed job grows and shrinks: its completions and its parallelism together.
    private static void Completions(JobSpec spec, JobSpec old, FieldErrors errors)
    {
        if (spec.Completions == old.Completions) return;
        if (!JobSpecValidation.IsIndexed(spec)) errors.Invalid(SpecPath / "completions", spec.Completions, Checks.Immutable);
        else if (spec.Completions is not null && spec.Completions != spec.Parallelism)
            errors.Invalid(SpecPath / "completions", spec.Completions, "can only be modified in tandem with spec.parallelism");
    }

    // While nothing of the job runs, where its pods are to run and what they need may still be said.
    private static void Template(Job job, Job old, FieldErrors errors)
    {
        var template = job.Spec.Template;
        var atRest = old.Spec.Suspend == true && old.Status.Active == 0 && (old.Status.StartTime is null || Has(old, JobConditionType.Suspended));
        if (!atRest)
        {
            if (!template.ContentEquals(old.Spec.Template)) errors.Invalid(SpecPath / "template", Checks.Shown(template), Checks.Immutable);
            return;
        }
        var before = old.Spec.Template.Spec.DeepCopy();
        NodeAffinity(before, template.Spec);
        (before.NodeSelector, before.Tolerations, before.SchedulingGates) = (template.Spec.NodeSelector, template.Spec.Tolerations, template.Spec.SchedulingGates);
        Resources(before.Containers, template.Spec.Containers);
        Resources(before.InitContainers, template.Spec.InitContainers);
        if (!template.Spec.ContentEquals(before)) errors.Invalid(SpecPath / "template" / "spec", Checks.Shown(template.Spec), Checks.Immutable);
    }

    private static void NodeAffinity(PodSpec before, PodSpec now)
    {
        if (now.Affinity is { } wanted)
        {
            before.Affinity ??= new Affinity();
            before.Affinity.NodeAffinity = wanted.NodeAffinity;
        }
        else if (before.Affinity is { PodAffinity: null, PodAntiAffinity: null }) before.Affinity = null;
    }

    private static void Resources(List<Container>? before, List<Container>? now)
    {
        if (before is null || now?.Count != before.Count) return;
        foreach (var (container, wanted) in before.Zip(now))
            if (container.Name == wanted.Name) container.Resources = wanted.Resources;
    }
}
