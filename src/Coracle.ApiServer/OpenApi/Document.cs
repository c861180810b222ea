using System.Buffers;
using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer.OpenApi;

/// <summary>A document in either edition, as JSON. Keys are in alphabetical order, so that equal content has equal bytes.</summary>
internal static class Document
{
    /// <param name="versions">For which group versions types are told that all groups have alike.</param>
    public static byte[] Write(Edition edition, IReadOnlyList<PublishedPath> paths, IReadOnlyList<(string Group, string Version)> versions)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            if (edition == Edition.V2) WriteV2(writer, paths, versions);
            else WriteV3(writer, paths, versions);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteV2(Utf8JsonWriter writer, IReadOnlyList<PublishedPath> paths, IReadOnlyList<(string Group, string Version)> versions)
    {
        Types(writer, Edition.V2, "definitions"u8, paths, versions);
        Info(writer);
        PathsV2.WriteShared(writer, paths);
        writer.WriteStartObject("paths"u8);
        foreach (var path in paths) PathsV2.Write(writer, path);
        writer.WriteEndObject();
        writer.WriteStartArray("security"u8);
        writer.WriteStartObject();
        writer.WriteStartArray("BearerToken"u8);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        Security(writer, "securityDefinitions"u8);
        writer.WriteString("swagger"u8, "2.0"u8);
    }

    private static void WriteV3(Utf8JsonWriter writer, IReadOnlyList<PublishedPath> paths, IReadOnlyList<(string Group, string Version)> versions)
    {
        writer.WriteStartObject("components"u8);
        Types(writer, Edition.V3, "schemas"u8, paths, versions);
        Security(writer, "securitySchemes"u8);
        writer.WriteEndObject();
        Info(writer);
        writer.WriteString("openapi"u8, "3.0.0"u8);
        writer.WriteStartObject("paths"u8);
        foreach (var path in paths) PathsV3.Write(writer, path);
        writer.WriteEndObject();
    }

    private static void Types(Utf8JsonWriter writer, Edition edition, ReadOnlySpan<byte> name, IReadOnlyList<PublishedPath> paths, IReadOnlyList<(string Group, string Version)> versions)
    {
        var types = Definitions.Of(paths);
        if (types.Count == 0) return;
        var schemas = new SchemaWriter(writer, edition);
        writer.WriteStartObject(name);
        foreach (var (type, node) in types)
        {
            writer.WritePropertyName(type);
            schemas.Definition(node, PublishedTypes.KindsOf(node, versions));
        }
        writer.WriteEndObject();
    }

    private static void Info(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("info"u8);
        writer.WriteString("title"u8, "Kubernetes"u8);
        writer.WriteString("version"u8, "unversioned"u8);
        writer.WriteEndObject();
    }

    private static void Security(Utf8JsonWriter writer, ReadOnlySpan<byte> name)
    {
        writer.WriteStartObject(name);
        writer.WriteStartObject("BearerToken"u8);
        writer.WriteString("description"u8, "A token in the header: \"Bearer TOKEN\"."u8);
        writer.WriteString("in"u8, "header"u8);
        writer.WriteString("name"u8, "authorization"u8);
        writer.WriteString("type"u8, "apiKey"u8);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
