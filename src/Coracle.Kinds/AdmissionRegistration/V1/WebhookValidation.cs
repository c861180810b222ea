using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Validation;
using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>What both kinds of webhooks are judged by. What an object was allowed before, it may keep.</summary>
internal sealed record WebhookLeniency(bool AnySideEffects, bool AnyReviewVersion, bool RepeatedNames, bool AnySelectorValue, bool AnyConditions)
{
    internal static WebhookLeniency None { get; } = new(false, false, false, false, false);
}

/// <summary>The part of a webhook that mutating and validating ones share.</summary>
internal readonly record struct WebhookParts(string Name, WebhookClientConfig Client, List<RuleWithOperations>? Rules, string? FailurePolicy, string? MatchPolicy,
    LabelSelector? Namespaces, LabelSelector? Objects, string? SideEffects, int? Timeout, List<string>? Versions, List<MatchCondition>? Conditions, string? Reinvocation);

/// <summary>Webhook configurations of both kinds (upstream: apis/admissionregistration/validation).</summary>
internal static class WebhookValidation
{
    private static readonly string[] Versions = ["v1", "v1beta1"];
    private static readonly string[] AllSideEffects = ["None", "NoneOnDryRun", "Some", "Unknown"];
    private static readonly string[] NoSideEffects = ["None", "NoneOnDryRun"];

    internal static void Check(IReadOnlyList<WebhookParts> webhooks, WebhookLeniency lenient, FieldErrors errors)
    {
        var names = new HashSet<string>();
        for (var i = 0; i < webhooks.Count; i++)
        {
            var path = FieldPath.Of("webhooks")[i];
            Webhook(webhooks[i], lenient, path, errors);
            ReviewVersions(webhooks[i].Versions ?? [], lenient, path / "admissionReviewVersions", errors);
            if (!lenient.RepeatedNames && webhooks[i].Name.Length > 0 && !names.Add(webhooks[i].Name)) errors.Duplicate(path / "name", webhooks[i].Name);
        }
    }

    /// <summary>What the configuration as it was already does.</summary>
    internal static WebhookLeniency Of(IReadOnlyList<WebhookParts> old, IReadOnlyList<WebhookParts> now) => new(
        AnySideEffects: old.Any(w => !NoSideEffects.Contains(w.SideEffects)),
        AnyReviewVersion: old.Any(w => w.Versions is { Count: > 0 } versions && !versions.Any(Versions.Contains)),
        RepeatedNames: old.DistinctBy(w => w.Name).Count() < old.Count,
        AnySelectorValue: old.Any(w => HasBadValue(w.Namespaces) || HasBadValue(w.Objects)),
        AnyConditions: old.Count == now.Count && old.Zip(now).All(pair => SameConditions(pair.First.Conditions ?? [], pair.Second.Conditions ?? [])));

    private static bool HasBadValue(LabelSelector? selector)
    {
        var errors = new FieldErrors();
        errors.Selector(FieldPath.Root, selector);
        return errors.Count > 0;
    }

    private static bool SameConditions(List<MatchCondition> a, List<MatchCondition> b) => a.Count == b.Count && a.Zip(b).All(pair => pair.First.ContentEquals(pair.Second));

    private static void Webhook(WebhookParts hook, WebhookLeniency lenient, FieldPath path, FieldErrors errors)
    {
        if (hook.Name.Length == 0) errors.Required(path / "name");
        else errors.Problems(path / "name", hook.Name, NameRules.FullyQualifiedName(hook.Name));
        for (var i = 0; i < (hook.Rules?.Count ?? 0); i++) RuleValidation.Rule(hook.Rules![i], (path / "rules")[i], errors);
        errors.OneOf(path / "failurePolicy", hook.FailurePolicy, RuleValidation.FailurePolicies);
        errors.OneOf(path / "matchPolicy", hook.MatchPolicy, RuleValidation.MatchPolicies);
        SideEffects(hook.SideEffects, lenient, path / "sideEffects", errors);
        if (hook.Timeout is > 30 or < 1) errors.Invalid(path / "timeoutSeconds", hook.Timeout, "the timeout value must be between 1 and 30 seconds");
        Selector(hook.Namespaces, lenient, path / "namespaceSelector", errors);
        Selector(hook.Objects, lenient, path / "objectSelector", errors);
        errors.OneOf(path / "reinvocationPolicy", hook.Reinvocation, RuleValidation.ReinvocationPolicies);
        Client(hook.Client, path / "clientConfig", errors);
        if (!lenient.AnyConditions) RuleValidation.Conditions(hook.Conditions, hasParams: false, path / "matchConditions", errors);
    }

    private static void SideEffects(string? effects, WebhookLeniency lenient, FieldPath path, FieldErrors errors)
    {
        var allowed = lenient.AnySideEffects ? AllSideEffects : NoSideEffects;
        if (effects is null) errors.Required(path, $"must specify one of {string.Join(", ", allowed)}");
        else errors.OneOf(path, effects, allowed);
    }

    private static void Selector(LabelSelector? selector, WebhookLeniency lenient, FieldPath path, FieldErrors errors)
    {
        if (!lenient.AnySelectorValue) errors.Selector(path, selector);
    }

    private static void ReviewVersions(List<string> versions, WebhookLeniency lenient, FieldPath path, FieldErrors errors)
    {
        var all = string.Join(", ", Versions);
        if (versions.Count == 0)
        {
            errors.Required(path, $"must specify one of {all}");
            return;
        }
        for (var i = 0; i < versions.Count; i++)
        {
            if (versions.IndexOf(versions[i]) < i) errors.Invalid(path[i], versions[i], "duplicate version");
            else errors.Problems(path[i], versions[i], NameRules.Dns1035Label(versions[i]));
        }
        if (!lenient.AnyReviewVersion && !versions.Any(Versions.Contains)) errors.Invalid(path, Checks.Shown(versions), $"must include at least one of {all}");
    }

    private static void Client(WebhookClientConfig client, FieldPath path, FieldErrors errors)
    {
        if ((client.Url is null) == (client.Service is null)) errors.Required(path, "exactly one of url or service is required");
        else if (client.Url is { } url) WebhookAddress.Url(url, path / "url", errors);
        else WebhookAddress.Service(client.Service!, path / "service", errors);
    }
}
