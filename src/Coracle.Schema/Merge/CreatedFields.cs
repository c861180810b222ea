using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>
/// The fields of an object that is new, straight as FieldsV1: what a comparison with nothing gives (<see cref="FieldComparison"/>), without making a set first.
/// Creating is what happens most, and nobody reads the set of a new object before its first change.
/// </summary>
internal sealed class CreatedFields
{
    private readonly FieldsBuffer buffer = new();
    private readonly List<string> names = [];
    private readonly List<(PathElement Name, JsonNode? Item)> items = [];

    // Steps on the way that are written only when something is found below them.
    private readonly List<PathElement> unopened = [];
    private bool any;

    [ThreadStatic] private static CreatedFields? kept;

    /// <summary>FieldsV1 of a new object, or null when it has no fields that anybody owns.</summary>
    /// <param name="created">The object.</param>
    /// <param name="zero">An object without content: its fields belong to nobody as long as they are so.</param>
    /// <param name="type">What both are.</param>
    /// <param name="stripped">Paths that nobody owns.</param>
    public static byte[]? Of(JsonObject created, JsonObject zero, MergeType type, FieldSet stripped)
    {
        var fields = kept ?? new();
        kept = null; // what throws half way is not used again
        fields.any = false;
        var writer = fields.buffer.Begin();
        writer.WriteStartObject();
        fields.Against(zero, created, type, stripped);
        writer.WriteEndObject();
        var bytes = fields.any ? fields.buffer.End() : null;
        if (!fields.buffer.IsLarge) kept = fields;
        return bytes;
    }

    // ---- what is there in an object without content, too

    private void Against(JsonObject? zero, JsonObject created, MergeType type, FieldSet stripped)
    {
        var (from, to) = Names(created);
        for (var i = from; i < to; i++)
        {
            var (step, value, below) = (PathElement.Field(names[i]), created[names[i]], type.Field(names[i]) ?? MergeType.Untyped);
            Enter(step);
            if (zero is not null && zero.TryGetPropertyValue(names[i], out var none)) Changed(none, value, below, !stripped.Has(step), stripped.Below(step));
            else New(value, below, !stripped.Has(step), stripped.Below(step));
            Leave();
        }
        names.RemoveRange(from, to - from);
    }

    private void Changed(JsonNode? zero, JsonNode? value, MergeType type, bool owned, FieldSet stripped)
    {
        if (value is JsonObject { Count: > 0 } map && zero is null or JsonObject && IsGranularMap(type, value)) Against(zero as JsonObject, map, type, stripped);
        else if (value is JsonArray { Count: > 0 } list && zero is null or JsonArray { Count: 0 } && IsGranularList(type, value)) Items(list, type);
        else if (owned && !JsonNode.DeepEquals(zero, value)) Open();
    }

    // ---- what is not

    /// <summary>Writes the step that was entered last, and all that is below it.</summary>
    private void New(JsonNode? value, MergeType type, bool owned, FieldSet stripped)
    {
        if (owned) Open();
        if (value is JsonObject { Count: > 0 } map && IsGranularMap(type, value)) Fields(map, type, owned, stripped);
        else if (value is JsonArray { Count: > 0 } list && IsGranularList(type, value)) Items(list, type, marked: owned);
    }

    private void Fields(JsonObject map, MergeType type, bool marked, FieldSet stripped)
    {
        if (marked) Mark();
        var (from, to) = Names(map);
        for (var i = from; i < to; i++)
        {
            var step = PathElement.Field(names[i]);
            Enter(step);
            New(map[names[i]], type.Field(names[i]) ?? MergeType.Untyped, !stripped.Has(step), stripped.Below(step));
            Leave();
        }
        names.RemoveRange(from, to - from);
    }

    private void Items(JsonArray list, MergeType type, bool marked = false)
    {
        var from = items.Count;
        foreach (var item in list)
            if (type.Name(item, out _) is { } name) items.Add((name, item));
        var to = items.Count;
        if (to - from > 1) CollectionsMarshal.AsSpan(items)[from..to].Sort(static (a, b) => a.Name.CompareTo(b.Name));
        if (marked && to > from) Mark();
        for (var i = from; i < to; i++)
        {
            var (name, item) = items[i];
            // Items of the same name are owned as one.
            var alone = i + 1 == to || items[i + 1].Name != name;
            Enter(name);
            if (alone) New(item, type.Items, owned: true, FieldSet.Empty);
            else Open();
            Leave();
            while (i + 1 < to && items[i + 1].Name == name) i++;
        }
        items.RemoveRange(from, to - from);
    }

    private static bool IsGranularMap(MergeType type, JsonNode value) => type.Form(Maybe.Of(value)) == MergeForm.Map && !type.IsAtomicMap;
    private static bool IsGranularList(MergeType type, JsonNode value) => type.Form(Maybe.Of(value)) == MergeForm.List && !type.IsAtomicList;

    /// <summary>Puts the names of an object's fields, in order, behind those that are there; from and to where they are.</summary>
    private (int From, int To) Names(JsonObject map)
    {
        var from = names.Count;
        for (var i = 0; i < map.Count; i++) names.Add(map.GetAt(i).Key);
        if (map.Count > 1) CollectionsMarshal.AsSpan(names)[from..].Sort(string.CompareOrdinal);
        return (from, names.Count);
    }

    // ---- writing

    private void Enter(PathElement step) => unopened.Add(step);

    private void Open()
    {
        foreach (var step in unopened) step.WriteStart(buffer.Writer);
        unopened.Clear();
        any = true;
    }

    private void Leave()
    {
        if (unopened.Count > 0) unopened.RemoveAt(unopened.Count - 1);
        else buffer.Writer.WriteEndObject();
    }

    /// <summary>Says that the step itself is in the set, and not only what is below it.</summary>
    private void Mark()
    {
        buffer.Writer.WriteStartObject("."u8);
        buffer.Writer.WriteEndObject();
    }
}

/// <summary>Into which FieldsV1 is written. Every write of an object writes a set, so that the buffer is worth keeping.</summary>
internal sealed class FieldsBuffer
{
    private const int KeptBytesMax = 256 * 1024;

    private readonly System.Buffers.ArrayBufferWriter<byte> buffer = new(4096);

    public FieldsBuffer() => Writer = new(buffer, ApiJson.WriterOptions);

    public Utf8JsonWriter Writer { get; }
    public bool IsLarge => buffer.Capacity > KeptBytesMax;

    public Utf8JsonWriter Begin()
    {
        buffer.ResetWrittenCount();
        Writer.Reset();
        return Writer;
    }

    public byte[] End()
    {
        Writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
