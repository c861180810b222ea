using System.Globalization;
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
        var cells = new object?[kind.PathColumns.Count + 1];
        cells[0] = name;
        for (var i = 0; i < kind.PathColumns.Count; i++)
            cells[i + 1] = JsonPeek.Text(json, kind.PathColumns[i].JsonPath.TrimStart('.')) is { } text ? Typed(text, kind.PathColumns[i].Column.Type, now) : null;
        return cells;
    }

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
