using System.Buffers;
using System.Text.Json;
using Coracle.Kinds.Authentication.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>An AdmissionReview (admission.k8s.io, v1 and v1beta1, which do not differ) to a request, and a verdict to an AdmissionReview.</summary>
internal static class AdmissionReview
{
    /// <summary>By which an answer is known to be one: what the question said of itself, or nothing.</summary>
    public readonly record struct Envelope(string ApiVersion, string Kind, string Uid);

    /// <summary>The request of a review; null, and why, where the body is none.</summary>
    public static AdmissionRequest? Read(ReadOnlyMemory<byte> body, out Envelope envelope, out string error)
    {
        try
        {
            return Parse(body, out envelope, out error);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // a user that is none, texts that are none
        {
            (envelope, error) = (default, e.Message);
            return null;
        }
    }

    private static AdmissionRequest? Parse(ReadOnlyMemory<byte> body, out Envelope envelope, out string error)
    {
        envelope = default;
        error = "";
        if (Decoder.DecodeTree(body.Span).Error is { } problem)
        {
            error = "couldn't get version/kind; json parse error: " + problem;
            return null;
        }
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = ApiJson.ReaderOptions.MaxDepth });
        var review = document.RootElement;
        if (review.ValueKind != JsonValueKind.Object)
        {
            error = "couldn't get version/kind; json parse error: json: cannot unmarshal " + Word(review.ValueKind) + " into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";
            return null;
        }
        var request = review.Member("request");
        var (apiVersion, kind) = (review.Text("apiVersion"), review.Text("kind"));
        envelope = new(apiVersion.Length > 0 ? apiVersion : "admission.k8s.io/v1", kind.Length > 0 ? kind : "AdmissionReview", request.Text("uid"));
        return Request(request, envelope.Uid);
    }

    private static AdmissionRequest Request(JsonElement request, string uid) => new()
    {
        Uid = uid, Kind = request.KindOf("kind"), Resource = request.ResourceOf("resource"), SubResource = request.Text("subResource"),
        RequestKind = request.KindOf("requestKind"), RequestResource = request.ResourceOf("requestResource"), RequestSubResource = request.Text("requestSubResource"),
        Name = request.Text("name"), Namespace = request.Text("namespace"), Operation = request.Text("operation"), User = User(request.Raw("userInfo")),
        Object = request.Raw("object"), OldObject = request.Raw("oldObject"), Options = request.Raw("options"), DryRun = request.Flag("dryRun"),
    };

    private static UserInfo User(ReadOnlyMemory<byte> json) => json.IsEmpty ? new() : ApiJson.Parse<UserInfo>(json.Span);

    private static string Word(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "array", JsonValueKind.String => "string", JsonValueKind.Number => "number", JsonValueKind.True or JsonValueKind.False => "bool", _ => "null",
    };

    /// <summary>The answer in the order of upstream's fields. A request that could not be read is answered without kind, apiVersion and uid.</summary>
    public static byte[] Write(Verdict verdict, Envelope to)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            if (to.Kind is { Length: > 0 }) writer.WriteString("kind"u8, to.Kind);
            if (to.ApiVersion is { Length: > 0 }) writer.WriteString("apiVersion"u8, to.ApiVersion);
            writer.WriteStartObject("response"u8);
            writer.WriteString("uid"u8, to.Uid ?? "");
            writer.WriteBoolean("allowed"u8, verdict.Allowed);
            writer.WritePropertyName("status"u8);
            WriteStatus(writer, verdict.Status);
            if (verdict.Patch is { Count: > 0 } patch)
            {
                writer.WriteBase64String("patch"u8, JsonText.ToBytes(patch));
                writer.WriteString("patchType"u8, "JSONPatch"u8);
            }
            WriteRemarks(writer, verdict);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRemarks(Utf8JsonWriter writer, Verdict verdict)
    {
        if (verdict.AuditAnnotations.Count > 0)
        {
            writer.WriteStartObject("auditAnnotations"u8);
            foreach (var (key, value) in verdict.AuditAnnotations) writer.WriteString(key, value);
            writer.WriteEndObject();
        }
        if (verdict.Warnings.Count == 0) return;
        writer.WriteStartArray("warnings"u8);
        foreach (var warning in verdict.Warnings) writer.WriteStringValue(warning);
        writer.WriteEndArray();
    }

    private static void WriteStatus(Utf8JsonWriter writer, ApiStatus status)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("metadata"u8);
        writer.WriteEndObject();
        if (status.Code >= 400 && status.Reason.Length > 0) writer.WriteString("status"u8, "Failure"u8);
        Text(writer, "message"u8, status.Message);
        Text(writer, "reason"u8, status.Reason);
        WriteDetails(writer, status);
        if (status.Code != 0) writer.WriteNumber("code"u8, status.Code);
        writer.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter writer, ApiStatus status)
    {
        if (status is { Name: "", Group: "", Kind: "", Uid: "", Causes.Count: 0, RetryAfterSeconds: null }) return;
        writer.WriteStartObject("details"u8);
        Text(writer, "name"u8, status.Name);
        Text(writer, "group"u8, status.Group);
        Text(writer, "kind"u8, status.Kind);
        Text(writer, "uid"u8, status.Uid);
        if (status.Causes.Count > 0)
        {
            writer.WriteStartArray("causes"u8);
            foreach (var cause in status.Causes)
            {
                writer.WriteStartObject();
                Text(writer, "reason"u8, cause.Reason);
                Text(writer, "message"u8, cause.Message);
                Text(writer, "field"u8, cause.Field);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        if (status.RetryAfterSeconds is { } seconds) writer.WriteNumber("retryAfterSeconds"u8, seconds);
        writer.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string value)
    {
        if (value.Length > 0) writer.WriteString(name, value);
    }
}
