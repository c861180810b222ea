using System.Text.Json.Nodes;
using Coracle.Kinds.Authorization.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

internal sealed record WebhookAuthorizerOptions
{
    public required string Name { get; init; }
    public required OutsideConnection Connection { get; init; }
    public required WebhookTransport Network { get; init; }
    public required TimeProvider Clock { get; init; }
    public required ReviewConditions Conditions { get; init; }
    public required TimeSpan Timeout { get; init; }

    /// <summary>"v1" or "v1beta1".</summary>
    public required string Version { get; init; }

    /// <summary>How long an answer is remembered; null for not at all.</summary>
    public TimeSpan? AuthorizedLifetime { get; init; }
    public TimeSpan? UnauthorizedLifetime { get; init; }

    /// <summary>A failure is a refusal; no opinion otherwise.</summary>
    public bool DeniesOnFailure { get; init; }

    /// <summary>Told of each question that was asked: what came of it, and how long it took.</summary>
    public Action<string, string, TimeSpan> OnAsked { get; init; } = static (_, _, _) => { };

    /// <summary>Told when a failure let others decide.</summary>
    public Action<string, string> OnFailedOpen { get; init; } = static (_, _) => { };
}

/// <summary>Asks somebody outside whether a request may be, by a SubjectAccessReview (upstream: plugin/pkg/authorizer/webhook).</summary>
internal sealed class WebhookAuthorizer
{
    private const int CacheCapacity = 8192;

    // What is longer is not remembered: it may be meant to fill the memory.
    private const int RememberedLengthMax = 10_000;

    private readonly WebhookAuthorizerOptions _options;
    private readonly BoundedCache<string, Decision>? _allowed;
    private readonly BoundedCache<string, Decision>? _refused;

    public WebhookAuthorizer(WebhookAuthorizerOptions options)
    {
        _options = options;
        _allowed = Cache(options.AuthorizedLifetime);
        _refused = Cache(options.UnauthorizedLifetime);
    }

    // Two generations: an entry lives for one of them at least.
    private BoundedCache<string, Decision>? Cache(TimeSpan? lifetime) => lifetime is { } given ? new(CacheCapacity, given / 2, _options.Clock) : null;

    public ValueTask<Decision> AuthorizeAsync(RequestAttributes request, CancellationToken cancel)
    {
        var spec = ReviewSpec.Of(request);
        if (!_options.Conditions.Hold(spec, out var error)) return new(error is null ? Decision.NoOpinion() : Failed(error));
        var key = System.Text.Encoding.UTF8.GetString(ApiJson.ToBytes(spec));
        if (_allowed is not null && _allowed.TryGet(key, out var known) || _refused is not null && _refused.TryGet(key, out known)) return new(known);
        return Ask(request, spec, key, cancel);
    }

    private async ValueTask<Decision> Ask(RequestAttributes request, SubjectAccessReviewSpec spec, string key, CancellationToken cancel)
    {
        var started = _options.Clock.GetTimestamp();
        var answer = await Outside.PostAsync(_options.Network, _options.Connection, Review(spec), _options.Timeout, _options.Clock, cancel);
        var result = answer.Failed ? answer.Error.Message.EndsWith("context deadline exceeded", StringComparison.Ordinal) ? "timeout" : "error" : "success";
        _options.OnAsked(_options.Name, result, _options.Clock.GetElapsedTime(started));
        if (answer.Failed)
        {
            if (!_options.DeniesOnFailure) _options.OnFailedOpen(_options.Name, result);
            return Failed(answer.Error.Message);
        }
        if (Decoder.DecodeTree(answer.Value.Span).Value is not JsonObject review || review["status"] is not JsonObject status) return Failed("the webhook's answer is no SubjectAccessReview");
        var decision = Read(status);
        if (decision.Error.Length == 0 && LengthOf(request) < RememberedLengthMax) (decision.IsAllowed ? _allowed : _refused)?.Set(key, decision);
        return decision;
    }

    private Decision Failed(string error) => new(_options.DeniesOnFailure ? Verdict.Deny : Verdict.NoOpinion) { Error = error };

    private static Decision Read(JsonObject status)
    {
        var (allowed, denied, reason) = (IsTrue(status["allowed"]), IsTrue(status["denied"]), Meta.Text(status, "reason"));
        if (allowed && denied) return Decision.Deny(reason) with { Error = "webhook subject access review returned both allow and deny response" };
        return denied ? Decision.Deny(reason) : allowed ? Decision.Allow(reason) : Decision.NoOpinion(reason);
    }

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    private static int LengthOf(RequestAttributes request) => request.Namespace.Length + request.Verb.Length + request.ApiGroup.Length + request.ApiVersion.Length + request.Resource.Length
        + request.Subresource.Length + request.Name.Length + request.Path.Length;

    private ReadOnlyMemory<byte> Review(SubjectAccessReviewSpec spec)
    {
        var bytes = ApiJson.ToBytes(new SubjectAccessReview { Spec = spec });
        if (_options.Version == "v1") return bytes;
        // The older version has another name for the groups.
        var review = (JsonObject)ApiJson.ParseTree(bytes)!;
        review["apiVersion"] = "authorization.k8s.io/v1beta1";
        var older = (JsonObject)review["spec"]!;
        if (older["groups"] is { } groups)
        {
            older.Remove("groups");
            older["group"] = groups;
        }
        return System.Text.Encoding.UTF8.GetBytes(review.ToJsonString());
    }
}
