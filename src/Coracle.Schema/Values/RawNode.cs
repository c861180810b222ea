using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Coracle.Schema;

/// <summary>A piece of JSON that stands in a tree as the bytes that it will be written as: a set of owned fields, which nobody looks into on its way.</summary>
internal static class RawNode
{
    private static readonly JsonTypeInfo<RawJson> Type = JsonMetadataServices.CreateValueInfo<RawJson>(
        new JsonSerializerOptions { TypeInfoResolver = new NoTypes(), MaxDepth = ApiJson.ReaderOptions.MaxDepth }, new Converter());

    public static JsonNode Of(ReadOnlyMemory<byte> json) => JsonValue.Create(new RawJson(json), Type)!;

    private sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => RawJson.Read(ref reader);
        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) => value.Write(writer);
    }

    private sealed class NoTypes : IJsonTypeInfoResolver
    {
        public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) => null;
    }
}
