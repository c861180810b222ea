using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Coracle.ApiServer.Access;

public sealed record AuthenticatorOptions
{
    public CertificateAuthentication? Certificates { get; init; }
    public FrontProxyAuthentication? FrontProxy { get; init; }

    /// <summary>Another proxy, which an administrator has put before us.</summary>
    public FrontProxyAuthentication? OtherProxy { get; init; }
    public ServiceAccountTokens? ServiceAccounts { get; init; }
    public StaticTokens? StaticTokens { get; init; }
    public BootstrapTokens? BootstrapTokens { get; init; }

    /// <summary>Tokens of issuers outside, good for the API server alone.</summary>
    public Func<string, CancellationToken, ValueTask<TokenOutcome>>? IssuedTokens { get; init; }

    /// <summary>Asked last, with the audiences wanted; it says itself for which of them a token is good.</summary>
    public TokenAuthenticator? Webhook { get; init; }

    /// <summary>Whether requests without credentials pass as system:anonymous; they are answered 401 otherwise.</summary>
    public bool AllowAnonymous { get; init; } = true;

    /// <summary>The only paths that requests without credentials pass on; any when empty.</summary>
    public IReadOnlyList<string> AnonymousPaths { get; init; } = [];
}

/// <summary>Who a bearer token stands for.</summary>
public delegate ValueTask<TokenOutcome> TokenAuthenticator(string token, IReadOnlyList<string>? audiences, CancellationToken cancel);

/// <summary>Who makes a request, or that nobody may.</summary>
/// <param name="User">Null for a request to be answered 401.</param>
/// <param name="Error">Why not, for the log alone: clients are told "Unauthorized".</param>
public readonly record struct AuthenticationResult(User? User, string Error = "")
{
    /// <summary>For the client, as a Warning header.</summary>
    public string Warning { get; init; } = "";

    /// <summary>The credential is a token older than its holder was told that it would live.</summary>
    public bool IsStaleToken { get; init; }
}

/// <summary>
/// Finds out who makes a request: front proxy, client certificate, bearer token, and system:anonymous for requests without any of them. The first that knows the
/// user decides; a credential that is not good is an error unless another one is good.
/// </summary>
public sealed class Authenticator(AuthenticatorOptions options)
{
    private const string ProtocolPrefix = "base64url.bearer.authorization.k8s.io.";
    private const string SpaceWarning = "the provided Authorization header contains extra space before the bearer token, and is ignored";

    private readonly TokenAuthenticator[] _tokens = TokenChain(options);

    /// <summary>Never throws, whatever the credentials are.</summary>
    public async ValueTask<AuthenticationResult> AuthenticateAsync(Credentials credentials, CancellationToken cancel)
    {
        var errors = "";
        var proxyErrors = "";
        if (options.FrontProxy is { } frontProxy && Decides(frontProxy.Authenticate(credentials), ref proxyErrors) is { } byProxy)
            return new(WithAuthenticated(byProxy));
        if (options.OtherProxy is { } other && Decides(other.Authenticate(credentials), ref proxyErrors) is { } byOther)
            return new(WithAuthenticated(byOther));
        Add(ref errors, proxyErrors);
        if (options.Certificates is { } certificates && credentials.ClientCertificate is { } certificate
            && Decides(certificates.Authenticate(certificate, credentials.Intermediates), ref errors) is { } byCertificate)
            return new(WithAuthenticated(byCertificate));
        var warning = "";
        if (BearerToken(credentials, ref warning, ref errors) is { } token)
        {
            var outcome = await AuthenticateTokenAsync(token, null, cancel);
            if (Decides(outcome, ref errors) is { } byToken)
                return new(WithAuthenticated(byToken)) { IsStaleToken = outcome.IsStale };
            if (outcome.Verdict == TokenVerdict.Unknown)
                Add(ref errors, "invalid bearer token");
        }
        if (errors.Length > 0)
            return new(null, errors) { Warning = warning };
        // A credential that is not good must not pass as none.
        return options.AllowAnonymous && (options.AnonymousPaths.Count == 0 || options.AnonymousPaths.Contains(credentials.Path))
            ? new(User.Anonymous) { Warning = warning }
            : new(null, "no credentials") { Warning = warning };
    }

    /// <summary>Who a bearer token stands for: what a TokenReview answers. The API server's own audiences hold when none is given.</summary>
    public async ValueTask<TokenOutcome> AuthenticateTokenAsync(string token, IReadOnlyList<string>? audiences, CancellationToken cancel)
    {
        var error = "";
        foreach (var authenticate in _tokens)
        {
            var outcome = await authenticate(token, audiences, cancel);
            if (outcome.Verdict == TokenVerdict.Valid)
                return outcome with { User = WithAuthenticated(outcome.User!) };
            Add(ref error, outcome.Error);
        }
        return error.Length > 0 ? TokenOutcome.Invalid(error) : TokenOutcome.Unknown;
    }

    private static TokenAuthenticator[] TokenChain(AuthenticatorOptions options)
    {
        var chain = new List<TokenAuthenticator>();
        if (options.StaticTokens is { } known)
            chain.Add((token, audiences, _) => new(ForApiServer(options, known.Authenticate(token), audiences)));
        if (options.ServiceAccounts is { } accounts)
            chain.Add((token, audiences, _) => new(accounts.Authenticate(token, audiences)));
        if (options.BootstrapTokens is { } bootstrap)
            chain.Add((token, audiences, _) => new(ForApiServer(options, bootstrap.Authenticate(token), audiences)));
        if (options.IssuedTokens is { } issued)
            chain.Add(async (token, audiences, cancel) => ForApiServer(options, await issued(token, cancel), audiences));
        if (options.Webhook is { } webhook)
            chain.Add(webhook);
        return [.. chain];
    }

    /// <summary>Tokens without audiences are good for the API server and nobody else.</summary>
    private static TokenOutcome ForApiServer(AuthenticatorOptions options, TokenOutcome outcome, IReadOnlyList<string>? audiences)
    {
        var ours = options.ServiceAccounts?.ApiAudiences ?? [];
        if (outcome.Verdict != TokenVerdict.Valid || audiences is not { Count: > 0 })
            return outcome with { Audiences = ours };
        var common = audiences.Where(ours.Contains).ToList();
        return common.Count > 0 ? outcome with { Audiences = common } : TokenOutcome.Unknown;
    }

    private static string? BearerToken(in Credentials credentials, ref string warning, ref string errors)
    {
        var header = credentials.Header("Authorization").Trim();
        if (header.Length == 0)
            return ProtocolToken(credentials, ref errors);
        var parts = header.Split(' ', 3);
        if (parts.Length < 2 || !parts[0].Equals("bearer", StringComparison.OrdinalIgnoreCase))
            return ProtocolToken(credentials, ref errors);
        if (parts[1].Length > 0)
            return parts[1];
        if (parts.Length == 3)
            warning = SpaceWarning;
        return null;
    }

    /// <summary>A browser cannot set headers for a web socket, so that the token comes as one of the protocols it offers.</summary>
    private static string? ProtocolToken(in Credentials credentials, ref string errors)
    {
        if (!credentials.Header("Upgrade").Equals("websocket", StringComparison.OrdinalIgnoreCase))
            return null;
        var protocols = credentials.AllHeaders("Sec-WebSocket-Protocol").SelectMany(header => header.Split(',', StringSplitOptions.TrimEntries)).ToList();
        var tokens = protocols.Where(protocol => protocol.StartsWith(ProtocolPrefix, StringComparison.Ordinal)).ToList();
        if (tokens.Count == 0)
            return null;
        var error = tokens.Count > 1 ? "multiple base64.bearer.authorization tokens specified" : tokens.Count == protocols.Count ? "missing additional subprotocol" : "";
        var token = error.Length == 0 ? DecodeProtocol(tokens[0].AsSpan(ProtocolPrefix.Length)) : null;
        if (token is null)
            Add(ref errors, error.Length > 0 ? error : "invalid base64.bearer.authorization token encoding");
        return token is { Length: > 0 } ? token : null;
    }

    private static string? DecodeProtocol(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done)
            return null;
        var token = bytes.AsSpan(0, length);
        return System.Text.Unicode.Utf8.IsValid(token) ? Encoding.UTF8.GetString(token) : null;
    }

    private static User? Decides(TokenOutcome outcome, ref string errors)
    {
        Add(ref errors, outcome.Error);
        return outcome.Verdict == TokenVerdict.Valid ? outcome.User : null;
    }

    private static void Add(ref string errors, string error)
    {
        if (error.Length > 0)
            errors = errors.Length == 0 ? error : $"{errors}, {error}";
    }

    /// <summary>Everybody who is somebody is authenticated, unless the credential says something else.</summary>
    private static User WithAuthenticated(User user) =>
        user.Name == WellKnown.Anonymous || user.IsIn(WellKnown.Authenticated) || user.IsIn(WellKnown.Unauthenticated)
            ? user
            : user with { Groups = [.. user.Groups, WellKnown.Authenticated] };
}
