using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.ApiServer.Tests.Support;

/// <summary>An answer as a client reads it.</summary>
public sealed record Answer(int Code, string ContentType, byte[] Bytes, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    public string Text => Encoding.UTF8.GetString(Bytes);
    public JsonObject Json => (JsonObject)JsonNode.Parse(Bytes)!;

    // Of a Status
    public string Message => (string?)Json["message"] ?? "";
    public string Reason => (string?)Json["reason"] ?? "";

    /// <summary>Code, reason and message of a Status at once.</summary>
    public (int, string, string) Status => (Code, Reason, Message);

    // Of an object or a list
    public JsonObject Meta => (JsonObject)Json["metadata"]!;
    public string Name => (string?)Meta["name"] ?? "";
    public string Version => (string?)Meta["resourceVersion"] ?? "";
    public string Uid => (string?)Meta["uid"] ?? "";
    public IReadOnlyList<JsonObject> Items => [.. Json["items"]!.AsArray().Select(i => (JsonObject)i!)];
    public IEnumerable<string> Names => Items.Select(i => (string)i["metadata"]!["name"]!);

    /// <summary>What the Warning headers say, without their code and quotes.</summary>
    public IReadOnlyList<string> Warnings =>
        [.. Headers.Where(h => h.Key == "Warning").Select(h => h.Value["299 - \"".Length..^1].Replace("\\\"", "\"", StringComparison.Ordinal))];

    public string? Header(string name) => Headers.FirstOrDefault(h => h.Key == name).Value;

    /// <summary>The value at a path such as "spec.containers.0.name" as JSON text; null when there is none.</summary>
    public string? At(string path)
    {
        JsonNode? node = Json;
        foreach (var step in path.Split('.'))
            node = node switch
            {
                JsonArray list when int.TryParse(step, out var i) => i < list.Count ? list[i] : null,
                JsonObject obj => obj[step],
                _ => null,
            };
        return node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString(Plain);
    }

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static async Task<Answer> Of(ApiResponse response) => new(response.Status, response.ContentType, await BytesOf(response.Body),
        response.Flow is { } flow ? [.. response.Headers, new(FlowStamp.SchemaHeader, flow.SchemaUid), new(FlowStamp.LevelHeader, flow.LevelUid)] : response.Headers);

    private static async Task<byte[]> BytesOf(ApiBody body)
    {
        switch (body)
        {
            case BytesBody whole: return whole.Utf8.ToArray();
            case PiecesBody { Pieces: var pieces }: return [.. pieces.SelectMany(piece => piece.ToArray())];
            case StreamBody stream:
                var all = new MemoryStream();
                await stream.Content.CopyToAsync(all);
                return all.ToArray();
            default: throw new InvalidOperationException($"not an answer in one piece: {body.GetType().Name}");
        }
    }
}
