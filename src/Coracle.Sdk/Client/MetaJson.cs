using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>Object metadata to JSON and back, for objects whose kind was not known when compiling.</summary>
internal static class MetaJson
{
    public static ObjectMeta Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, ApiJson.ReaderOptions);
        reader.Read();
        return Read(ref reader);
    }

    public static ObjectMeta Copy(ObjectMeta meta)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions)) Write(meta, writer);
        return Parse(buffer.WrittenSpan);
    }

    public static ObjectMeta Read(ref Utf8JsonReader reader)
    {
        var meta = new ObjectMeta();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null) continue;
            switch (name)
            {
                case "name": meta.Name = reader.GetString()!; break;
                case "generateName": meta.GenerateName = reader.GetString()!; break;
                case "namespace": meta.Namespace = reader.GetString()!; break;
                case "selfLink": meta.SelfLink = reader.GetString()!; break;
                case "uid": meta.Uid = reader.GetString()!; break;
                case "resourceVersion": meta.ResourceVersion = reader.GetString()!; break;
                case "generation": meta.Generation = reader.GetInt64(); break;
                case "creationTimestamp": meta.CreationTimestamp = reader.GetDateTimeOffset(); break;
                case "deletionTimestamp": meta.DeletionTimestamp = reader.GetDateTimeOffset(); break;
                case "deletionGracePeriodSeconds": meta.DeletionGracePeriodSeconds = reader.GetInt64(); break;
                case "labels": meta.Labels = Map(ref reader); break;
                case "annotations": meta.Annotations = Map(ref reader); break;
                case "finalizers": meta.Finalizers = Strings(ref reader); break;
                case "ownerReferences": meta.OwnerReferences = Owners(ref reader); break;
                case "managedFields": meta.ManagedFields = Managers(ref reader); break;
                default: reader.Skip(); break;
            }
        }
        return meta;
    }

    public static void Write(ObjectMeta meta, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        Text(writer, "name", meta.Name);
        Text(writer, "generateName", meta.GenerateName);
        Text(writer, "namespace", meta.Namespace);
        Text(writer, "selfLink", meta.SelfLink);
        Text(writer, "uid", meta.Uid);
        Text(writer, "resourceVersion", meta.ResourceVersion);
        if (meta.Generation != 0) writer.WriteNumber("generation"u8, meta.Generation);
        Time(writer, "creationTimestamp", meta.CreationTimestamp);
        Time(writer, "deletionTimestamp", meta.DeletionTimestamp);
        if (meta.DeletionGracePeriodSeconds is { } grace) writer.WriteNumber("deletionGracePeriodSeconds"u8, grace);
        Map(writer, "labels", meta.Labels);
        Map(writer, "annotations", meta.Annotations);
        Owners(writer, meta.OwnerReferences);
        if (meta.Finalizers is { Count: > 0 })
        {
            writer.WriteStartArray("finalizers"u8);
            foreach (var finalizer in meta.Finalizers) writer.WriteStringValue(finalizer);
            writer.WriteEndArray();
        }
        Managers(writer, meta.ManagedFields);
        writer.WriteEndObject();
    }

    private static Dictionary<string, string> Map(ref Utf8JsonReader reader)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            map[name] = reader.GetString() ?? "";
        }
        return map;
    }

    private static List<string> Strings(ref Utf8JsonReader reader)
    {
        var list = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) list.Add(reader.GetString()!);
        return list;
    }

    private static List<OwnerReference> Owners(ref Utf8JsonReader reader)
    {
        var list = new List<OwnerReference>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var owner = new OwnerReference();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                if (reader.TokenType == JsonTokenType.Null) continue;
                switch (name)
                {
                    case "apiVersion": owner.ApiVersion = reader.GetString()!; break;
                    case "kind": owner.Kind = reader.GetString()!; break;
                    case "name": owner.Name = reader.GetString()!; break;
                    case "uid": owner.Uid = reader.GetString()!; break;
                    case "controller": owner.Controller = reader.GetBoolean(); break;
                    case "blockOwnerDeletion": owner.BlockOwnerDeletion = reader.GetBoolean(); break;
                    default: reader.Skip(); break;
                }
            }
            list.Add(owner);
        }
        return list;
    }

    private static List<ManagedFieldsEntry> Managers(ref Utf8JsonReader reader)
    {
        var list = new List<ManagedFieldsEntry>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var entry = new ManagedFieldsEntry();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                if (reader.TokenType == JsonTokenType.Null) continue;
                switch (name)
                {
                    case "manager": entry.Manager = reader.GetString()!; break;
                    case "operation": entry.Operation = reader.GetString()!; break;
                    case "apiVersion": entry.ApiVersion = reader.GetString()!; break;
                    case "time": entry.Time = reader.GetDateTimeOffset(); break;
                    case "fieldsType": entry.FieldsType = reader.GetString()!; break;
                    case "fieldsV1": entry.FieldsV1 = RawJson.Read(ref reader); break;
                    case "subresource": entry.Subresource = reader.GetString()!; break;
                    default: reader.Skip(); break;
                }
            }
            list.Add(entry);
        }
        return list;
    }

    private static void Text(Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0) writer.WriteString(name, value);
    }

    private static void Time(Utf8JsonWriter writer, string name, DateTimeOffset? value)
    {
        if (value is { } time) writer.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
    }

    private static void Map(Utf8JsonWriter writer, string name, Dictionary<string, string>? map)
    {
        if (map is not { Count: > 0 }) return;
        writer.WriteStartObject(name);
        foreach (var (key, value) in map) writer.WriteString(key, value);
        writer.WriteEndObject();
    }

    private static void Owners(Utf8JsonWriter writer, List<OwnerReference>? owners)
    {
        if (owners is not { Count: > 0 }) return;
        writer.WriteStartArray("ownerReferences"u8);
        foreach (var owner in owners)
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion"u8, owner.ApiVersion);
            writer.WriteString("kind"u8, owner.Kind);
            writer.WriteString("name"u8, owner.Name);
            writer.WriteString("uid"u8, owner.Uid);
            if (owner.Controller is { } controller) writer.WriteBoolean("controller"u8, controller);
            if (owner.BlockOwnerDeletion is { } block) writer.WriteBoolean("blockOwnerDeletion"u8, block);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Managers(Utf8JsonWriter writer, List<ManagedFieldsEntry>? entries)
    {
        if (entries is not { Count: > 0 }) return;
        writer.WriteStartArray("managedFields"u8);
        foreach (var entry in entries)
        {
            writer.WriteStartObject();
            Text(writer, "manager", entry.Manager);
            Text(writer, "operation", entry.Operation);
            Text(writer, "apiVersion", entry.ApiVersion);
            Time(writer, "time", entry.Time);
            Text(writer, "fieldsType", entry.FieldsType);
            if (entry.FieldsV1 is { } fields)
            {
                writer.WritePropertyName("fieldsV1"u8);
                fields.Write(writer);
            }
            Text(writer, "subresource", entry.Subresource);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
