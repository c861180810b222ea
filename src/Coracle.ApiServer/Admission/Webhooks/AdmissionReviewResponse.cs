using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>What a webhook said (upstream: admission/plugin/webhook/request/admissionreview.go).</summary>
internal sealed record AdmissionReviewResponse
{
    public bool Allowed { get; private init; }
    public JsonObject? Result { get; private init; }
    public byte[] Patch { get; private init; } = [];
    public string PatchType { get; private init; } = "";
    public IReadOnlyList<string> Warnings { get; private init; } = [];
    public IReadOnlyList<KeyValuePair<string, string>> AuditAnnotations { get; private init; } = [];

    /// <summary>Reads a body that came with a success. An error says what is wrong with it.</summary>
    public static AdmissionReviewResponse? Read(ReadOnlyMemory<byte> body, string version, string uid, bool mutating, out string error)
    {
        error = "";
        var decoded = Decoder.DecodeTree(body.Span);
        if (decoded.Value is not JsonObject review)
        {
            error = "failed to call webhook: couldn't get version/kind; json parse error: " + (decoded.Error ?? "json: cannot unmarshal into Go value of type struct");
            return null;
        }
        if (review["response"] is not JsonObject response)
        {
            error = "received invalid webhook response: webhook response was absent";
            return null;
        }
        var problem = version == "v1" ? Verify(review, response, uid, mutating) : null;
        if (problem is not null)
        {
            error = "received invalid webhook response: " + problem;
            return null;
        }
        var patch = mutating ? Bytes(response["patch"]) : [];
        return new AdmissionReviewResponse
        {
            Allowed = response["allowed"] is JsonValue allowed && allowed.GetValueKind() == JsonValueKind.True, Result = response["status"] as JsonObject,
            Patch = patch, PatchType = version == "v1" || patch.Length == 0 ? Meta.Text(response, "patchType") : "JSONPatch",
            Warnings = [.. (response["warnings"] as JsonArray ?? []).OfType<JsonValue>().Select(w => w.ToString())],
            AuditAnnotations = [.. (response["auditAnnotations"] as JsonObject ?? []).Select(a => KeyValuePair.Create(a.Key, a.Value?.ToString() ?? ""))],
        };
    }

    private static string? Verify(JsonObject review, JsonObject response, string uid, bool mutating)
    {
        if (Meta.Text(response, "uid") is var given && given != uid) return $"expected response.uid={GoText.Quote(uid)}, got {GoText.Quote(given)}";
        const string expected = "admission.k8s.io/v1, Kind=AdmissionReview";
        var (apiVersion, kind) = (Meta.Text(review, "apiVersion"), Meta.Text(review, "kind"));
        var got = $"{(apiVersion.Contains('/', StringComparison.Ordinal) ? apiVersion : "/" + apiVersion)}, Kind={kind}";
        if (got != expected) return $"expected webhook response of {expected}, got {got}";
        var hasPatch = Bytes(response["patch"]).Length > 0;
        var type = response["patchType"] is null ? null : Meta.Text(response, "patchType");
        if (!mutating) return hasPatch ? "validating webhook may not return response.patch" : type is not null ? "validating webhook may not return response.patchType" : null;
        if (hasPatch && type is null) return "webhook returned response.patch but not response.patchType";
        if (!hasPatch && type is not null) return "webhook returned response.patchType but not response.patch";
        return type is "" ? "webhook returned invalid response.patchType of \"\"" : null;
    }

    /// <summary>A refusal as clients are told of it: always a failure, with the webhook's name before its words.</summary>
    public ApiStatus Refusal(string webhook)
    {
        var denied = $"admission webhook {GoText.Quote(webhook)} denied the request";
        var result = Result ?? [];
        var (message, reason) = (Meta.Text(result, "message"), Meta.Text(result, "reason"));
        var code = (int)(Meta.Number(result, "code") ?? 0);
        var text = message.Length > 0 ? $"{denied}: {message}" : reason.Length > 0 ? $"{denied}: {reason}" : $"{denied} without explanation";
        var details = result["details"] as JsonObject;
        // What is no status of HTTP cannot be answered.
        return new ApiStatus(code is < 400 or > 999 ? 400 : code, reason, text)
        {
            Name = NullIfEmpty(details, "name"), Group = NullIfEmpty(details, "group"), Kind = NullIfEmpty(details, "kind"), Uid = NullIfEmpty(details, "uid"),
            Causes = [.. (details?["causes"] as JsonArray ?? []).OfType<JsonObject>().Select(c => new StatusCause(Meta.Text(c, "reason"), Meta.Text(c, "message"), Meta.Text(c, "field")))],
            RetryAfterSeconds = details is null ? null : (int?)Meta.Number(details, "retryAfterSeconds"),
        };
    }

    private static string? NullIfEmpty(JsonObject? obj, string field) => obj is not null && Meta.Text(obj, field) is { Length: > 0 } text ? text : null;

    // Base64, as Go's []byte.
    private static byte[] Bytes(JsonNode? node)
    {
        if (node is not JsonValue value || !value.TryGetValue<string>(out var text)) return [];
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : [];
    }
}
