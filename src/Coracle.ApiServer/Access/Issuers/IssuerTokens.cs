using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>Verifies the tokens of one issuer and makes users of them (upstream: plugin/pkg/authenticator/token/oidc).</summary>
/// <param name="rules">Its configuration.</param>
/// <param name="algorithms">What its tokens may be signed with.</param>
/// <param name="keysOf">The keys of an issuer: of this one, or of another that vouches for distributed claims.</param>
/// <param name="clock">For the tokens' times.</param>
internal sealed class IssuerTokens(IssuerRules rules, IReadOnlyList<string> algorithms, Func<string, IssuerKeys> keysOf, TimeProvider clock)
{
    // Clocks may differ by this much, for the beginning of a token's life alone (go-oidc).
    private const long LeewaySeconds = 300;

    private readonly IssuerKeys _keys = keysOf(rules.Configuration.Issuer.Url);

    public string Issuer => rules.Configuration.Issuer.Url;

    /// <summary>Who a token of this issuer stands for. Never throws for any text.</summary>
    public async ValueTask<TokenOutcome> AuthenticateAsync(CompactToken token, JsonElement claims)
    {
        if (await Refuse(token, claims, _keys) is { } error) return TokenOutcome.Invalid(error);
        if (Read(token) is not { } set) return TokenOutcome.Invalid("oidc: parse claims: not an object");
        if (await Expand(set) is { } problem) return TokenOutcome.Invalid("oidc: could not expand distributed claims: " + problem);
        return IssuerUser.Of(rules, set);
    }

    /// <summary>The issuer that a token names, Google's old name put right.</summary>
    public static string IssuerOf(JsonElement claims) => claims.Text("iss") is "accounts.google.com" ? "https://accounts.google.com" : claims.Text("iss");

    private static ClaimSet? Read(CompactToken token) => Decoder.DecodeTree(token.Payload).Value is JsonObject claims ? new ClaimSet(claims) : null;

    /// <summary>1. For whom. 2. Until when, and from when. 3. Signed by whom.</summary>
    private async ValueTask<string?> Refuse(CompactToken token, JsonElement claims, IssuerKeys keys)
    {
        const string verify = "oidc: verify token: oidc: ";
        var audiences = Audiences(claims);                                                                    // 1
        if (!audiences.Exists(rules.Audiences.Contains))
            return verify + (rules.Audiences.Count == 1
                ? $"expected audience {GoText.Quote(rules.Audiences[0])} got {RuleCoverage.QuoteList(audiences)}"
                : $"expected audience in {RuleCoverage.QuoteList([.. rules.Audiences.Order(StringComparer.Ordinal)])} got {RuleCoverage.QuoteList(audiences)}");
        var now = clock.GetUtcNow();                                                                          // 2
        var expiry = Time(claims, "exp") ?? DateTimeOffset.MinValue;
        if (now > expiry) return $"{verify}token is expired (Token Expiry: {Show(expiry)})";
        if (Time(claims, "nbf") is { } start && now.AddSeconds(LeewaySeconds) < start) return $"{verify}current time {Show(now)} before the nbf (not before) time: {Show(start)}";
        if (!algorithms.Contains(token.Algorithm))                                                            // 3
            return $"{verify}id token signed with unsupported algorithm, expected {RuleCoverage.QuoteList(algorithms)} got {GoText.Quote(token.Algorithm)}";
        return await keys.Refuse(token);
    }

    private static List<string> Audiences(JsonElement claims) => claims.At("aud") switch
    {
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } many => [.. many.EnumerateArray().Where(a => a.ValueKind == JsonValueKind.String).Select(a => a.GetString()!)],
        _ => [],
    };

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.At(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var seconds) && seconds is >= 0 and < 253402300799 ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;

    private static string Show(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss +0000 UTC", CultureInfo.InvariantCulture);

    /// <summary>A claim for the groups may be had elsewhere: then the token says where, and with which credential (OpenID Connect Core, section 5.6.2).</summary>
    private async ValueTask<string?> Expand(ClaimSet claims)
    {
        var claim = rules.Configuration.ClaimMappings.Groups.Claim;
        if (claim.Length == 0 || claims.Has(claim) || !claims.Has("_claim_names")) return null;
        if (claims["_claim_names"] is not JsonObject names) return "oidc: error parsing distributed claim names: json: cannot unmarshal";
        if (!claims.Has("_claim_sources")) return "oidc: no claim sources";
        if (claims["_claim_sources"] is not JsonObject sources) return "oidc: could not parse claim sources: json: cannot unmarshal";
        if (Meta.Text(names, claim) is not { Length: > 0 } source) return null;
        if (sources[source] is not JsonObject endpoint) return $"id token _claim_names contained a source {source} missing in _claims_sources";
        return Meta.Text(endpoint, "endpoint") is { Length: > 0 } url ? await Resolve(claims, claim, url, Meta.Text(endpoint, "access_token")) : null;
    }

    private async ValueTask<string?> Resolve(ClaimSet claims, string claim, string url, string bearer)
    {
        var getting = $"while getting distributed claim {GoText.Quote(claim)}: ";
        WebhookAnswer answer;
        try
        {
            answer = await _keys.Get(url, bearer);
        }
        catch (Exception e) when (e is WebhookException or OperationCanceledException)
        {
            return getting + (e is WebhookException ? e.Message : "context deadline exceeded");
        }
        if (answer.Status is < 200 or > 226) return $"{getting}error while getting distributed claim JWT: {answer.Status}";
        if (CompactToken.Parse(System.Text.Encoding.UTF8.GetString(answer.Body.Span).Trim()) is not { } token || token.Claims() is not { } distributed)
            return $"getting untrusted issuer from endpoint {url} failed for claim {GoText.Quote(claim)}: malformed token";
        if (await Refuse(token, distributed, keysOf(IssuerOf(distributed))) is { } error) return "verify distributed claim token: " + error;
        if (Read(token) is not { } found || !found.Has(claim)) return $"jwt returned by distributed claim endpoint {GoText.Quote(url)} did not contain claim: {claim}";
        claims[claim] = found[claim]?.DeepClone();
        return null;
    }
}
