using System.Text;
using System.Text.Json.Nodes;

namespace Coracle.ApiServer.Tests.Admission;

/// <summary>Webhooks by host name, without a network. All calls are kept.</summary>
public sealed class FakeWebhooks : WebhookTransport
{
    private readonly Dictionary<string, Func<JsonObject, WebhookCall, CancellationToken, ValueTask<WebhookAnswer>>> _hosts = [];
    private readonly List<(string Host, WebhookCall Call, JsonObject Request)> _calls = [];

    public IReadOnlyList<(string Host, WebhookCall Call, JsonObject Request)> Calls
    {
        get
        {
            lock (_calls) return [.. _calls];
        }
    }

    public IEnumerable<string> Hosts => Calls.Select(c => c.Host);

    /// <summary>What the host answers to a request: the response, to which uid and the like are added.</summary>
    public void On(string host, Func<JsonObject, string> response) => _hosts[host] = (request, _, _) => ValueTask.FromResult(Reviewed(request, response(request)));

    /// <summary>What the host answers, as it is.</summary>
    public void Raw(string host, int code, string body) => _hosts[host] = (_, _, _) => ValueTask.FromResult(new WebhookAnswer(code, Encoding.UTF8.GetBytes(body)));

    /// <summary>The host cannot be reached.</summary>
    public void Fails(string host, string why) => _hosts[host] = (_, _, _) => throw new WebhookException(why);

    /// <summary>The host never answers.</summary>
    public void Hangs(string host) => _hosts[host] = async (_, _, cancel) =>
    {
        var never = new TaskCompletionSource();
        await using var stop = cancel.Register(() => never.TrySetCanceled(cancel));
        await never.Task;
        throw new InvalidOperationException();
    };

    /// <summary>The host answers when it is let.</summary>
    public void Waits(string host, Task until, string response) => _hosts[host] = async (request, _, _) =>
    {
        await until;
        return Reviewed(request, response);
    };

    public static string Allow(string more = "") => $$"""{"allowed":true{{more}}}""";

    public static string Patch(string operations) =>
        $$"""{"allowed":true,"patchType":"JSONPatch","patch":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(operations))}}"}""";

    private static WebhookAnswer Reviewed(JsonObject request, string response)
    {
        var answer = (JsonObject)JsonNode.Parse(response)!;
        answer["uid"] ??= (string?)request["uid"];
        return new WebhookAnswer(200, Encoding.UTF8.GetBytes(new JsonObject { ["kind"] = "AdmissionReview", ["apiVersion"] = "admission.k8s.io/v1", ["response"] = answer }.ToJsonString()));
    }

    public override ValueTask<WebhookAnswer> PostAsync(WebhookCall call, CancellationToken cancel)
    {
        var request = (JsonObject)JsonNode.Parse(call.Body.Span)!["request"]!;
        lock (_calls) _calls.Add((call.Url.Host, call, request));
        return _hosts.TryGetValue(call.Url.Host, out var host) ? host(request, call, cancel) : throw new WebhookException($"dial tcp: lookup {call.Url.Host}: no such host");
    }
}
