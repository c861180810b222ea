using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>
/// The controller manager's way to a server elsewhere. Each controller calls as its own service account, by the name under which it calls; what controllers
/// share is read in the manager's own name.
/// </summary>
internal sealed class AccountTransport : Transport
{
    private readonly ClusterConfig _cluster;
    private readonly HttpTransportOptions _http;
    private readonly bool _byImpersonation;
    private readonly HttpTransport _own;
    private readonly Client _manager;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HttpTransport> _accounts = new(StringComparer.Ordinal);

    /// <param name="cluster">Where the server is, and how the controller manager shows itself there.</param>
    /// <param name="http">How connections are kept.</param>
    /// <param name="byImpersonation">Accounts are impersonated, rather than asked for tokens: where one may not have them.</param>
    public AccountTransport(ClusterConfig cluster, HttpTransportOptions http, bool byImpersonation)
    {
        (_cluster, _http, _byImpersonation) = (cluster, http, byImpersonation);
        _own = new(cluster, http);
        _manager = new(_own, new() { UserAgent = ComponentIdentities.ControllerManager, Time = http.Time });
    }

    public override ValueTask<ApiReply> SendAsync(ApiCall call, CancellationToken cancel) => Of(ref call).SendAsync(call, cancel);
    public override ValueTask<ApiReply> WatchAsync(ApiCall call, CancellationToken cancel) => Of(ref call).WatchAsync(call, cancel);
    public override ValueTask<ApiReply> StreamAsync(ApiCall call, CancellationToken cancel) => Of(ref call).StreamAsync(call, cancel);
    public override ValueTask<ApiReply> UpgradeAsync(ApiCall call, IReadOnlyList<string> protocols, CancellationToken cancel) => Of(ref call).UpgradeAsync(call, protocols, cancel);

    private HttpTransport Of(ref ApiCall call)
    {
        if (ComponentIdentities.AccountOf(call.UserAgent) is not { } account) return _own;
        if (_byImpersonation)
        {
            call = call with { User = new(ApiServer.Access.ServiceAccountName.UserName("kube-system", account), []) };
            return _own;
        }
        lock (_gate)
        {
            if (_accounts.TryGetValue(account, out var known)) return known;
            return _accounts[account] = new(_cluster with { Credentials = new AccountCredentials(_manager, account), Impersonate = null }, _http);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        List<HttpTransport> all;
        lock (_gate) all = [_own, .. _accounts.Values];
        foreach (var transport in all) await transport.DisposeAsync();
    }
}
