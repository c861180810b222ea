using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>
/// The keys of one issuer, asked of it over the network: first where they are (OpenID Connect discovery), then the keys. They are asked anew when a token is signed
/// with none that is known, so that an issuer may change them at any time. Nothing runs in the background.
/// </summary>
internal sealed class IssuerKeys(string issuer, string discoveryUrl, ReadOnlyMemory<byte> authorities, WebhookTransport network, TimeProvider clock)
{
    private const string WellKnownPath = "/.well-known/openid-configuration";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // An issuer that does not answer is left in peace for a while, and so is one whose keys some garbage was not signed with.
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseBetweenFetches = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Uri? _keysUrl;
    private IReadOnlyList<IssuerKey> _keys = [];
    private Task<string?>? _fetching;
    private string? _failure;
    private long _fetched;
    private bool _hasFetched;

    /// <summary>Told of each attempt to fetch the keys: whether they came.</summary>
    public Action<bool> OnFetched { get; init; } = static _ => { };

    /// <summary>Null when the token is signed with a key of the issuer; why that is not known otherwise.</summary>
    public async ValueTask<string?> Refuse(CompactToken token)
    {
        if (IsSigned(token)) return null;
        if (await Refresh() is { } failure) return failure;
        return IsSigned(token) ? null : "oidc: verify token: failed to verify signature: failed to verify id token signature";
    }

    private bool IsSigned(CompactToken token)
    {
        foreach (var key in Volatile.Read(ref _keys))
            if ((token.KeyId.Length == 0 || key.Id == token.KeyId) && key.Signed(token)) return true;
        return false;
    }

    /// <summary>One fetch for all who wait.</summary>
    private Task<string?> Refresh()
    {
        TaskCompletionSource<string?> done;
        lock (_lock)
        {
            if (_fetching is { } running) return running;
            if (_hasFetched && clock.GetElapsedTime(_fetched) < (_failure is null ? PauseBetweenFetches : PauseAfterFailure)) return Task.FromResult(_failure);
            done = new TaskCompletionSource<string?>();
            _fetching = done.Task;
        }
        _ = FetchAll(done);
        return done.Task;
    }

    private async Task FetchAll(TaskCompletionSource<string?> done)
    {
        string? failure;
        try
        {
            failure = await Discover() ?? await Fetch();
        }
        catch (Exception e) when (e is WebhookException or OperationCanceledException)
        {
            failure = _keysUrl is null ? "oidc: authenticator not initialized" : $"oidc: verify token: failed to verify signature: fetching keys oidc: get keys failed {Words(e)}";
        }
        OnFetched(failure is null);
        lock (_lock)
        {
            (_failure, _fetched, _hasFetched, _fetching) = (failure, clock.GetTimestamp(), true, null);
        }
        done.SetResult(failure);
    }

    private static string Words(Exception e) => e is WebhookException ? e.Message : "context deadline exceeded";

    private async ValueTask<string?> Discover()
    {
        if (_keysUrl is not null) return null;
        var url = discoveryUrl.Length > 0 ? discoveryUrl : issuer.TrimEnd('/') + WellKnownPath;
        var answer = await Get(url);
        const string cannot = "oidc: authenticator not initialized";
        if (answer.Status != 200) return cannot;
        try
        {
            var document = JsonElement.Parse(answer.Body.Span, new JsonDocumentOptions { MaxDepth = 16 });
            // Who pretends to be another issuer is not asked for keys.
            if (document.Text("issuer") != issuer || !Uri.TryCreate(document.Text("jwks_uri"), UriKind.Absolute, out var keys)) return cannot;
            _keysUrl = keys;
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return cannot;
        }
    }

    private async ValueTask<string?> Fetch()
    {
        const string failed = "oidc: verify token: failed to verify signature: fetching keys oidc: ";
        var answer = await Get(_keysUrl!.ToString());
        if (answer.Status != 200) return $"{failed}get keys failed: {answer.Status} {System.Text.Encoding.UTF8.GetString(answer.Body.Span)}";
        if (IssuerKey.ReadSet(answer.Body.Span) is not { } keys) return $"{failed}failed to decode keys: {GoText.Quote(System.Text.Encoding.UTF8.GetString(answer.Body.Span))}";
        Volatile.Write(ref _keys, keys);
        return null;
    }

    /// <summary>Asks the issuer, or whom its tokens name, with its authorities.</summary>
    public async ValueTask<WebhookAnswer> Get(string url, string bearer = "")
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed)) throw new WebhookException($"parse {GoText.Quote(url)}: invalid URI for request");
        using var late = new CancellationTokenSource(Patience, clock);
        return await network.GetAsync(new WebhookCall(parsed, null, authorities, default) { Authorization = bearer.Length > 0 ? $"Bearer {bearer}" : "", UserAgent = "kube-apiserver" }, late.Token);
    }
}
