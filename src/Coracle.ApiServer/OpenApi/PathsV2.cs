using System.Text.Json;

namespace Coracle.ApiServer.OpenApi;

/// <summary>Paths in the second edition: bodies are parameters, and parameters of several operations are held once.</summary>
internal static class PathsV2
{
    /// <summary>The parameters that operations refer to.</summary>
    public static void WriteShared(Utf8JsonWriter writer, IReadOnlyList<PublishedPath> paths)
    {
        var shared = new SortedDictionary<string, Action>(StringComparer.Ordinal);
        foreach (var operation in paths.SelectMany(path => path.Operations))
        {
            if (Parameters.SharedBody(operation.Body?.Definition) is { } name) shared.TryAdd(name, () => Body(writer, operation));
            foreach (var parameter in operation.Parameters)
                if (parameter.Shared is not null) shared.TryAdd(parameter.Shared, () => Whole(writer, parameter));
        }
        if (shared.Count == 0) return;
        writer.WriteStartObject("parameters"u8);
        foreach (var (name, write) in shared)
        {
            writer.WritePropertyName(name);
            write();
        }
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, PublishedPath path)
    {
        writer.WriteStartObject(path.Path);
        foreach (var operation in path.Operations)
        {
            writer.WriteStartObject(operation.Method);
            Operation(writer, path, operation);
            writer.WriteEndObject();
        }
        List(writer, null, path.Common);
        writer.WriteEndObject();
    }

    private static void Operation(Utf8JsonWriter writer, PublishedPath path, PublishedOperation operation)
    {
        if (operation.Consumes.Count > 0) Strings(writer, "consumes"u8, operation.Consumes);
        writer.WriteString("description"u8, operation.Description);
        writer.WriteString("operationId"u8, operation.Id);
        List(writer, operation, path.Own(operation));
        Strings(writer, "produces"u8, operation.Produces);
        writer.WriteStartObject("responses"u8);
        foreach (var code in operation.Codes)
        {
            Responses.Start(writer, code);
            if (operation.Content is { } content)
            {
                writer.WritePropertyName("schema"u8);
                new SchemaWriter(writer, Edition.V2).Use(content);
            }
            writer.WriteEndObject();
        }
        Responses.Start(writer, 401);
        writer.WriteEndObject();
        writer.WriteEndObject();
        Strings(writer, "schemes"u8, ["https"]);
        Strings(writer, "tags"u8, [operation.Tag]);
        Responses.Extensions(writer, operation);
    }

    private static void List(Utf8JsonWriter writer, PublishedOperation? withBody, IEnumerable<PublishedParameter> parameters)
    {
        var all = parameters.ToList();
        var hasBody = withBody?.Body is not null;
        if (all.Count == 0 && !hasBody) return;
        writer.WriteStartArray("parameters"u8);
        if (hasBody) BodyOrReference(writer, withBody!);
        foreach (var parameter in all)
        {
            if (parameter.Shared is not null) Reference(writer, parameter.Shared);
            else Whole(writer, parameter);
        }
        writer.WriteEndArray();
    }

    private static void BodyOrReference(Utf8JsonWriter writer, PublishedOperation operation)
    {
        if (Parameters.SharedBody(operation.Body!.Definition) is { } shared) Reference(writer, shared);
        else Body(writer, operation);
    }

    private static void Reference(Utf8JsonWriter writer, string shared)
    {
        writer.WriteStartObject();
        writer.WriteString("$ref"u8, "#/parameters/" + shared);
        writer.WriteEndObject();
    }

    private static void Body(Utf8JsonWriter writer, PublishedOperation operation)
    {
        writer.WriteStartObject();
        writer.WriteString("in"u8, "body"u8);
        writer.WriteString("name"u8, "body"u8);
        if (operation.BodyRequired) writer.WriteBoolean("required"u8, true);
        writer.WritePropertyName("schema"u8);
        new SchemaWriter(writer, Edition.V2).Use(operation.Body!);
        writer.WriteEndObject();
    }

    private static void Whole(Utf8JsonWriter writer, PublishedParameter parameter)
    {
        writer.WriteStartObject();
        writer.WriteString("description"u8, parameter.Description);
        writer.WriteString("in"u8, parameter.In);
        writer.WriteString("name"u8, parameter.Name);
        if (parameter.Required) writer.WriteBoolean("required"u8, true);
        writer.WriteString("type"u8, parameter.Type);
        writer.WriteBoolean("uniqueItems"u8, true);
        writer.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
