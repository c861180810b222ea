using Coracle.Kinds.AdmissionRegistration.V1;

namespace Coracle.ApiServer;

/// <summary>Webhooks that may refuse what is about to be written, all asked at the same time (upstream: ValidatingAdmissionWebhook).</summary>
public sealed class ValidatingWebhooks(WebhookTransport transport) : AdmissionPlugin
{
    private readonly WebhookCaller _caller = new(transport);

    private readonly ConfigurationSet<WebhookHook[]> _hooks = new(static stored =>
    [
        .. stored[0].Select(Configuration.Read<ValidatingWebhookConfiguration>).OfType<ValidatingWebhookConfiguration>()
            .SelectMany(c => (c.Webhooks ?? []).Select(w => (Configuration: c.Metadata.Name, Webhook: w)))
            .Select((w, i) => WebhookHook.Of(w.Configuration, i, w.Webhook)),
    ], "validatingwebhookconfigurations.admissionregistration.k8s.io");

    public override string Name => "ValidatingAdmissionWebhook";

    public override ValueTask<ApiStatus?> ValidateAsync(AdmissionContext context)
    {
        var hooks = _hooks.Get(context.Server);
        return hooks.Length == 0 || WebhookInvocation.IsExempt(context) ? ValueTask.FromResult<ApiStatus?>(null) : AskAll(hooks, context);
    }

    private async ValueTask<ApiStatus?> AskAll(WebhookHook[] hooks, AdmissionContext context)
    {
        var target = AdmissionTarget.Of(context);
        var asked = new List<(WebhookHook Hook, Resource SeenAs)>();
        foreach (var hook in hooks)
        {
            var found = await UnansweredException.Await(() => WebhookInvocation.Find(hook, context, target));
            if (found.Error is { } error) return error;
            if (found.Value is { } seenAs) asked.Add((hook, seenAs));
        }
        // All are under way before the first is awaited; the first refusal in their order is told.
        var calls = asked.ConvertAll(a => _caller.AskAsync(a.Hook, context, target, a.SeenAs, mutating: false).AsTask());
        ApiStatus? refused = null;
        for (var i = 0; i < calls.Count; i++)
        {
            var outcome = await calls[i];
            refused ??= Judge(context, asked[i].Hook, i, outcome);
        }
        return refused;
    }

    private static ApiStatus? Judge(AdmissionContext context, WebhookHook hook, int index, WebhookOutcome outcome)
    {
        if (outcome.Refused is { } cannot) return cannot;
        if (outcome.Response is not { } response) return WebhookRemarks.Failure(context, hook, outcome.Failure, $"failed-open.validating.webhook.admission.k8s.io/round_0_index_{index}");
        WebhookRemarks.Take(context, hook, response);
        return response.Allowed ? null : response.Refusal(hook.Name);
    }
}
