using Coracle.Schema.Cel;

namespace Coracle.ApiServer;

/// <summary>Whether a webhook is asked about a request.</summary>
internal static class WebhookInvocation
{
    /// <summary>The resource as the webhook wants to see it; null when it is not asked; or why that cannot be said.</summary>
    public static Result<Resource?> Find(WebhookHook hook, AdmissionContext context, in AdmissionTarget target)
    {
        if (RuleMatch.Find(hook.Rules, hook.IsEquivalent, target, context.Server.Resources) is not { } seenAs) return None;
        var selected = hook.Selectors.Matches(context, target);
        if (selected.Failed) return selected.Error;
        return selected.Value ? Judge(hook, context, target, seenAs) : None;
    }

    private static Result<Resource?> None => (Resource?)null;

    private static Result<Resource?> Judge(WebhookHook hook, AdmissionContext context, in AdmissionTarget target, Resource seenAs)
    {
        if (hook.Conditions.IsEmpty) return seenAs;
        if (hook.Conditions.Hold(new PolicyInput(context, target, seenAs), CelValue.Null, out var error)) return seenAs;
        return error is null ? None : ApiStatus.Forbidden(target.Resource.Kind, context.ObjectName, error);
    }

    /// <summary>What configures admission is not under it, so that there is always a way back.</summary>
    public static bool IsExempt(AdmissionContext context) => context.Kind is
    {
        Group: "admissionregistration.k8s.io",
        Kind: "ValidatingWebhookConfiguration" or "MutatingWebhookConfiguration" or "ValidatingAdmissionPolicy" or "ValidatingAdmissionPolicyBinding"
            or "MutatingAdmissionPolicy" or "MutatingAdmissionPolicyBinding",
    };
}
