using Coracle.Kinds.Batch.V1;
using Coracle.Kinds.Core.V1;

namespace Coracle.Controllers.Jobs;

/// <summary>What a job's policy says of a failed pod: the rule's action (null: no rule), whether the failure counts, and why the job fails for it, if it does.</summary>
public readonly record struct FailureVerdict(string? Action, bool Counts, string? FailsJob);

/// <summary>Matches failed pods against a policy: the first rule that fits decides (upstream: pod_failure_policy.go).</summary>
public static class FailurePolicy
{
    private static readonly FailureVerdict Unmatched = new(null, true, null);

    public static FailureVerdict Judge(PodFailurePolicy? policy, Pod pod)
    {
        var rules = policy?.Rules ?? [];
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            if (Fault(rule, pod, i) is { } fault && Verdict(rule.Action, fault) is { } verdict) return verdict;
        }
        return Unmatched;
    }

    private static FailureVerdict? Verdict(string action, string fault) => action switch
    {
        PodFailurePolicyAction.Ignore => new(action, false, null),
        PodFailurePolicyAction.Count or PodFailurePolicyAction.FailIndex => new(action, true, null),
        PodFailurePolicyAction.FailJob => new(action, true, fault),
        _ => null,
    };

    // What the rule found in the pod, in the words of the job's condition; null when it does not fit.
    private static string? Fault(PodFailurePolicyRule rule, Pod pod, int index)
    {
        var name = $"{pod.Metadata.Namespace}/{pod.Metadata.Name}";
        if (rule.OnExitCodes is { } codes)
            return Container(pod.Status.ContainerStatuses, codes) is { } c || (c = Container(pod.Status.InitContainerStatuses, codes)) is not null
                ? $"Container {c.Name} for pod {name} failed with exit code {c.State.Terminated!.ExitCode} matching {rule.Action} rule at index {index}" : null;
        foreach (var condition in pod.Status.Conditions ?? [])
            if (rule.OnPodConditions?.Exists(p => p.Type == condition.Type && p.Status == condition.Status) == true)
                return $"Pod {name} has condition {condition.Type} matching {rule.Action} rule at index {index}";
        return null;
    }

    private static ContainerStatus? Container(List<ContainerStatus>? statuses, PodFailurePolicyOnExitCodesRequirement codes) =>
        statuses?.Find(s => s.State.Terminated is { ExitCode: not 0 } ended && (codes.ContainerName is null || codes.ContainerName == s.Name) && Fits(ended.ExitCode, codes));

    private static bool Fits(int code, PodFailurePolicyOnExitCodesRequirement codes)
    {
        var listed = codes.Values?.Contains(code) == true;
        return codes.Operator switch
        {
            PodFailurePolicyOnExitCodesOperator.In => listed,
            PodFailurePolicyOnExitCodesOperator.NotIn => !listed,
            _ => false,
        };
    }
}
