using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Webhooks that may change what is about to be written, one after the other in the order of their configurations' names (upstream: MutatingAdmissionWebhook).</summary>
public sealed class MutatingWebhooks(WebhookTransport transport) : AdmissionPlugin
{
    private readonly WebhookCaller _caller = new(transport);

    private readonly ConfigurationSet<WebhookHook[]> _hooks = new(static stored =>
    [
        .. stored[0].Select(Configuration.Read<MutatingWebhookConfiguration>).OfType<MutatingWebhookConfiguration>()
            .SelectMany(c => (c.Webhooks ?? []).Select(w => (Configuration: c.Metadata.Name, Webhook: w)))
            .Select((w, i) => WebhookHook.Of(w.Configuration, i, w.Webhook)),
    ], "mutatingwebhookconfigurations.admissionregistration.k8s.io");

    public override string Name => "MutatingAdmissionWebhook";

    public override ValueTask<ApiStatus?> MutateAsync(AdmissionContext context)
    {
        var hooks = _hooks.Get(context.Server);
        return hooks.Length == 0 || WebhookInvocation.IsExempt(context) ? ValueTask.FromResult<ApiStatus?>(null) : AskAll(hooks, context);
    }

    private async ValueTask<ApiStatus?> AskAll(WebhookHook[] hooks, AdmissionContext context)
    {
        var target = AdmissionTarget.Of(context);
        foreach (var hook in hooks)
        {
            var found = await UnansweredException.Await(() => WebhookInvocation.Find(hook, context, target));
            if (found.Error is { } error) return error;
            if (found.Value is not { } seenAs) continue;
            var again = context.Reinvocation ??= new Reinvocation();
            if (again.IsSecond)
            {
                if (Changed(context, again.Last)) again.Changed();
                // Who was not asked in the first round is not asked in the second either.
                if (!again.IsToBeAsked(Id(hook))) continue;
            }
            if (await Ask(hook, context, target, seenAs, again) is { } refused) return refused;
            again.Last = Snapshot(context);
        }
        return null;
    }

    private static string Id(WebhookHook hook) => $"webhook/{hook.Configuration}/{hook.Name}/{hook.Index}";

    private static byte[]? Snapshot(AdmissionContext context) => AdmissionObject.New(context, context.Request.Resource);
    private static bool Changed(AdmissionContext context, byte[]? last) => last is not null && Snapshot(context) is { } now && !now.AsSpan().SequenceEqual(last);

    private async ValueTask<ApiStatus?> Ask(WebhookHook hook, AdmissionContext context, AdmissionTarget target, Resource seenAs, Reinvocation again)
    {
        var round = again.IsSecond ? 1 : 0;
        var outcome = await _caller.AskAsync(hook, context, target, seenAs, mutating: true);
        if (outcome.Refused is { } cannot) return cannot;
        var changed = false;
        if (outcome.Response is { } response)
        {
            WebhookRemarks.Take(context, hook, response);
            if (!response.Allowed) return response.Refusal(hook.Name);
            var patched = await UnansweredException.Await(() => Patch(hook, context, seenAs, response));
            if (patched.Failed) return patched.Error;
            var before = await UnansweredException.Await(() => AdmissionObject.New(context, seenAs));
            if (patched.Value.Object is { } made) context.Object = made;
            changed = patched.Value.Object is not null && !(await UnansweredException.Await(() => AdmissionObject.New(context, seenAs))).AsSpan().SequenceEqual(before);
            outcome = outcome with { Failure = patched.Value.Failure };
        }
        WebhookRemarks.Mutation(context, hook, round, changed);
        if (changed)
        {
            again.Changed();
            again.IsWanted = true;
        }
        if (hook.IsReinvocable) again.Done(Id(hook));
        return outcome.Failure.Length == 0 ? null : WebhookRemarks.Failure(context, hook, outcome.Failure, $"failed-open.mutation.webhook.admission.k8s.io/round_{round}_index_{hook.Index}");
    }

    /// <summary>The object that the patch makes, or none; a text instead when the webhook's answer is of no use; an error when the patch cannot be.</summary>
    private static Result<(JsonObject? Object, string Failure)> Patch(WebhookHook hook, AdmissionContext context, Resource seenAs, AdmissionReviewResponse response)
    {
        if (response.Patch.Length == 0) return (null, "");
        var decoded = Decoder.DecodeTree(response.Patch);
        if (decoded.Value is not JsonArray operations) return (null, "received undecodable patch in webhook response: " + (decoded.Error ?? "json: cannot unmarshal into Go value of type jsonpatch.Patch"));
        if (operations.Count == 0) return (null, "");
        if (AdmissionObject.New(context, seenAs) is not { } before)
            return ApiStatus.Internal($"admission webhook {GoText.Quote(hook.Name)} attempted to modify the object, which is not supported for this operation");
        if (response.PatchType != "JSONPatch") return (null, $"unsupported patch type {GoText.Quote(response.PatchType)}");
        var patched = JsonPatch.Apply(ApiJson.ParseTree(before)!, operations);
        if (patched.Error is { } error) return ApiStatus.Internal(error.Message);
        var bytes = System.Text.Encoding.UTF8.GetBytes(patched.Document?.ToJsonString() ?? "null");
        return AdmissionObject.Accept(context, seenAs, bytes, out var problem) is { } obj ? (obj, "") : ApiStatus.Internal(problem ?? "the patched object is none");
    }
}

/// <summary>What there is to say besides of a webhook that was asked: warnings, annotations, failures that do not count.</summary>
internal static class WebhookRemarks
{
    public static void Take(AdmissionContext context, WebhookHook hook, AdmissionReviewResponse response)
    {
        foreach (var (key, value) in response.AuditAnnotations) context.Request.Annotate($"{hook.Name}/{key}", value);
        context.Request.Warnings.AddRange(response.Warnings);
    }

    public static void Mutation(AdmissionContext context, WebhookHook hook, int round, bool changed) => context.Request.Annotate(
        $"mutation.webhook.admission.k8s.io/round_{round}_index_{hook.Index}",
        $"{{\"configuration\":\"{JsonEncodedText.Encode(hook.Configuration)}\",\"webhook\":\"{JsonEncodedText.Encode(hook.Name)}\",\"mutated\":{(changed ? "true" : "false")}}}");

    /// <summary>A webhook could not be asked: the request fails, or goes on and is marked.</summary>
    public static ApiStatus? Failure(AdmissionContext context, WebhookHook hook, string why, string mark)
    {
        if (!hook.IgnoresFailure) return ApiStatus.Internal($"failed calling webhook {GoText.Quote(hook.Name)}: {why}");
        context.Request.Annotate(mark, hook.Name);
        return null;
    }
}
