using System.Text;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Kinds.Tests;

/// <summary>A row of `kubectl get -o wide` and its heading, for an object two days old.</summary>
internal static class Row
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    internal static string Of(string version, string kind, string json)
    {
        var info = Kind(version, kind);
        var obj = JsonNode.Parse(json)!.AsObject();
        var metadata = obj["metadata"] as JsonObject ?? [];
        obj["metadata"] = metadata;
        metadata["name"] ??= "x";
        metadata["creationTimestamp"] = "2029-12-30T12:00:00Z";
        var cells = info.Rules.Cells(Encoding.UTF8.GetBytes(obj.ToJsonString()), Now);
        Assert.Equal(info.Rules.Columns!.Count, cells.Count);
        return string.Join('|', cells);
    }

    /// <summary>The same with the names of the columns: "Name=x Age=2d".</summary>
    internal static string Named(string version, string kind, string json) =>
        string.Join(' ', Kind(version, kind).Rules.Columns!.Zip(Of(version, kind, json).Split('|'), (column, cell) => $"{column.Name}={cell}"));

    internal static string Heading(string version, string kind) => string.Join(' ', Kind(version, kind).Rules.Columns!
        .Select(c => $"{c.Name.Replace(' ', '_')}:{c.Type[..3]}{(c.Format.Length > 0 ? "/" + c.Format : "")}{(c.Priority > 0 ? "*" : "")}"));

    private static KindInfo Kind(string version, string kind) => GeneratedKinds.All.Single(k => k.ApiVersion == version && k.Kind == kind);
}
