using System.Text;
using System.Text.Json.Nodes;
using Coracle.Sdk;

namespace Coracle.Conformance.Tests;

/// <summary>An answer as a client reads it.</summary>
public sealed class Answer(ApiReply reply)
{
    public int Code => reply.Status;
    public string ContentType => reply.ContentType;
    public string Text => Encoding.UTF8.GetString(reply.Body.Span);
    public JsonObject Json => field ??= (JsonObject)JsonNode.Parse(reply.Body.Span)!;

    /// <summary>Texts of the Warning headers.</summary>
    public IReadOnlyList<string> Warnings => reply.Warnings;

    // Of a Status
    public string Message => this["message"];
    public string Reason => this["reason"];

    // Of an object or a list
    public string Name => this["metadata.name"];
    public string Version => this["metadata.resourceVersion"];
    public string Uid => this["metadata.uid"];
    public IReadOnlyList<JsonObject> Items => [.. Json["items"]!.AsArray().Select(i => (JsonObject)i!)];
    public IEnumerable<string> Names => Items.Select(i => i.Text("metadata.name"));

    /// <summary>The text of the value at a path such as "spec.containers.0.name"; "" when there is none.</summary>
    public string this[string path] => Json.Text(path);

    /// <summary>Fails the test when it is not this code.</summary>
    public Answer Is(int code)
    {
        Assert.True(Code == code, $"expected {code}, got {Code}: {Text}");
        return this;
    }
}

internal static class Paths
{
    /// <summary>The value at a path such as "spec.containers.0.name"; null when there is none.</summary>
    public static JsonNode? At(this JsonNode node, string path)
    {
        JsonNode? at = node;
        foreach (var step in path.Split('.'))
            at = at switch
            {
                JsonArray list when int.TryParse(step, out var i) => i < list.Count ? list[i] : null,
                JsonObject obj => obj[step.Replace("~1", ".", StringComparison.Ordinal)],
                _ => null,
            };
        return at;
    }

    /// <summary>That value as text: JSON, unless it is a string.</summary>
    public static string Text(this JsonNode node, string path) => node.At(path) switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => other.ToJsonString(),
    };
}
