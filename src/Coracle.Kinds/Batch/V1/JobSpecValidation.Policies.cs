using System.Text.Json.Nodes;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.Batch.V1;

/// <summary>What failures mean, and what counts as success.</summary>
internal static partial class JobSpecValidation
{
    private const int RulesMax = 20;
    private const int ConditionsMax = 20;
    private const int ExitCodesMax = 255;
    private const int IndexesBytesMax = 64 * 1024;

    private static readonly string[] Actions =
        [PodFailurePolicyAction.Count, PodFailurePolicyAction.FailIndex, PodFailurePolicyAction.FailJob, PodFailurePolicyAction.Ignore];

    private static readonly string[] Operators = [PodFailurePolicyOnExitCodesOperator.In, PodFailurePolicyOnExitCodesOperator.NotIn];
    private static readonly string[] Statuses = ["False", "True", "Unknown"];

    private static void Failures(JobSpec spec, PodFailurePolicy policy, FieldPath path, FieldErrors errors)
    {
        var rules = policy.Rules ?? [];
        if (rules.Count > RulesMax) errors.TooMany(path / "rules", rules.Count, RulesMax);
        var names = (spec.Template.Spec.Containers ?? []).Concat(spec.Template.Spec.InitContainers ?? []).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < rules.Count; i++) Failure(spec, rules[i], names, (path / "rules")[i], errors);
    }

    private static void Failure(JobSpec spec, PodFailurePolicyRule rule, HashSet<string> names, FieldPath path, FieldErrors errors)
    {
        if (rule.Action == PodFailurePolicyAction.FailIndex)
        {
            if (spec.BackoffLimitPerIndex is null) errors.Invalid(path / "action", rule.Action, "requires the backoffLimitPerIndex to be set");
        }
        else errors.Choice(path / "action", rule.Action, Actions);
        var conditions = rule.OnPodConditions ?? [];
        if (rule.OnExitCodes is { } codes) ExitCodes(codes, names, path / "onExitCodes", errors);
        if (conditions.Count > ConditionsMax) errors.TooMany(path / "onPodConditions", conditions.Count, ConditionsMax);
        for (var i = 0; i < conditions.Count; i++)
        {
            errors.QualifiedName((path / "onPodConditions")[i] / "type", conditions[i].Type);
            errors.Choice((path / "onPodConditions")[i] / "status", conditions[i].Status, Statuses);
        }
        if (rule.OnExitCodes is not null && conditions.Count > 0) errors.Invalid(path, "specifying both OnExitCodes and OnPodConditions is not supported");
        if (rule.OnExitCodes is null && conditions.Count == 0) errors.Invalid(path, "specifying one of OnExitCodes and OnPodConditions is required");
    }

    private static void ExitCodes(PodFailurePolicyOnExitCodesRequirement codes, HashSet<string> names, FieldPath path, FieldErrors errors)
    {
        errors.Choice(path / "operator", codes.Operator, Operators);
        if (codes.ContainerName is { } name && !names.Contains(name))
            errors.Invalid(path / "containerName", name, "must be one of the container or initContainer names in the pod template");
        var values = codes.Values ?? [];
        path /= "values";
        if (values.Count == 0) errors.Invalid(path, codes.Values is null ? null : new JsonArray(), "at least one value is required");
        if (values.Count > ExitCodesMax) errors.TooMany(path, values.Count, ExitCodesMax);
        var seen = new HashSet<int>();
        var ordered = true;
        for (var i = 0; i < values.Count; i++)
        {
            if (codes.Operator == PodFailurePolicyOnExitCodesOperator.In && values[i] == 0) errors.Invalid(path[i], 0, "must not be 0 for the In operator");
            if (!seen.Add(values[i])) errors.Duplicate(path[i], values[i]);
            ordered &= i == 0 || values[i] >= values[i - 1];
        }
        if (!ordered) errors.Invalid(path, new JsonArray([.. values.Select(v => (JsonNode)v)]), "must be ordered");
    }

    // One of a few words, which upstream asks for in a list when there is none.
    private static void Choice(this FieldErrors errors, FieldPath path, string value, string[] supported)
    {
        if (value.Length == 0) errors.Required(path, $"valid values: [{string.Join(' ', supported.Select(GoText.Quote))}]");
        else errors.OneOf(path, value, supported);
    }

    private static void Success(JobSpec spec, SuccessPolicy policy, FieldPath path, FieldErrors errors)
    {
        var rules = policy.Rules ?? [];
        path /= "rules";
        if (rules.Count == 0) errors.Required(path, "at least one rules must be specified when the successPolicy is specified");
        if (rules.Count > RulesMax) errors.TooMany(path, rules.Count, RulesMax);
        for (var i = 0; i < rules.Count; i++) Success(rules[i], spec.Completions ?? 0, path[i], errors);
    }

    private static void Success(SuccessPolicyRule rule, int completions, FieldPath path, FieldErrors errors)
    {
        if (rule.SucceededCount is null && rule.SucceededIndexes is null)
            errors.Required(path, "at least one of succeededCount or succeededIndexes must be specified");
        var total = 0;
        if (rule.SucceededIndexes is { } indexes)
        {
            if (indexes.Length > IndexesBytesMax) errors.TooLong(path / "succeededIndexes", IndexesBytesMax);
            if (JobIndexes.Problem(indexes, completions, out total) is { } problem)
                errors.Invalid(path / "succeededIndexes", indexes, "error parsing succeededIndexes: " + problem);
        }
        if (rule.SucceededCount is not { } count) return;
        errors.NonNegative(path / "succeededCount", count);
        if (count > completions)
            errors.Invalid(path / "succeededCount", count, $"must be less than or equal to {completions} (the number of specified completions)");
        if (rule.SucceededIndexes is not null && count > total)
            errors.Invalid(path / "succeededCount", count, $"must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)");
    }
}
