using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer.OpenApi;

/// <summary>Paths in the third edition: bodies and answers have a schema for each media type, and every parameter is spelled out.</summary>
internal static class PathsV3
{
    public static void Write(Utf8JsonWriter writer, PublishedPath path)
    {
        writer.WriteStartObject(path.Path);
        foreach (var operation in path.Operations)
        {
            writer.WriteStartObject(operation.Method);
            Operation(writer, path, operation);
            writer.WriteEndObject();
        }
        List(writer, path.Common);
        writer.WriteEndObject();
    }

    private static void Operation(Utf8JsonWriter writer, PublishedPath path, PublishedOperation operation)
    {
        writer.WriteString("description"u8, operation.Description);
        writer.WriteString("operationId"u8, operation.Id);
        List(writer, path.Own(operation));
        if (operation.Body is { } body)
        {
            writer.WriteStartObject("requestBody"u8);
            Content(writer, operation.Consumes, body);
            if (operation.BodyRequired) writer.WriteBoolean("required"u8, true);
            writer.WriteEndObject();
        }
        writer.WriteStartObject("responses"u8);
        foreach (var code in operation.Codes)
        {
            Responses.Start(writer, code);
            if (operation.Content is { } content) Content(writer, operation.Produces, content);
            writer.WriteEndObject();
        }
        Responses.Start(writer, 401);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartArray("tags"u8);
        writer.WriteStringValue(operation.Tag);
        writer.WriteEndArray();
        Responses.Extensions(writer, operation);
    }

    private static void Content(Utf8JsonWriter writer, IReadOnlyList<string> types, SchemaNode node)
    {
        writer.WriteStartObject("content"u8);
        foreach (var type in types.Order(StringComparer.Ordinal))
        {
            writer.WriteStartObject(type);
            writer.WritePropertyName("schema"u8);
            new SchemaWriter(writer, Edition.V3).Use(node);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static void List(Utf8JsonWriter writer, IEnumerable<PublishedParameter> parameters)
    {
        var all = parameters.ToList();
        if (all.Count == 0) return;
        writer.WriteStartArray("parameters"u8);
        foreach (var parameter in all)
        {
            writer.WriteStartObject();
            writer.WriteString("description"u8, parameter.Description);
            writer.WriteString("in"u8, parameter.In);
            writer.WriteString("name"u8, parameter.Name);
            if (parameter.Required) writer.WriteBoolean("required"u8, true);
            writer.WriteStartObject("schema"u8);
            writer.WriteString("type"u8, parameter.Type);
            writer.WriteBoolean("uniqueItems"u8, true);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
