using System.Text.Json.Nodes;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>
/// The token of a service account of kube-system, asked for in the controller manager's name and again before it ends (upstream: --use-service-account-credentials,
/// controller-manager/pkg/clientbuilder/client_builder_dynamic.go). An account that is missing is made.
/// </summary>
internal sealed class AccountCredentials(Client manager, string account) : Credentials
{
    private const string Namespace = "kube-system";
    private const int LifetimeSeconds = 3600;

    // Renewed when this share of its life is over.
    private const double Used = 0.8;

    private readonly Lock _gate = new();
    private Task<Token>? _asked;

    private sealed record Token(string Value, DateTimeOffset RenewAt);

    public override async ValueTask<string> AuthorizationAsync(TimeProvider time, CancellationToken cancel)
    {
        var token = await Current(time).WaitAsync(cancel);
        return $"Bearer {token.Value}";
    }

    public override bool TryRenew()
    {
        lock (_gate) _asked = null;
        return true;
    }

    // One asks for all who wait; who gives up does not end it for the others. What failed is tried again by the next call.
    private Task<Token> Current(TimeProvider time)
    {
        lock (_gate)
        {
            if (_asked is null or { IsFaulted: true } or { IsCanceled: true } || _asked is { IsCompletedSuccessfully: true, Result: var token } && token.RenewAt <= time.GetUtcNow()) _asked = AskAsync(time);
            return _asked;
        }
    }

    private async Task<Token> AskAsync(TimeProvider time)
    {
        var reply = await RequestAsync();
        if (reply.Status == 404)
        {
            await CreateAsync();
            reply = await RequestAsync();
        }
        if (!reply.Ok) throw new ClusterConfigException($"no token of the service account {Namespace}/{account}: {ApiStatus.Parse(reply.Status, reply.Body.Span).Message}");
        var status = JsonNode.Parse(reply.Body.Span)!["status"]!;
        var now = time.GetUtcNow();
        var end = DateTimeOffset.Parse((string)status["expirationTimestamp"]!, System.Globalization.CultureInfo.InvariantCulture);
        return new((string)status["token"]!, now + (end - now) * Used);
    }

    private ValueTask<ApiReply> RequestAsync() => PostAsync($"/api/v1/namespaces/{Namespace}/serviceaccounts/{account}/token", new JsonObject
    {
        ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = new JsonObject { ["expirationSeconds"] = LifetimeSeconds },
    });

    private async Task CreateAsync()
    {
        var reply = await PostAsync($"/api/v1/namespaces/{Namespace}/serviceaccounts", new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "ServiceAccount", ["metadata"] = new JsonObject { ["name"] = account, ["namespace"] = Namespace },
        });
        if (!reply.Ok && reply.Status != 409) throw new ClusterConfigException($"the service account {Namespace}/{account} cannot be made: {ApiStatus.Parse(reply.Status, reply.Body.Span).Message}");
    }

    private ValueTask<ApiReply> PostAsync(string path, JsonObject body) =>
        manager.SendAsync(new() { Method = "POST", Path = path, ContentType = "application/json", Body = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()) });
}
