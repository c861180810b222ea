using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

public sealed partial class FieldSet
{
    /// <summary>Reads FieldsV1. Throws <see cref="FormatException"/> or <see cref="JsonException"/>.</summary>
    public static FieldSet Read(JsonNode? fieldsV1)
    {
        if (fieldsV1 is null) return new();
        var reader = new Utf8JsonReader(JsonText.ToBytes(fieldsV1), ApiJson.ReaderOptions);
        reader.Read();
        return Read(ref reader).Set ?? new();
    }

    /// <summary>What is below a step, and whether the step itself is in the set: when there is a ".", or nothing below.</summary>
    private static (FieldSet? Set, bool Member) Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new FormatException("expected an object in a set of fields");
        FieldSet? set = null;
        var member = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("."u8))
            {
                member = true;
                reader.Read();
                reader.Skip();
                continue;
            }
            var element = PathElement.Parse(reader.GetString()!);
            reader.Read();
            if (element is not { } step)
            {
                reader.Skip(); // of a later version
                continue;
            }
            var (below, isMember) = Read(ref reader);
            set ??= new();
            set.Add(new(step, isMember, below));
        }
        return (set, member || set is null);
    }

    private void Add(Entry entry)
    {
        var at = Find(entry.Element);
        if (at < 0) entries.Insert(~at, entry);
        else entries[at] = new(entry.Element, entries[at].Member || entry.Member, entry.Children ?? entries[at].Children);
    }

    /// <summary>Writes FieldsV1.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteSteps(writer);
        writer.WriteEndObject();
    }

    private void WriteSteps(Utf8JsonWriter writer)
    {
        foreach (var (element, member, children) in entries)
        {
            var hasChildren = children is { IsEmpty: false };
            if (!member && !hasChildren) continue;
            writer.WriteStartObject(element.Serialized);
            if (member && hasChildren)
            {
                writer.WriteStartObject("."u8);
                writer.WriteEndObject();
            }
            if (hasChildren) children!.WriteSteps(writer);
            writer.WriteEndObject();
        }
    }

    public JsonObject ToJson()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions)) Write(writer);
        return (JsonObject)JsonNode.Parse(buffer.WrittenSpan)!;
    }
}
