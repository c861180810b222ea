using System.Globalization;
using System.Net;
using Coracle.Kinds.AdmissionRegistration.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>What a call of a webhook came to: its answer, or why there is none.</summary>
internal readonly record struct WebhookOutcome(AdmissionReviewResponse? Response, string Failure, ApiStatus? Refused)
{
    /// <summary>The webhook could not be asked, which its failure policy decides about.</summary>
    public static WebhookOutcome Failed(string why) => new(null, why, null);

    /// <summary>The request cannot be, whatever the failure policy.</summary>
    public static WebhookOutcome Refuse(ApiStatus status) => new(null, "", status);
}

/// <summary>Asks one webhook about one request, in its time.</summary>
internal sealed class WebhookCaller(WebhookTransport transport)
{
    public async ValueTask<WebhookOutcome> AskAsync(WebhookHook hook, AdmissionContext context, AdmissionTarget target, Resource seenAs, bool mutating)
    {
        var started = context.Server.Clock.GetTimestamp();
        var outcome = await AskOnceAsync(hook, context, target, seenAs, mutating);
        Count(hook, context, target, outcome, mutating ? "admit" : "validating", context.Server.Clock.GetElapsedTime(started));
        return outcome;
    }

    // A request that is refused for want of an answer is refused by us, not by the webhook.
    private static void Count(WebhookHook hook, AdmissionContext context, AdmissionTarget target, in WebhookOutcome outcome, string type, TimeSpan elapsed)
    {
        var metrics = context.Server.WebhookMetrics;
        var refusal = outcome.Refused ?? (outcome.Response is { Allowed: false } answer ? answer.Refusal(hook.Name) : null);
        var failed = outcome.Failure.Length > 0;
        var rejected = refusal is not null || failed && !hook.IgnoresFailure;
        metrics.Called(hook.Name, type, target.Operation, refusal?.Code ?? (failed ? 500 : 200), rejected, elapsed);
        if (refusal is not null) metrics.Rejected(hook.Name, type, target.Operation, "no_error", refusal.Code);
        else if (rejected) metrics.Rejected(hook.Name, type, target.Operation, "calling_webhook_error", 0);
        else if (failed) metrics.FailedOpen(hook.Name, type);
    }

    private async ValueTask<WebhookOutcome> AskOnceAsync(WebhookHook hook, AdmissionContext context, AdmissionTarget target, Resource seenAs, bool mutating)
    {
        if (context.DryRun && hook.SideEffects is not (SideEffectClass.None or SideEffectClass.NoneOnDryRun))
            return WebhookOutcome.Refuse(ApiStatus.BadRequest($"admission webhook {GoText.Quote(hook.Name)} does not support dry run"));
        if (hook.ReviewVersions.FirstOrDefault(v => v is "v1" or "v1beta1") is not { } version)
            return WebhookOutcome.Failed("could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)");
        var uid = context.Server.NewUid();
        var body = await UnansweredException.Await(() => AdmissionReviewRequest.Write(context, target, seenAs, version, uid));
        if (context.ConversionFailure is { } unseen) return WebhookOutcome.Refuse(unseen);
        var answer = await PostAsync(hook, context, body);
        if (answer.Failed) return WebhookOutcome.Failed("failed to call webhook: " + answer.Error.Message);
        if (answer.Value.Status is < 200 or > 206) return WebhookOutcome.Failed("failed to call webhook: " + Refusal(answer.Value));
        return AdmissionReviewResponse.Read(answer.Value.Body, version, uid, mutating, out var error) is { } response ? new(response, "", null) : WebhookOutcome.Failed(error);
    }

    private async ValueTask<Result<WebhookAnswer>> PostAsync(WebhookHook hook, AdmissionContext context, ReadOnlyMemory<byte> body)
    {
        var url = UrlOf(hook);
        EndPoint? place = null;
        if (hook.Client.Service is { } service)
        {
            var resolved = ServicePlace.Resolve(context.Server, service);
            if (resolved.Failed) return Failure(url, resolved.Error.Message);
            place = resolved.Value;
        }
        using var late = new CancellationTokenSource(hook.Timeout, context.Server.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.Request.Cancel);
        try
        {
            return await transport.PostAsync(new WebhookCall(new Uri(url), place, hook.Client.CaBundle ?? [], body), stop.Token);
        }
        catch (OperationCanceledException) when (!context.Request.Cancel.IsCancellationRequested)
        {
            return Failure(url, "context deadline exceeded");
        }
        catch (WebhookException e)
        {
            return Failure(url, e.Message);
        }
    }

    private static ApiStatus Failure(string url, string why) => ApiStatus.Unavailable($"Post {GoText.Quote(url)}: {why}");

    private static string UrlOf(WebhookHook hook)
    {
        var timeout = string.Create(CultureInfo.InvariantCulture, $"?timeout={(int)hook.Timeout.TotalSeconds}s");
        if (hook.Client.Service is not { } service) return hook.Client.Url + timeout;
        var path = service.Path is { Length: > 0 } given ? given : "/";
        return string.Create(CultureInfo.InvariantCulture, $"https://{service.Name}.{service.Namespace}.svc:{service.Port ?? 443}{(path[0] == '/' ? "" : "/")}{path}{timeout}");
    }

    // As upstream's client words answers that are no success: by the Status in them, or by their code.
    internal static string Refusal(WebhookAnswer answer)
    {
        if (Decoder.DecodeTree(answer.Body.Span).Value is System.Text.Json.Nodes.JsonObject status && Meta.Text(status, "kind") == "Status" && Meta.Text(status, "message") is { Length: > 0 } told)
            return told;
        var body = System.Text.Encoding.UTF8.GetString(answer.Body.Span).Trim();
        return answer.Status switch
        {
            400 => "the server rejected our request for an unknown reason",
            401 => "the server has asked for the client to provide credentials",
            403 => body,
            404 => "the server could not find the requested resource",
            405 => "the server does not allow this method on the requested resource",
            409 => "the server reported a conflict",
            429 => "the server has received too many requests and has asked us to try again later",
            503 => "the server is currently unable to handle the request",
            504 => "the server was unable to return a response in the time allotted, but may still be processing the request",
            >= 500 => $"an error on the server ({GoText.Quote(body)}) has prevented the request from succeeding",
            var code => $"the server responded with the status code {code} but did not return more information",
        };
    }
}
