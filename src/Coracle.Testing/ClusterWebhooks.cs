using Coracle.ApiServer;
using Coracle.Sdk;

namespace Coracle.Testing;

/// <summary>The cluster's way to webhooks: those that live in the test are called by their name, without a socket; all others go where the options say.</summary>
/// <param name="others">The way to all others.</param>
/// <param name="sets">Those that are attached from the start, by host.</param>
internal sealed class ClusterWebhooks(WebhookTransport others, IReadOnlyDictionary<string, WebhookSet> sets) : WebhookTransport
{
    private const string Domain = ".webhooks.test";

    private readonly Dictionary<string, WebhookSet> _sets = new(sets, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, WebhookSet> Sets => new Dictionary<string, WebhookSet>(_sets);

    public static WebhookPlace Place(string name) => WebhookPlace.Url("https://" + name + Domain);

    public void Add(string name, WebhookSet set) => _sets[name + Domain] = set;

    public override async ValueTask<WebhookAnswer> PostAsync(WebhookCall call, CancellationToken cancel)
    {
        if (!_sets.TryGetValue(call.Url.Host, out var set)) return await others.PostAsync(call, cancel);
        var reply = await set.AnswerAsync(call.Url.AbsolutePath, "application/json", call.Body, cancel);
        return new(reply.Status, reply.Body);
    }

    public override ValueTask<WebhookAnswer> GetAsync(WebhookCall call, CancellationToken cancel) => others.GetAsync(call, cancel);
}
