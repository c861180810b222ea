using System.Buffers;
using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>What a webhook is told of a request: an AdmissionReview in v1 or v1beta1, which do not differ here.</summary>
internal static class AdmissionReviewRequest
{
    /// <param name="context">The request.</param>
    /// <param name="target">How the request names its resource.</param>
    /// <param name="seenAs">The resource in the version and group that the webhook asked for.</param>
    /// <param name="version">"v1" or "v1beta1".</param>
    /// <param name="uid">By which the answer is known to be one to this.</param>
    public static byte[] Write(AdmissionContext context, AdmissionTarget target, Resource seenAs, string version, string uid)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, "AdmissionReview"u8);
            writer.WriteString("apiVersion"u8, $"admission.k8s.io/{version}");
            writer.WriteStartObject("request"u8);
            writer.WriteString("uid"u8, uid);
            Names(writer, context, target, seenAs);
            WriteUser(writer, context);
            Raw(writer, "object"u8, AdmissionObject.New(context, seenAs));
            Raw(writer, "oldObject"u8, AdmissionObject.Old(context, seenAs));
            writer.WriteBoolean("dryRun"u8, context.DryRun);
            writer.WritePropertyName("options"u8);
            AdmissionOptions.Write(writer, context);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The same as the variable "request" of expressions: without uid and objects.</summary>
    public static byte[] ForExpressions(AdmissionContext context, AdmissionTarget target, Resource seenAs)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            Names(writer, context, target, seenAs);
            WriteUser(writer, context);
            writer.WriteBoolean("dryRun"u8, context.DryRun);
            writer.WritePropertyName("options"u8);
            AdmissionOptions.Write(writer, context);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void Names(Utf8JsonWriter writer, AdmissionContext context, AdmissionTarget target, Resource seenAs)
    {
        Kind(writer, "kind"u8, AdmissionObject.KindIn(context, seenAs));
        ResourceOf(writer, "resource"u8, seenAs.Kind);
        Text(writer, "subResource"u8, target.Subresource);
        Kind(writer, "requestKind"u8, AdmissionObject.RequestKind(context));
        ResourceOf(writer, "requestResource"u8, target.Resource.Kind);
        Text(writer, "requestSubResource"u8, target.Subresource);
        Text(writer, "name"u8, context.ObjectName);
        Text(writer, "namespace"u8, target.Namespace);
        writer.WriteString("operation"u8, target.Operation);
    }

    private static void Kind(Utf8JsonWriter writer, ReadOnlySpan<byte> name, KindInfo kind)
    {
        writer.WriteStartObject(name);
        writer.WriteString("group"u8, kind.Group);
        writer.WriteString("version"u8, kind.Version);
        writer.WriteString("kind"u8, kind.Kind);
        writer.WriteEndObject();
    }

    private static void ResourceOf(Utf8JsonWriter writer, ReadOnlySpan<byte> name, KindInfo kind)
    {
        writer.WriteStartObject(name);
        writer.WriteString("group"u8, kind.Group);
        writer.WriteString("version"u8, kind.Version);
        writer.WriteString("resource"u8, kind.Plural);
        writer.WriteEndObject();
    }

    private static void WriteUser(Utf8JsonWriter writer, AdmissionContext context)
    {
        writer.WritePropertyName("userInfo"u8);
        AccessReviews.ToUserInfo(context.User).Write(writer);
    }

    private static void Text(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string value)
    {
        if (value.Length > 0) writer.WriteString(name, value);
    }

    private static void Raw(Utf8JsonWriter writer, ReadOnlySpan<byte> name, byte[]? json)
    {
        writer.WritePropertyName(name);
        if (json is null) writer.WriteNullValue();
        else writer.WriteRawValue(json, skipInputValidation: true);
    }
}
