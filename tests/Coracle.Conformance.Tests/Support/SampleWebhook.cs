using System.Text;
using System.Text.Json.Nodes;
using Coracle.ApiServer;

namespace Coracle.Conformance.Tests;

/// <summary>Stands where the pod of a webhook would: what is POSTed to one of its paths is answered here, in the process.</summary>
internal sealed class SampleWebhook : WebhookTransport
{
    private readonly Dictionary<string, Func<JsonObject, CancellationToken, ValueTask<JsonObject>>> _paths = [];

    /// <summary>What a path answers to a whole review.</summary>
    public void On(string path, Func<JsonObject, CancellationToken, ValueTask<JsonObject>> answer) => _paths[path] = answer;

    /// <summary>What a path answers to a whole review, at once.</summary>
    public void On(string path, Func<JsonObject, JsonObject> answer) => On(path, (review, _) => ValueTask.FromResult(answer(review)));

    public override async ValueTask<WebhookAnswer> PostAsync(WebhookCall call, CancellationToken cancel)
    {
        if (!_paths.TryGetValue(call.Url.AbsolutePath, out var path)) return new WebhookAnswer(404, "404 page not found\n"u8.ToArray());
        var answer = await path((JsonObject)JsonNode.Parse(call.Body.Span)!, cancel);
        return new WebhookAnswer(200, Encoding.UTF8.GetBytes(answer.ToJsonString()));
    }
}
