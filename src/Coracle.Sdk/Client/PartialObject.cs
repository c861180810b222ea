using System.Text.Json;
using Coracle.Kinds.Meta.V1;

namespace Coracle.Sdk;

/// <summary>An object of any kind reduced to its metadata, which the server leaves it at (PartialObjectMetadata): for caches that need no more.</summary>
public sealed class PartialObject(string apiVersion, string kind, ObjectMeta metadata) : IKubernetesObject
{
    /// <summary>Of the object, not "meta.k8s.io/v1".</summary>
    public string ApiVersion { get; } = apiVersion;
    /// <summary>Its kind.</summary>
    public string Kind { get; } = kind;
    /// <summary>All that is known of it.</summary>
    public ObjectMeta Metadata { get; set; } = metadata;
}

/// <summary>Asks for metadata alone, and reads it from whole objects too, should the server send them.</summary>
public sealed class PartialCodec : ObjectCodec<PartialObject>
{
    /// <summary>The only one that is needed.</summary>
    public static PartialCodec Instance { get; } = new();

    /// <inheritdoc/>
    public override string Accept => "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
    /// <inheritdoc/>
    public override string AcceptList => "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

    /// <inheritdoc/>
    public override PartialObject Read(ref Utf8JsonReader reader, ApiResource resource)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("expected an object");
        var metadata = new ObjectMeta();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            if (isMetadata && reader.TokenType == JsonTokenType.StartObject) metadata = ObjectMeta.Read(ref reader);
            else reader.Skip();
        }
        return new(resource.ApiVersion, resource.Kind, metadata);
    }

    /// <inheritdoc/>
    public override void Write(PartialObject obj, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, obj.ApiVersion);
        writer.WriteString("kind"u8, obj.Kind);
        writer.WritePropertyName("metadata"u8);
        obj.Metadata.Write(writer);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override PartialObject DeepCopy(PartialObject obj) => new(obj.ApiVersion, obj.Kind, obj.Metadata.DeepCopy());
}
