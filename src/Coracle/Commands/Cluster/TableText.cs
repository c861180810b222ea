using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Sdk;

namespace Coracle.Commands.Cluster;

/// <summary>What of a table is shown.</summary>
internal sealed record TableOptions
{
    public bool Wide { get; init; }
    public bool NoHeaders { get; init; }
    public bool WithNamespace { get; init; }
    public bool ShowLabels { get; init; }

    /// <summary>Names are shown as "pod/name": of this resource.</summary>
    public ApiResource? Named { get; init; }
}

/// <summary>
/// Tables of the server (meta.k8s.io/v1 Table) as kubectl prints them: columns three blanks apart and at least six wide, the last one unpadded. Column widths hold
/// from one part to the next, so that what a watch adds stays in line.
/// </summary>
internal sealed class TableText(TableOptions options)
{
    private const int WidthMin = 6;
    private const int Padding = 3;

    private readonly List<int> _widths = [];
    private List<int>? _columns;
    private bool _hasNames;

    /// <summary>Lines for the tables, which are of one kind; the first of all has the headers.</summary>
    public string Write(IEnumerable<JsonObject> tables)
    {
        var lines = new List<IReadOnlyList<string>>();
        foreach (var table in tables)
        {
            if (_columns is null)
            {
                var header = Header(table);
                if (!options.NoHeaders) lines.Add(header);
            }
            foreach (var row in (table["rows"] as JsonArray ?? []).OfType<JsonObject>()) lines.Add(Row(row));
        }
        return Align(lines);
    }

    public static bool IsEmpty(JsonObject table) => table["rows"] is not JsonArray { Count: > 0 };

    private List<string> Header(JsonObject table)
    {
        var definitions = (table["columnDefinitions"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        _columns = [.. Enumerable.Range(0, definitions.Count).Where(i => options.Wide || (definitions[i]["priority"]?.GetValue<int>() ?? 0) == 0)];
        _hasNames = definitions.Count > 0 && (string?)definitions[0]["format"] == "name";
        var header = _columns.Select(i => ((string?)definitions[i]["name"] ?? "").ToUpperInvariant()).ToList();
        if (options.WithNamespace) header.Insert(0, "NAMESPACE");
        if (options.ShowLabels) header.Add("LABELS");
        return header;
    }

    private List<string> Row(JsonObject row)
    {
        var cells = row["cells"] as JsonArray ?? [];
        var metadata = row["object"]?["metadata"] as JsonObject;
        var texts = _columns!.Select(i => i < cells.Count ? Cell(cells[i]) : "").ToList();
        if (options.Named is { } resource && _hasNames && texts.Count > 0) texts[0] = $"{Asked.Kind(resource)}/{texts[0]}";
        if (options.WithNamespace) texts.Insert(0, (string?)metadata?["namespace"] ?? "");
        if (options.ShowLabels) texts.Add(Labels(metadata?["labels"] as JsonObject));
        return texts;
    }

    private static string Labels(JsonObject? labels) => labels is not { Count: > 0 }
        ? "<none>"
        : string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));

    private static string Cell(JsonNode? cell)
    {
        if (cell is not JsonValue value) return "";
        if (value.GetValueKind() != JsonValueKind.String) return value.ToJsonString();
        var text = value.GetValue<string>();
        var end = text.AsSpan().IndexOfAny('\f', '\n', '\r');
        return end < 0 ? text : text[..end] + "...";
    }

    private string Align(List<IReadOnlyList<string>> lines)
    {
        foreach (var line in lines)
            for (var i = 0; i < line.Count - 1; i++)
            {
                if (_widths.Count == i) _widths.Add(WidthMin);
                _widths[i] = Math.Max(_widths[i], Length(line[i]) + Padding);
            }
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            for (var i = 0; i < line.Count; i++)
            {
                text.Append(line[i]);
                if (i < line.Count - 1) text.Append(' ', _widths[i] - Length(line[i]));
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    private static int Length(string text) => text.EnumerateRunes().Count();
}
