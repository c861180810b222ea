using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>Answers ConversionReviews (apiextensions.k8s.io, v1 and v1beta1, which do not differ) for the kinds that are known (controller-runtime, pkg/webhook/conversion).</summary>
internal static class ConversionReview
{
    /// <summary>The answer; null where the body asks nothing.</summary>
    /// <param name="body">What was sent.</param>
    /// <param name="conversions">The kinds that can be converted.</param>
    /// <param name="failed">Told of what a conversion should not have thrown.</param>
    public static byte[]? Answer(ReadOnlyMemory<byte> body, IReadOnlyList<Conversion> conversions, Action<Exception> failed)
    {
        if (Decoder.DecodeTree(body.Span).Value is not JsonObject review || review["request"] is not JsonObject request) return null;
        var (objects, error) = ConvertAll(request, conversions, failed);
        return Write(review, Text(request, "uid"), objects, error);
    }

    private static (List<JsonObject> Objects, string? Error) ConvertAll(JsonObject request, IReadOnlyList<Conversion> conversions, Action<Exception> failed)
    {
        var made = new List<JsonObject>();
        try
        {
            var wanted = Text(request, "desiredAPIVersion");
            foreach (var item in request["objects"] as JsonArray ?? []) made.Add(ConvertOne(item, wanted, conversions));
            return (made, null);
        }
        catch (ConversionException e)
        {
            return ([], e.Message);
        }
        catch (Exception e) // a function of the user's that threw: told in the log, not to clients
        {
            failed(e);
            return ([], "internal error occurred during conversion");
        }
    }

    private static JsonObject ConvertOne(JsonNode? item, string wanted, IReadOnlyList<Conversion> conversions)
    {
        if (item is not JsonObject obj) throw new ConversionException("couldn't get version/kind; json parse error: unexpected end of JSON input");
        var (apiVersion, kind) = (Text(obj, "apiVersion"), Text(obj, "kind"));
        if (kind.Length == 0) throw new ConversionException($"Object 'Kind' is missing in '{obj.ToJsonString()}'");
        if (apiVersion.Length == 0) throw new ConversionException($"Object 'apiVersion' is missing in '{obj.ToJsonString()}'");
        var known = conversions.FirstOrDefault(c => c.HubInfo.Kind == kind && apiVersion.StartsWith(c.HubInfo.Group + "/", StringComparison.Ordinal));
        return known?.Convert(obj, wanted) ?? throw new ConversionException($"no kind {GoText.Quote(kind)} is registered for version {GoText.Quote(apiVersion)}");
    }

    private static byte[] Write(JsonObject review, string uid, List<JsonObject> objects, string? error)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            if (Text(review, "kind") is { Length: > 0 } kind) writer.WriteString("kind"u8, kind);
            if (Text(review, "apiVersion") is { Length: > 0 } version) writer.WriteString("apiVersion"u8, version);
            writer.WriteStartObject("response"u8);
            writer.WriteString("uid"u8, uid);
            if (error is null)
            {
                writer.WriteStartArray("convertedObjects"u8);
                foreach (var obj in objects) obj.WriteTo(writer);
                writer.WriteEndArray();
            }
            else writer.WriteNull("convertedObjects"u8);
            writer.WriteStartObject("result"u8);
            writer.WriteStartObject("metadata"u8);
            writer.WriteEndObject();
            writer.WriteString("status"u8, error is null ? "Success"u8 : "Failure"u8);
            if (error is not null) writer.WriteString("message"u8, error);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static string Text(JsonObject obj, string name) => obj[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
