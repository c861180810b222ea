using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>An object of any kind, as a JSON tree with its metadata typed. <see cref="Json"/> has no metadata of its own: <see cref="Metadata"/> is it.</summary>
public sealed class DynamicObject : IKubernetesObject
{
    /// <summary>Takes over the tree; its "metadata" moves to <see cref="Metadata"/>.</summary>
    public DynamicObject(JsonObject json)
    {
        Json = json;
        Metadata = json["metadata"] is JsonObject metadata ? ApiJson.Parse<ObjectMeta>(Utf8(metadata)) : new();
        json.Remove("metadata");
    }

    /// <summary>A new object with nothing but its name.</summary>
    public DynamicObject(string apiVersion, string kind, Key key)
    {
        Json = new() { ["apiVersion"] = apiVersion, ["kind"] = kind };
        Metadata = new() { Namespace = key.Namespace, Name = key.Name };
    }

    internal DynamicObject(JsonObject json, ObjectMeta metadata) => (Json, Metadata) = (json, metadata);

    /// <summary>Everything but the metadata: apiVersion, kind, spec, status...</summary>
    public JsonObject Json { get; }
    /// <summary>Name, labels and the rest; written back over the tree.</summary>
    public ObjectMeta Metadata { get; set; }
    /// <summary>Its group and version.</summary>
    public string ApiVersion => Text("apiVersion");
    /// <summary>Its kind.</summary>
    public string Kind => Text("kind");

    /// <summary>The member of this name at the root: obj["spec"].</summary>
    public JsonNode? this[string name]
    {
        get => Json[name];
        set => Json[name] = value;
    }

    private string Text(string name) => Json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
    private static byte[] Utf8(JsonNode node) => System.Text.Encoding.UTF8.GetBytes(node.ToJsonString());
}

/// <summary>Dynamic objects: whatever the server sends is kept.</summary>
public sealed class DynamicCodec : ObjectCodec<DynamicObject>
{
    /// <summary>The only one that is needed.</summary>
    public static DynamicCodec Instance { get; } = new();

    /// <inheritdoc/>
    public override DynamicObject Read(ref Utf8JsonReader reader, ApiResource resource)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("expected an object");
        var json = JsonNode.Parse(ref reader)!.AsObject();
        try
        {
            json["apiVersion"] ??= resource.ApiVersion;
            json["kind"] ??= resource.Kind;
            return new(json);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // Found out only now: a field that stands twice, or a name that is no text.
            throw new JsonException("an object that cannot be read: " + e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(DynamicObject obj, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, obj.ApiVersion);
        writer.WriteString("kind"u8, obj.Kind);
        writer.WritePropertyName("metadata"u8);
        obj.Metadata.Write(writer);
        foreach (var (name, value) in obj.Json)
        {
            if (name is "apiVersion" or "kind" or "metadata") continue;
            writer.WritePropertyName(name);
            if (value is null) writer.WriteNullValue();
            else value.WriteTo(writer);
        }
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override DynamicObject DeepCopy(DynamicObject obj) => new(obj.Json.DeepClone().AsObject(), obj.Metadata.DeepCopy());
}
