using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Kinds.Meta.V1;

namespace Coracle.ApiServer;

/// <summary>One webhook, read and compiled once.</summary>
internal sealed class WebhookHook
{
    public required string Configuration { get; init; }
    public required string Name { get; init; }

    /// <summary>Its place among all webhooks of its sort, by which it is known during a request.</summary>
    public required int Index { get; init; }
    public required WebhookClientConfig Client { get; init; }
    public required IReadOnlyList<RuleWithOperations> Rules { get; init; }
    public required SelectorMatch Selectors { get; init; }
    public required MatchConditions Conditions { get; init; }
    public required IReadOnlyList<string> ReviewVersions { get; init; }
    public required string SideEffects { get; init; }
    public required TimeSpan Timeout { get; init; }
    public bool IsEquivalent { get; init; }
    public bool IgnoresFailure { get; init; }
    public bool IsReinvocable { get; init; }

    public static WebhookHook Of(string configuration, int index, MutatingWebhook hook) => new()
    {
        Configuration = configuration, Name = hook.Name, Index = index, Client = hook.ClientConfig, Rules = hook.Rules ?? [],
        Selectors = new SelectorMatch(hook.NamespaceSelector, hook.ObjectSelector), Conditions = MatchConditions.Of(hook.MatchConditions, hook.FailurePolicy, hasParams: false),
        ReviewVersions = hook.AdmissionReviewVersions ?? [], SideEffects = hook.SideEffects ?? "", Timeout = TimeSpan.FromSeconds(hook.TimeoutSeconds ?? 10),
        IsEquivalent = hook.MatchPolicy == MatchPolicyType.Equivalent, IgnoresFailure = hook.FailurePolicy == FailurePolicyType.Ignore,
        IsReinvocable = hook.ReinvocationPolicy == ReinvocationPolicyType.IfNeeded,
    };

    public static WebhookHook Of(string configuration, int index, ValidatingWebhook hook) => new()
    {
        Configuration = configuration, Name = hook.Name, Index = index, Client = hook.ClientConfig, Rules = hook.Rules ?? [],
        Selectors = new SelectorMatch(hook.NamespaceSelector, hook.ObjectSelector), Conditions = MatchConditions.Of(hook.MatchConditions, hook.FailurePolicy, hasParams: false),
        ReviewVersions = hook.AdmissionReviewVersions ?? [], SideEffects = hook.SideEffects ?? "", Timeout = TimeSpan.FromSeconds(hook.TimeoutSeconds ?? 10),
        IsEquivalent = hook.MatchPolicy == MatchPolicyType.Equivalent, IgnoresFailure = hook.FailurePolicy == FailurePolicyType.Ignore,
    };
}
