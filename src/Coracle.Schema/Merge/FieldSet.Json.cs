using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

public sealed partial class FieldSet
{
    /// <summary>Reads FieldsV1. Throws <see cref="FormatException"/> or <see cref="JsonException"/>.</summary>
    public static FieldSet Read(JsonNode? fieldsV1)
    {
        if (fieldsV1 is null) return new();
        return Read(JsonText.ToBytes(fieldsV1));
    }

    internal static FieldSet Read(ReadOnlySpan<byte> fieldsV1)
    {
        var reader = new Utf8JsonReader(fieldsV1, ApiJson.ReaderOptions);
        reader.Read();
        return Read(ref reader).Set ?? new();
    }

    /// <summary>Whether any path of a set is in FieldsV1 as <see cref="Write"/> writes it, without reading all of that.</summary>
    internal static bool Touches(ReadOnlySpan<byte> fieldsV1, FieldSet paths)
    {
        if (paths.IsEmpty) return false;
        var reader = new Utf8JsonReader(fieldsV1, ApiJson.ReaderOptions);
        reader.Read();
        return Touches(ref reader, paths, out _);
    }

    private static bool Touches(ref Utf8JsonReader reader, FieldSet paths, out bool member)
    {
        (member, var empty) = (false, true);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            empty = false;
            if (reader.ValueTextEquals("."u8)) member = true;
            else if (paths.IndexOf(ref reader) is >= 0 and var at)
            {
                reader.Read();
                var entry = paths.entries[at];
                if (Touches(ref reader, entry.Children ?? Empty, out var isMember) || isMember && entry.Member) return true;
                continue;
            }
            reader.Read();
            reader.Skip();
        }
        member |= empty;
        return false;
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

    /// <summary>The entry that a property's name stands for, or -1.</summary>
    private int IndexOf(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < entries.Count; i++)
            if (reader.ValueTextEquals(entries[i].Element.Serialized))
                return i;
        return -1;
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
            element.WriteStart(writer);
            if (member && hasChildren)
            {
                writer.WriteStartObject("."u8);
                writer.WriteEndObject();
            }
            if (hasChildren) children!.WriteSteps(writer);
            writer.WriteEndObject();
        }
    }

    [ThreadStatic] private static FieldsBuffer? kept;

    internal byte[] ToBytes()
    {
        var buffer = kept ??= new();
        Write(buffer.Begin());
        var bytes = buffer.End();
        if (buffer.IsLarge) kept = null;
        return bytes;
    }

    public JsonObject ToJson() => (JsonObject)ApiJson.ParseTree(ToBytes())!;
}
