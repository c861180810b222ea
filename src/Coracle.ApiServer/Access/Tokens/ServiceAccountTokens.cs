using System.Security.Cryptography;
using System.Text;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

public sealed record ServiceAccountTokenOptions
{
    /// <summary>Who signs new tokens, as they say themselves.</summary>
    public string Issuer { get; init; } = "https://kubernetes.default.svc.cluster.local";

    /// <summary>Issuers whose tokens are accepted too, after a change of the issuer.</summary>
    public IReadOnlyList<string> FormerIssuers { get; init; } = [];

    public required SigningKey SigningKey { get; init; }

    /// <summary>Keys that tokens may be signed with besides <see cref="SigningKey"/>, after a change of the key.</summary>
    public IReadOnlyList<SigningKey> FormerKeys { get; init; } = [];

    /// <summary>The audiences of the API server itself; its issuer when none is given.</summary>
    public IReadOnlyList<string> ApiAudiences { get; init; } = [];

    public required TokenLookups Lookups { get; init; }
    public required TimeProvider Clock { get; init; }

    /// <summary>How many tokens are remembered as well signed.</summary>
    public int CacheCapacity { get; init; } = 4096;
}

/// <summary>Writes and verifies service account tokens (upstream: pkg/serviceaccount).</summary>
public sealed class ServiceAccountTokens
{
    // Clocks may differ by this much (go-jose's default leeway).
    private const long LeewaySeconds = 60;
    private static readonly TimeSpan CacheLifetime = TimeSpan.FromMinutes(10);

    private readonly ServiceAccountTokenOptions _options;
    private readonly HashSet<string> _issuers;

    // Only what the signature says is remembered. Times and bound objects are looked at on every use, so that a token ends with its pod at once.
    private readonly BoundedCache<TokenHash, TokenClaims> _verified;

    public ServiceAccountTokens(ServiceAccountTokenOptions options)
    {
        _options = options;
        _issuers = [options.Issuer, .. options.FormerIssuers];
        Keys = [options.SigningKey, .. options.FormerKeys];
        ApiAudiences = options.ApiAudiences.Count > 0 ? options.ApiAudiences : [options.Issuer];
        _verified = new(options.CacheCapacity, CacheLifetime, options.Clock);
    }

    public string Issuer => _options.Issuer;

    /// <summary>The keys that tokens are verified with.</summary>
    public IReadOnlyList<SigningKey> Keys { get; }

    public IReadOnlyList<string> ApiAudiences { get; }

    internal TokenLookups Lookups => _options.Lookups;
    internal TimeProvider Clock => _options.Clock;

    /// <summary>Signs a token.</summary>
    public string Issue(TokenClaims claims) => JsonWebToken.Write(claims with { Issuer = _options.Issuer }, _options.SigningKey);

    /// <summary>
    /// Verifies a token: issuer, signature, audience, times, and that the service account and the object it is bound to still exist. Never throws for any text.
    /// </summary>
    /// <param name="token">The token.</param>
    /// <param name="audiences">For whom it must be meant; the API server when none is given.</param>
    public TokenOutcome Authenticate(string token, IReadOnlyList<string>? audiences = null)
    {
        var hash = TokenHash.Of(token);
        if (!_verified.TryGet(hash, out var claims))
        {
            if (JsonWebToken.Parse(token) is not { } parsed || !_issuers.Contains(parsed.Claims.Issuer))
                return TokenOutcome.Unknown;
            if (SignatureError(parsed) is { } error)
                return TokenOutcome.Invalid(error);
            claims = parsed.Claims;
            _verified.Set(hash, claims);
        }
        var wanted = audiences is { Count: > 0 } ? audiences : ApiAudiences;
        var meant = claims.Audiences.Count > 0 ? claims.Audiences : ApiAudiences;
        var common = meant.Where(wanted.Contains).ToList();
        if (common.Count == 0)
            return TokenOutcome.Invalid($"token audiences {RuleCoverage.QuoteList(meant)} is invalid for the target audiences {RuleCoverage.QuoteList(wanted)}");
        return Check(claims) is { } problem
            ? TokenOutcome.Invalid(problem)
            : new TokenOutcome(TokenVerdict.Valid, UserOf(claims)) { Audiences = common, IsStale = claims.WarnAfter is { } warn && Now > warn };
    }

    private long Now => _options.Clock.GetUtcNow().ToUnixTimeSeconds();

    private string? SignatureError(JsonWebToken token)
    {
        var candidates = Keys.Where(key => token.KeyId.Length == 0 || key.Id == token.KeyId).ToList();
        if (candidates.Count == 0)
            return "invalid signature, no keys found";
        return candidates.Any(token.IsSignedBy) ? null : "invalid signature";
    }

    private string? Check(TokenClaims claims) => CheckTimes(claims) ?? CheckServiceAccount(claims) ?? CheckBinding(claims);

    private string? CheckTimes(TokenClaims claims)
    {
        var now = Now;
        if (claims.NotBefore is { } notBefore && now + LeewaySeconds < notBefore)
            return "service account token is not valid yet";
        if (claims.Expiry is { } expiry && now - LeewaySeconds > expiry)
            return "service account token has expired";
        return claims.IssuedAt is { } issuedAt && now + LeewaySeconds < issuedAt ? "service account token is issued in the future" : null;
    }

    private string? CheckServiceAccount(TokenClaims claims)
    {
        var (name, uid) = (claims.ServiceAccount.Name, claims.ServiceAccount.Uid);
        if (Lookups.ServiceAccount(claims.Namespace, name) is not { } account)
            return $"serviceaccounts {GoText.Quote(name)} not found";
        if (account.Uid != uid)
            return $"service account UID ({account.Uid}) does not match claim ({uid})";
        return IsDeleted(account) ? $"service account {claims.Namespace}/{name} has been deleted" : null;
    }

    private string? CheckBinding(TokenClaims claims)
    {
        if (claims.Secret is { } secret && CheckObject("secret", secret, Lookups.Secret(claims.Namespace, secret.Name)) is { } secretError)
            return secretError;
        if (claims.Pod is { } pod)
            return CheckObject("pod", pod, Lookups.Pod(claims.Namespace, pod.Name));
        // A pod's node is only information: the token ends with the pod.
        return claims.Node is { } node ? CheckObject("node", node, Lookups.Node(node.Name)) : null;
    }

    private string? CheckObject(string kind, TokenReference reference, BoundObject? found)
    {
        if (found is null)
            return "service account token has been invalidated";
        if (found.Uid != reference.Uid)
            return $"{kind} UID ({found.Uid}) does not match service account {kind} ref claim ({reference.Uid})";
        return IsDeleted(found) ? "service account token has been invalidated" : null;
    }

    private bool IsDeleted(BoundObject found) => found.DeletionTimestamp is { } deletion && deletion < _options.Clock.GetUtcNow() - TimeSpan.FromSeconds(LeewaySeconds);

    private static User UserOf(TokenClaims claims)
    {
        var extra = new Dictionary<string, IReadOnlyList<string>>();
        if (claims.Pod is { Name.Length: > 0, Uid.Length: > 0 } pod)
            (extra[WellKnown.PodName], extra[WellKnown.PodUid]) = ([pod.Name], [pod.Uid]);
        if (claims.Id.Length > 0)
            extra[WellKnown.CredentialId] = ["JTI=" + claims.Id];
        if (claims.Node is { Name.Length: > 0 } node)
        {
            extra[WellKnown.NodeName] = [node.Name];
            if (node.Uid.Length > 0)
                extra[WellKnown.NodeUid] = [node.Uid];
        }
        return new User
        {
            Name = ServiceAccountName.UserName(claims.Namespace, claims.ServiceAccount.Name), Uid = claims.ServiceAccount.Uid,
            Groups = ServiceAccountName.Groups(claims.Namespace), Extra = extra,
        };
    }

    /// <summary>Stands for a token in memory, so that the tokens themselves are not kept.</summary>
    private readonly record struct TokenHash(UInt128 High, UInt128 Low)
    {
        public static TokenHash Of(string token)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
            return new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash), System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
        }
    }
}
