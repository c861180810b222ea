using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Columns and cells of kinds whose columns are paths: the name first, as in every table. Paths are of fields alone, ".spec.replicas".</summary>
internal static class PathCells
{
    private static readonly TableColumn Name = new("Name", "string", "name", "The object's name, unique in its namespace.");

    public static IReadOnlyList<TableColumn> Columns(KindInfo kind) => [Name, .. kind.PathColumns.Select(column => column.Column)];

    public static IReadOnlyList<object?> Of(KindInfo kind, string name, ReadOnlySpan<byte> json, DateTimeOffset now)
    {
        if (!kind.BuiltIn) return Custom(kind, name, json, now);
        var cells = new object?[kind.PathColumns.Count + 1];
        cells[0] = name;
        for (var i = 0; i < kind.PathColumns.Count; i++)
            cells[i + 1] = JsonPeek.Text(json, kind.PathColumns[i].JsonPath.TrimStart('.')) is { } text ? Typed(text, kind.PathColumns[i].Column.Type, now) : null;
        return cells;
    }

    private static object?[] Custom(KindInfo kind, string name, ReadOnlySpan<byte> json, DateTimeOffset now)
    {
        var tree = ApiJson.ParseTree(json);
        var cells = new object?[kind.PathColumns.Count + 1];
        cells[0] = name;
        for (var i = 0; i < kind.PathColumns.Count; i++)
            cells[i + 1] = JsonPaths.First(kind.PathColumns[i].JsonPath, tree, out var found) ? Typed(found, kind.PathColumns[i].Column.Type, now) : null;
        return cells;
    }

    private static object? Typed(JsonNode? value, string type, DateTimeOffset now)
    {
        if (type == "string") return value is null ? "<nil>" : value is JsonValue plain && plain.TryGetValue<string>(out var own) ? own : value is JsonValue ? GoText.Print(value) : value.ToJsonString(ApiText);
        var kindOf = value?.GetValueKind();
        return type switch
        {
            "integer" when kindOf == JsonValueKind.Number => ((JsonValue)value!).TryGetValue<long>(out var whole) ? whole : (long)value.GetValue<double>(),
            "number" when kindOf == JsonValueKind.Number => ((JsonValue)value!).TryGetValue<double>(out var real) ? real : (double)value.GetValue<long>(),
            "boolean" when kindOf is JsonValueKind.True or JsonValueKind.False => kindOf == JsonValueKind.True,
            "date" when kindOf == JsonValueKind.String => GoTime.TryParse(value!.GetValue<string>(), out var time) ? HumanDuration.Since(time, now) : "<invalid>",
            _ => null,
        };
    }

    private static readonly JsonSerializerOptions ApiText = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What is not of the column's type is shown as nothing, and a date as an age.
    private static object? Typed(string text, string type, DateTimeOffset now) => type switch
    {
        "integer" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
        "number" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
        "boolean" => text is "true" or "false" ? text == "true" : null,
        "date" => GoTime.TryParse(text, out var time) ? HumanDuration.Since(time, now) : "<unknown>",
        _ => text,
    };
}
