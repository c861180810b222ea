using System.Text.Json;
using Coracle.ApiServer.Access;

namespace Coracle.ApiServer;

/// <summary>The options of a request as admission is told of them: CreateOptions, UpdateOptions (of patches too) or DeleteOptions.</summary>
internal static class AdmissionOptions
{
    public static void Write(Utf8JsonWriter writer, AdmissionContext context)
    {
        if (context.Operation == Operation.Connect)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("kind"u8, context.Operation switch { Operation.Create => "CreateOptions", Operation.Update => "UpdateOptions", _ => "DeleteOptions" });
        writer.WriteString("apiVersion"u8, "meta.k8s.io/v1"u8);
        if (context.Operation == Operation.Delete) Deletion(writer, context);
        else Query(writer, context.Request);
        writer.WriteEndObject();
    }

    private static void Query(Utf8JsonWriter writer, RequestContext request)
    {
        if (request.DryRun) DryRun(writer);
        if (request.Query("fieldManager") is { Length: > 0 } manager) writer.WriteString("fieldManager"u8, manager);
        if (request.Query("fieldValidation") is { Length: > 0 } validation) writer.WriteString("fieldValidation"u8, validation);
    }

    private static void Deletion(Utf8JsonWriter writer, AdmissionContext context)
    {
        if (context.Deletion is not { } options) return;
        if (options.GracePeriodSeconds is { } grace) writer.WriteNumber("gracePeriodSeconds"u8, grace);
        if (options.Uid is not null || options.ResourceVersion is not null)
        {
            writer.WriteStartObject("preconditions"u8);
            if (options.Uid is { } uid) writer.WriteString("uid"u8, uid);
            if (options.ResourceVersion is { } version) writer.WriteString("resourceVersion"u8, version);
            writer.WriteEndObject();
        }
        if (options.Propagation is { } propagation) writer.WriteString("propagationPolicy"u8, propagation);
        if (context.DryRun) DryRun(writer);
    }

    private static void DryRun(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("dryRun"u8);
        writer.WriteStringValue("All"u8);
        writer.WriteEndArray();
    }
}
