using System.Text.Json;

namespace Coracle.ApiServer.OpenApi;

/// <summary>What both editions say alike of an operation.</summary>
internal static class Responses
{
    /// <summary>Begins the answer of a status; the caller ends it.</summary>
    public static void Start(Utf8JsonWriter writer, int code)
    {
        writer.WriteStartObject(code.ToString(System.Globalization.CultureInfo.InvariantCulture));
        writer.WriteString("description"u8, code switch
        {
            201 => "Created"u8,
            202 => "Accepted"u8,
            401 => "Unauthorized"u8,
            _ => "OK"u8,
        });
    }

    public static void Extensions(Utf8JsonWriter writer, PublishedOperation operation)
    {
        if (operation.Action is not null) writer.WriteString("x-kubernetes-action"u8, operation.Action);
        if (operation.Kind is not { } kind) return;
        writer.WritePropertyName("x-kubernetes-group-version-kind"u8);
        SchemaWriter.Kind(writer, kind);
    }
}
