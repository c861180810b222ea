using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

/// <summary>What jobs and the templates of cron jobs have in common (upstream: apis/batch/validation, validateJobSpec).</summary>
internal static partial class JobSpecValidation
{
    private const int IndexedParallelismMax = 100_000;
    private const int FailedIndexesMax = 100_000;

    // Above so many completions the failed indexes are hard to write down, and limits are tighter.
    private const int ManyCompletions = 100_000;
    private const int ManyParallelismMax = 10_000;
    private const int ManyFailedIndexesMax = 10_000;
    private const int ManagerMax = 63;

    internal static void Validate(JobSpec spec, FieldPath path, FieldErrors errors)
    {
        errors.NonNegative(path / "parallelism", spec.Parallelism);
        errors.NonNegative(path / "completions", spec.Completions);
        errors.NonNegative(path / "activeDeadlineSeconds", spec.ActiveDeadlineSeconds);
        errors.NonNegative(path / "backoffLimit", spec.BackoffLimit);
        errors.NonNegative(path / "ttlSecondsAfterFinished", spec.TtlSecondsAfterFinished);
        errors.NonNegative(path / "backoffLimitPerIndex", spec.BackoffLimitPerIndex);
        errors.NonNegative(path / "maxFailedIndexes", spec.MaxFailedIndexes);
        if (spec.MaxFailedIndexes is not null && spec.BackoffLimitPerIndex is null)
            errors.Required(path / "backoffLimitPerIndex", "when maxFailedIndexes is specified");
        Manager(spec.ManagedBy, path / "managedBy", errors);
        if (IsIndexed(spec)) Indexed(spec, path, errors);
        else if (spec.CompletionMode is null or CompletionMode.NonIndexed) NotIndexed(spec, path, errors);
        if (spec.PodFailurePolicy is { } failures) Failures(spec, failures, path / "podFailurePolicy", errors);
        if (spec.SuccessPolicy is { } success)
        {
            if (IsIndexed(spec)) Success(spec, success, path / "successPolicy", errors);
            else errors.Invalid(path / "successPolicy", Checks.Shown(success), "requires indexed completion mode");
        }
        Replacement(spec, path / "podReplacementPolicy", errors);
        PodSpecValidation.Template(spec.Template, path / "template", errors);
        Restarts(spec, path / "template" / "spec" / "restartPolicy", errors);
    }

    internal static bool IsIndexed(JobSpec spec) => spec.CompletionMode == CompletionMode.Indexed;

    internal static void Warn(JobSpec spec, FieldPath path, List<string> warnings)
    {
        if (IsIndexed(spec) && spec.Completions > ManyCompletions && spec.Parallelism > ManyParallelismMax)
            warnings.Add($"{path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail");
        PodWarnings.Template(spec.Template, path / "template", warnings);
    }

    private static void Manager(string? manager, FieldPath path, FieldErrors errors)
    {
        if (manager is null) return;
        if (manager.Length == 0) errors.Required(path);
        else
            foreach (var (part, problem) in NameRules.DomainPrefixedPath(manager)) errors.Invalid(path, part, problem);
        if (manager.Length > ManagerMax) errors.TooLong(path, ManagerMax);
    }

    private static void Indexed(JobSpec spec, FieldPath path, FieldErrors errors)
    {
        if (spec.Completions is null) errors.Required(path / "completions", "when completion mode is Indexed");
        if (spec.Parallelism > IndexedParallelismMax)
            errors.Invalid(path / "parallelism", spec.Parallelism, $"must be less than or equal to {IndexedParallelismMax} when completion mode is Indexed");
        if (spec.MaxFailedIndexes > spec.Completions)
            errors.Invalid(path / "maxFailedIndexes", spec.MaxFailedIndexes, "must be less than or equal to completions");
        if (spec.MaxFailedIndexes > FailedIndexesMax)
            errors.Invalid(path / "maxFailedIndexes", spec.MaxFailedIndexes, $"must be less than or equal to {FailedIndexesMax}");
        if (!(spec.Completions > ManyCompletions) || spec.BackoffLimitPerIndex is null) return;

        const string many = "when completions are above 100000 and used with backoff limit per index";
        if (spec.MaxFailedIndexes is null) errors.Required(path / "maxFailedIndexes", $"must be specified when completions is above {ManyCompletions}");
        if (spec.Parallelism > ManyParallelismMax) errors.Invalid(path / "parallelism", spec.Parallelism, $"must be less than or equal to {ManyParallelismMax} {many}");
        if (spec.MaxFailedIndexes > ManyFailedIndexesMax)
            errors.Invalid(path / "maxFailedIndexes", spec.MaxFailedIndexes, $"must be less than or equal to {ManyFailedIndexesMax} {many}");
    }

    private static void NotIndexed(JobSpec spec, FieldPath path, FieldErrors errors)
    {
        if (spec.BackoffLimitPerIndex is { } limit) errors.Invalid(path / "backoffLimitPerIndex", limit, "requires indexed completion mode");
        if (spec.MaxFailedIndexes is { } failed) errors.Invalid(path / "maxFailedIndexes", failed, "requires indexed completion mode");
    }

    private static void Replacement(JobSpec spec, FieldPath path, FieldErrors errors)
    {
        if (spec.PodFailurePolicy is not null) errors.OneOf(path, spec.PodReplacementPolicy, PodReplacementPolicy.Failed);
        else errors.OneOf(path, spec.PodReplacementPolicy, PodReplacementPolicy.Failed, PodReplacementPolicy.TerminatingOrFailed);
    }

    private static void Restarts(JobSpec spec, FieldPath path, FieldErrors errors)
    {
        var policy = spec.Template.Spec.RestartPolicy;
        if (policy is "" or RestartPolicy.Always) errors.Required(path, "valid values: \"OnFailure\", \"Never\"");
        else if (policy is not (RestartPolicy.OnFailure or RestartPolicy.Never)) errors.NotSupported(path, policy, [RestartPolicy.OnFailure, RestartPolicy.Never]);
        else if (spec.PodFailurePolicy is not null && policy != RestartPolicy.Never)
            errors.Invalid(path, policy, "only \"Never\" is supported when podFailurePolicy is specified");
    }
}
