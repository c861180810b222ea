using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Objects as rows, for `kubectl get`: columns and cells are the kind's.</summary>
internal static class Tables
{
    private static readonly TableColumn[] Plain =
    [
        new("Name", "string", "name", "The object's name, unique in its namespace."),
        new("Created At", "date", "", "When the object was created."),
    ];

    /// <summary>Null when what is asked for can be shown in a table, or when no table is asked for.</summary>
    public static ApiStatus? CheckOptions(RequestContext ctx) =>
        ctx.Accept.Transform != Transform.Table || ctx.Query("includeObject") is null or "" or "Metadata" or "Object" or "None"
            ? null
            : ApiStatus.BadRequest($"Unable to convert to Table as requested: includeObject: Invalid value: {GoText.Quote(ctx.Query("includeObject")!)}: must be 'Metadata', 'Object', 'None', or empty");

    public static ApiResponse OfList(RequestContext ctx, ListPage page)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
            Write(writer, ctx, page.Objects, w => ListVerb.WriteMeta(w, page), withColumns: true);
        return Representation.Encoded(ctx, new BytesBody(buffer.WrittenMemory));
    }

    public static ReadOnlyMemory<byte> OfOne(RequestContext ctx, StoredObject obj, bool withColumns)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            Write(writer, ctx, [obj], w =>
            {
                w.WriteStartObject("metadata"u8);
                w.WriteString("resourceVersion"u8, obj.Revision.ToString(CultureInfo.InvariantCulture));
                w.WriteEndObject();
            }, withColumns);
        }
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, RequestContext ctx, IReadOnlyList<StoredObject> objects, Action<Utf8JsonWriter> meta, bool withColumns)
    {
        var columns = ctx.Kind.Rules.Columns ?? (ctx.Kind.PathColumns.Count > 0 ? PathCells.Columns(ctx.Kind) : Plain);
        writer.WriteStartObject();
        writer.WriteString("kind"u8, "Table"u8);
        writer.WriteString("apiVersion"u8, $"meta.k8s.io/{ctx.Accept.Version}");
        meta(writer);
        if (withColumns) Columns(writer, columns);
        else writer.WriteNull("columnDefinitions"u8);
        writer.WriteStartArray("rows"u8);
        var include = ctx.Query("includeObject") is { Length: > 0 } asked ? asked : "Metadata";
        foreach (var obj in objects) Row(writer, ctx, obj, columns, include);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Columns(Utf8JsonWriter writer, IReadOnlyList<TableColumn> columns)
    {
        writer.WriteStartArray("columnDefinitions"u8);
        foreach (var column in columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, column.Name);
            writer.WriteString("type"u8, column.Type);
            writer.WriteString("format"u8, column.Format);
            writer.WriteString("description"u8, column.Description);
            writer.WriteNumber("priority"u8, column.Priority);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Row(Utf8JsonWriter writer, RequestContext ctx, StoredObject obj, IReadOnlyList<TableColumn> columns, string include)
    {
        var json = ctx.Resource.View(obj).Span;
        writer.WriteStartObject();
        writer.WriteStartArray("cells"u8);
        var cells = ReferenceEquals(columns, Plain) ? [obj.Name, obj.Field("metadata.creationTimestamp")]
            : ctx.Kind.Rules.Columns is null ? PathCells.Of(ctx.Kind, obj.Name, json, ctx.Server.Clock.GetUtcNow())
            : ctx.Kind.Rules.Cells(json, ctx.Server.Clock.GetUtcNow());
        foreach (var cell in cells) Cell(writer, cell);
        writer.WriteEndArray();
        Conditions(writer, ctx.Kind, obj);
        if (include == "Object")
        {
            writer.WritePropertyName("object"u8);
            writer.WriteRawValue(json, skipInputValidation: true);
        }
        else if (include == "Metadata")
        {
            writer.WritePropertyName("object"u8);
            PartialMetadata.Write(writer, json, ctx.Accept.Version);
        }
        writer.WriteEndObject();
    }

    private static void Conditions(Utf8JsonWriter writer, KindInfo kind, StoredObject obj)
    {
        foreach (var condition in kind.Rules.RowConditions)
        {
            if (obj.Field(condition.Path) != condition.Value) continue;
            writer.WriteStartArray("conditions"u8);
            writer.WriteStartObject();
            writer.WriteString("type"u8, condition.Type);
            writer.WriteString("status"u8, "True"u8);
            writer.WriteString("reason"u8, condition.Reason);
            writer.WriteString("message"u8, condition.Message);
            writer.WriteEndObject();
            writer.WriteEndArray();
            return;
        }
    }

    private static void Cell(Utf8JsonWriter writer, object? cell)
    {
        switch (cell)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case int number: writer.WriteNumberValue(number); break;
            case long number: writer.WriteNumberValue(number); break;
            case double number: writer.WriteNumberValue(number); break;
            default: writer.WriteStringValue(cell.ToString()); break;
        }
    }
}
