using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Kinds.Apiserver.V1;
using Coracle.Sdk;

namespace Coracle.Instance;

/// <summary>Who is believed and who decides, as flags and files say; those that may change are followed.</summary>
internal sealed class AccessFiles(IReadOnlyDictionary<string, string> flags)
{
    private const string Authentication = "--authentication-config", Authorization = "--authorization-config", Tokens = "--token-auth-file";
    private static readonly IReadOnlyList<string> OwnIssuers = AccessControl.OwnIssuers("cluster.local");

    private string _authenticationText = "";
    private string _authorizationText = "";

    private string? Flag(string name) => flags.GetValueOrDefault(name);

    /// <summary>Throws <see cref="InstanceException"/> with what is to be told when something is not good.</summary>
    public AccessOptions Read() => new()
    {
        Authentication = ReadAuthentication() ?? ReadIssuerFlags(), Authorization = ReadAuthorization(), TokenWebhook = ReadTokenWebhook(),
        FrontProxy = ReadFrontProxy(),
        AllowAnonymous = Flag("--anonymous-auth") is null or "true", IssuerAlgorithms = Flag("--oidc-issuer-url") is null ? null : Algorithms(),
    };

    /// <summary>The file of tokens; null when there is none.</summary>
    public StaticTokens? ReadTokens()
    {
        if (Flag(Tokens) is not { } path) return null;
        try
        {
            return StaticTokens.Parse(ConfigurationFile.Read(path, "token file"));
        }
        catch (FormatException e)
        {
            throw new InstanceException($"{path}: {e.Message}");
        }
    }

    private AuthenticationSettings? ReadAuthentication()
    {
        if (Flag(Authentication) is not { } path) return null;
        if (flags.Keys.FirstOrDefault(name => name.StartsWith("--oidc-", StringComparison.Ordinal) || name == "--anonymous-auth") is { } other)
            throw new InstanceException($"{Authentication} and {other} cannot both be set");
        _authenticationText = ConfigurationFile.Read(path, "authentication configuration");
        return AuthenticationSettings.Parse(_authenticationText, OwnIssuers, out var error) ?? throw new InstanceException($"{path}: {error}");
    }

    private AuthorizationSettings? ReadAuthorization()
    {
        if (Flag(Authorization) is not { } path) return null;
        _authorizationText = ConfigurationFile.Read(path, "authorization configuration");
        return AuthorizationSettings.Parse(_authorizationText, OutsideConnections.Find, out var error) ?? throw new InstanceException($"{path}: {error}");
    }

    private TokenWebhookSettings? ReadTokenWebhook()
    {
        if (Flag("--authentication-token-webhook-config-file") is not { } path) return null;
        var (connection, error) = OutsideConnections.Find(path);
        if (connection is null) throw new InstanceException($"{path}: {error}");
        var version = Flag("--authentication-token-webhook-version") ?? "v1beta1";
        if (version is not ("v1" or "v1beta1")) throw new InstanceException($"unsupported webhook authenticator version \"{version}\", supported versions are \"v1\", \"v1beta1\"");
        var lifetime = Flag("--authentication-token-webhook-cache-ttl") is { } given
            ? Commands.CommonOptions.ParseDuration(given) ?? throw new InstanceException("--authentication-token-webhook-cache-ttl is a duration such as 2m0s")
            : TimeSpan.FromMinutes(2);
        return new(connection, version, lifetime);
    }

    private FrontProxyAuthentication? ReadFrontProxy()
    {
        if (Flag("--requestheader-client-ca-file") is not { } path) return null;
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPem(ConfigurationFile.Read(path, "proxy's authorities"));
        }
        catch (CryptographicException e)
        {
            throw new InstanceException($"{path}: {e.Message}");
        }
        if (authorities.Count == 0) throw new InstanceException($"{path}: data does not contain any valid RSA or ECDSA certificates");
        var usual = new FrontProxyHeaders();
        return new([.. authorities], List("--requestheader-allowed-names", []), TimeProvider.System, new()
        {
            User = List("--requestheader-username-headers", usual.User), Uid = List("--requestheader-uid-headers", usual.Uid),
            Group = List("--requestheader-group-headers", usual.Group), ExtraPrefixes = List("--requestheader-extra-headers-prefix", usual.ExtraPrefixes),
        });
    }

    private IReadOnlyList<string> List(string flag, IReadOnlyList<string> otherwise) => Flag(flag)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? otherwise;

    private string[] Algorithms() => Flag("--oidc-signing-algs")?.Split(',') ?? ["RS256"];

    /// <summary>The older flags say a part of what the file may say (upstream: kubeapiserver/options/authentication.go).</summary>
    private AuthenticationSettings? ReadIssuerFlags()
    {
        if (Flag("--oidc-issuer-url") is not { } url)
            return Flag("--oidc-client-id") is null ? null : throw new InstanceException("oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set");
        if (Flag("--oidc-client-id") is not { } client) throw new InstanceException("oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set");
        if (Algorithms().FirstOrDefault(a => !TrustedIssuers.AllAlgorithms.Contains(a)) is { } unknown) throw new InstanceException($"oidc: unsupported signing alg: \"{unknown}\"");
        var claim = Flag("--oidc-username-claim") ?? "sub";
        var prefix = Flag("--oidc-username-prefix") ?? (claim == "email" ? "" : url + "#");
        var issuer = new JwtAuthenticator
        {
            Issuer = new() { Url = url, Audiences = [client], CertificateAuthority = Flag("--oidc-ca-file") is { } file ? ConfigurationFile.Read(file, "issuer's authorities") : "" },
            ClaimMappings = new() { Username = new() { Claim = claim, Prefix = prefix == "-" ? "" : prefix } },
            ClaimValidationRules = [.. (Flag("--oidc-required-claim")?.Split(',') ?? []).Select(pair => pair.Split('=', 2)).Select(pair => new ClaimValidationRule { Claim = pair[0], RequiredValue = pair.ElementAtOrDefault(1) ?? "" })],
        };
        if (Flag("--oidc-groups-claim") is { } groups) issuer.ClaimMappings.Groups = new() { Claim = groups, Prefix = Flag("--oidc-groups-prefix") ?? "" };
        return AuthenticationSettings.Check(new() { Jwt = [issuer] }, OwnIssuers, out var error) ?? throw new InstanceException(error);
    }

    /// <summary>Follows the files that may change.</summary>
    public IEnumerable<ConfigurationFile> Follow(AccessControl access, Action<LogEntry> log)
    {
        if (Flag(Authentication) is { } authentication)
            yield return ConfigurationFile.Watch(authentication, _authenticationText, text => UseAuthentication(access, text), ConfigurationFile.Log(log, authentication));
        if (Flag(Authorization) is { } authorization)
            yield return ConfigurationFile.Watch(authorization, _authorizationText, text => UseAuthorization(access, text), ConfigurationFile.Log(log, authorization));
    }

    private static string? UseAuthentication(AccessControl access, string text)
    {
        if (AuthenticationSettings.Parse(text, OwnIssuers, out var error) is { } settings) access.Use(settings);
        else access.ReloadFailed("authentication");
        return error.Length > 0 ? error : null;
    }

    private static string? UseAuthorization(AccessControl access, string text)
    {
        if (AuthorizationSettings.Parse(text, OutsideConnections.Find, out var error) is { } settings) access.Use(settings);
        else access.ReloadFailed("authorization");
        return error.Length > 0 ? error : null;
    }
}
