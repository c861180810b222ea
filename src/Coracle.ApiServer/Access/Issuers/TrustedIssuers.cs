using Coracle.Kinds.Apiserver.V1;

namespace Coracle.ApiServer.Access;

/// <summary>The issuers whose tokens are believed, as configured at this moment. They may change at any time; what was asked of those that stay is not asked again.</summary>
/// <param name="network">The way out to the issuers.</param>
/// <param name="clock">For the tokens' times, and the patience with issuers.</param>
public sealed class TrustedIssuers(WebhookTransport network, TimeProvider clock)
{
    /// <summary>Issuers that vouch for distributed claims, beyond those configured.</summary>
    private const int KeyRingsMax = 256;

    private static readonly TimeSpan CacheLifetime = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, IssuerKeys> _keys = new(StringComparer.Ordinal);
    private volatile IssuerTokens[] _issuers = [];
    private volatile BoundedCache<string, TokenOutcome>? _verified;

    /// <summary>Told of each attempt to fetch an issuer's keys.</summary>
    public Action<string, bool> OnKeysFetched { get; init; } = static (_, _) => { };

    /// <summary>What tokens may be signed with; all that upstream allows unless it is said otherwise.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = AllAlgorithms;

    public static IReadOnlyList<string> AllAlgorithms => IssuerKey.Algorithms;

    /// <summary>From now on the issuers of a configuration are believed.</summary>
    public void Use(AuthenticationSettings settings) => Use(settings.Issuers);

    internal void Use(IEnumerable<IssuerRules> rules)
    {
        lock (_lock)
        {
            _issuers = [.. rules.Select(rule => new IssuerTokens(rule, Algorithms, issuer => KeysOf(issuer, rule.Configuration.Issuer), clock))];
            // What a token stood for may be different from now on.
            _verified = _issuers.Length == 0 ? null : new(1024, CacheLifetime, clock);
        }
    }

    private IssuerKeys KeysOf(string issuer, JwtIssuer configured)
    {
        var discovery = issuer == configured.Url ? configured.DiscoveryUrl : "";
        var key = $"{issuer}\n{discovery}\n{configured.CertificateAuthority}";
        lock (_lock)
        {
            if (_keys.TryGetValue(key, out var known)) return known;
            if (_keys.Count >= KeyRingsMax) _keys.Clear();
            return _keys[key] = new IssuerKeys(issuer, discovery, System.Text.Encoding.UTF8.GetBytes(configured.CertificateAuthority), network, clock) { OnFetched = came => OnKeysFetched(issuer, came) };
        }
    }

    /// <summary>Who a token stands for; unknown when it is of none of the issuers.</summary>
    public ValueTask<TokenOutcome> AuthenticateAsync(string token, CancellationToken cancel)
    {
        var issuers = _issuers;
        if (issuers.Length == 0 || CompactToken.Parse(token) is not { } parsed || parsed.Claims() is not { } claims) return new(TokenOutcome.Unknown);
        var named = IssuerTokens.IssuerOf(claims);
        foreach (var issuer in issuers)
            if (issuer.Issuer == named) return Remembered(issuer, parsed, claims);
        return new(TokenOutcome.Unknown);
    }

    // Good tokens are remembered for ten seconds, as upstream's are: signatures and distributed claims cost.
    private async ValueTask<TokenOutcome> Remembered(IssuerTokens issuer, CompactToken parsed, System.Text.Json.JsonElement claims)
    {
        var cache = _verified;
        var hash = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(parsed.Signed)) + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(parsed.Signature));
        if (cache is not null && cache.TryGet(hash, out var known)) return known;
        var outcome = await issuer.AuthenticateAsync(parsed, claims);
        if (outcome.Verdict == TokenVerdict.Valid) cache?.Set(hash, outcome);
        return outcome;
    }
}
