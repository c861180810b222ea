using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Coracle.Kinds.Apiserver.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>What may be wrong with an authentication configuration (upstream: apiserver, apis/apiserver/validation), and its expressions compiled on the way.</summary>
internal sealed class IssuerValidation(FieldErrors errors, IReadOnlyList<string> disallowedIssuers)
{
    private const int IssuersMax = 64;

    private bool _usesEmail;
    private bool _usesVerified;

    public static List<IssuerRules> Check(AuthenticationConfiguration configuration, IReadOnlyList<string> disallowedIssuers, FieldErrors errors)
    {
        var issuers = configuration.Jwt ?? [];
        var (root, rules) = (FieldPath.Of("jwt"), new List<IssuerRules>());
        if (issuers.Count > IssuersMax)
        {
            errors.TooMany(root, issuers.Count, IssuersMax);
            return rules;
        }
        HashSet<string> urls = [], discoveryUrls = [];
        for (var i = 0; i < issuers.Count; i++)
        {
            rules.Add(new IssuerValidation(errors, disallowedIssuers).Check(issuers[i], root[i]));
            var issuer = issuers[i].Issuer;
            if (!urls.Add(issuer.Url)) errors.Duplicate(root[i] / "issuer" / "url", issuer.Url);
            if (issuer.DiscoveryUrl.Length > 0 && !discoveryUrls.Add(issuer.DiscoveryUrl)) errors.Duplicate(root[i] / "issuer" / "discoveryURL", issuer.DiscoveryUrl);
        }
        if (configuration.Anonymous is { Enabled: false, Conditions.Count: > 0 })
            errors.Invalid(FieldPath.Of("anonymous") / "conditions", "enabled should be set to true when conditions are defined");
        return rules;
    }

    private IssuerRules Check(JwtAuthenticator one, FieldPath path)
    {
        CheckIssuer(one.Issuer, path / "issuer");
        var claimRules = ClaimRules(one.ClaimValidationRules ?? [], path / "claimValidationRules");
        var rules = Mappings(one, claimRules, path / "claimMappings");
        return rules with { UserRules = UserRules(one.UserValidationRules ?? [], path / "userValidationRules") };
    }

    private void CheckIssuer(JwtIssuer issuer, FieldPath path)
    {
        if (issuer.Url.Length == 0) errors.Required(path / "url");
        else CheckUrl(issuer.Url, disallowedIssuers, path / "url");
        if (issuer.DiscoveryUrl.Length > 0)
        {
            if (issuer.Url.Length > 0 && issuer.Url.TrimEnd('/') == issuer.DiscoveryUrl.TrimEnd('/')) errors.Invalid(path / "discoveryURL", issuer.DiscoveryUrl, "discoveryURL must be different from URL");
            CheckUrl(issuer.DiscoveryUrl, [], path / "discoveryURL");
        }
        CheckAudiences(issuer, path);
        if (issuer.CertificateAuthority.Length > 0 && AuthorityError(issuer.CertificateAuthority) is { } problem) errors.Invalid(path / "certificateAuthority", "<omitted>", problem);
        if (issuer.EgressSelectorType.Length == 0) return;
        errors.Invalid(path / "egressSelectorType", issuer.EgressSelectorType, issuer.EgressSelectorType is "controlplane" or "cluster"
            ? $"oidc: egress lookup for {GoText.Quote(issuer.EgressSelectorType)} is not configured"
            : "egress selector must be either controlplane or cluster");
    }

    private void CheckUrl(string text, IReadOnlyList<string> disallowed, FieldPath path)
    {
        if (disallowed.Contains(text)) errors.Invalid(path, text, $"URL must not overlap with disallowed issuers: [{string.Join(' ', disallowed.Order(StringComparer.Ordinal))}]");
        if (!Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var url))
        {
            errors.Invalid(path, text, $"parse {GoText.Quote(text)}: invalid URI for request");
            return;
        }
        if (!url.IsAbsoluteUri || url.Scheme != "https") errors.Invalid(path, text, "URL scheme must be https");
        if (!url.IsAbsoluteUri) return;
        if (url.UserInfo.Length > 0) errors.Invalid(path, text, "URL must not contain a username or password");
        if (url.Query.Length > 1) errors.Invalid(path, text, "URL must not contain a query");
        if (url.Fragment.Length > 1) errors.Invalid(path, text, "URL must not contain a fragment");
    }

    private void CheckAudiences(JwtIssuer issuer, FieldPath path)
    {
        var (audiences, at, policy) = (issuer.Audiences ?? [], path / "audiences", issuer.AudienceMatchPolicy);
        if (audiences.Count == 0)
        {
            errors.Required(at, $"at least one {at} is required");
            return;
        }
        var seen = new HashSet<string>();
        for (var i = 0; i < audiences.Count; i++)
        {
            if (audiences[i].Length == 0) errors.Required(at[i]);
            if (!seen.Add(audiences[i])) errors.Duplicate(at[i], audiences[i]);
        }
        if (audiences.Count > 1 && policy != "MatchAny") errors.Invalid(path / "audienceMatchPolicy", policy, "audienceMatchPolicy must be MatchAny for multiple audiences");
        if (audiences.Count == 1 && policy is not ("" or "MatchAny"))
            errors.Invalid(path / "audienceMatchPolicy", policy, "audienceMatchPolicy must be empty or MatchAny for single audience");
    }

    private static string? AuthorityError(string pem)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(pem);
            return found.Count > 0 ? null : "data does not contain any valid RSA or ECDSA certificates";
        }
        catch (CryptographicException)
        {
            return "data does not contain any valid RSA or ECDSA certificates";
        }
    }

    private List<ClaimExpression> ClaimRules(List<ClaimValidationRule> rules, FieldPath path)
    {
        HashSet<string> claims = [], expressions = [];
        var compiled = new List<ClaimExpression>();
        for (var i = 0; i < rules.Count; i++)
        {
            var (rule, at) = (rules[i], path[i]);
            if (rule is { Claim.Length: > 0, Expression.Length: > 0 }) errors.Invalid(at, rule.Claim, "claim and expression can't both be set");
            else if (rule.Claim.Length > 0)
            {
                if (rule.Message.Length > 0) errors.Invalid(at / "message", rule.Message, "may not be specified when claim is set");
                if (!claims.Add(rule.Claim)) errors.Duplicate(at / "claim", rule.Claim);
            }
            else if (rule.Expression.Length > 0)
            {
                if (rule.RequiredValue.Length > 0) errors.Invalid(at / "requiredValue", rule.RequiredValue, "may not be specified when expression is set");
                if (!expressions.Add(rule.Expression)) errors.Duplicate(at / "expression", rule.Expression);
                else if (ClaimExpressions.Rule(ClaimExpressions.Claims, rule.Expression, rule.Message, at / "expression", errors) is { } expression) compiled.Add(expression);
            }
            else errors.Required(at, "claim or expression is required");
        }
        _usesVerified = compiled.Exists(UsesVerified);
        return compiled;
    }

    private IssuerRules Mappings(JwtAuthenticator one, List<ClaimExpression> claimRules, FieldPath path)
    {
        var mappings = one.ClaimMappings;
        var username = Mapping(mappings.Username, path / "username", isRequired: true);
        if (username is not null)
        {
            _usesEmail = username.Program.Selects(ClaimExpressions.Claims, "email");
            _usesVerified |= UsesVerified(username);
        }
        var groups = Mapping(mappings.Groups, path / "groups", isRequired: false);
        ClaimExpression? uid = null;
        if (mappings.Uid is { Claim.Length: > 0, Expression.Length: > 0 }) errors.Invalid(path / "uid", "", "claim and expression can't both be set");
        else if (mappings.Uid.Expression.Length > 0) uid = ClaimExpressions.Mapping(mappings.Uid.Expression, path / "uid" / "expression", errors);
        var extra = Extra(mappings.Extra ?? [], path / "extra");
        _usesVerified |= extra.Exists(e => UsesVerified(e.Value));
        if (_usesEmail && !_usesVerified)
            errors.Invalid(path / "username" / "expression", mappings.Username.Expression,
                "claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression");
        return new IssuerRules(one) { Username = username, Groups = groups, Uid = uid, Extra = extra, ClaimRules = claimRules };
    }

    private ClaimExpression? Mapping(PrefixedClaimOrExpression mapping, FieldPath path, bool isRequired)
    {
        if (mapping is { Claim.Length: > 0, Expression.Length: > 0 }) errors.Invalid(path, "", "claim and expression can't both be set");
        else if (mapping.Expression.Length > 0)
        {
            if (mapping.Prefix is { } prefix) errors.Invalid(path / "prefix", prefix, "may not be specified when expression is set");
            return ClaimExpressions.Mapping(mapping.Expression, path / "expression", errors);
        }
        else if (mapping.Claim.Length > 0)
        {
            if (mapping.Prefix is null) errors.Required(path / "prefix", "prefix is required when claim is set. It can be set to an empty string to disable prefixing");
        }
        else if (isRequired) errors.Required(path, "claim or expression is required");
        return null;
    }

    private List<(string Key, ClaimExpression Value)> Extra(List<ExtraMapping> mappings, FieldPath path)
    {
        var seen = new HashSet<string>();
        var compiled = new List<(string, ClaimExpression)>();
        for (var i = 0; i < mappings.Count; i++)
        {
            var (mapping, at) = (mappings[i], path[i] / "key");
            ExtraKey(mapping.Key, at);
            if (!seen.Add(mapping.Key)) errors.Duplicate(at, mapping.Key);
            else if (mapping.ValueExpression.Length == 0) errors.Required(path[i] / "valueExpression");
            else if (ClaimExpressions.Mapping(mapping.ValueExpression, path[i] / "valueExpression", errors) is { } expression) compiled.Add((mapping.Key, expression));
        }
        return compiled;
    }

    private void ExtraKey(string key, FieldPath at)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var domain = slash < 0 ? "" : key[..slash];
        if (key.Length == 0) errors.Required(at);
        else if (slash <= 0 || slash == key.Length - 1) errors.Invalid(at, key, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        else if (!DnsName.IsSubdomain(domain))
            errors.Invalid(at, domain, "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
        if (key != key.ToLowerInvariant()) errors.Invalid(at, key, "must be lowercase");
        if (domain is "k8s.io" or "kubernetes.io" || domain.EndsWith(".k8s.io", StringComparison.Ordinal) || domain.EndsWith(".kubernetes.io", StringComparison.Ordinal))
            errors.Invalid(at, key, "k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use");
    }

    private List<ClaimExpression> UserRules(List<UserValidationRule> rules, FieldPath path)
    {
        var seen = new HashSet<string>();
        var compiled = new List<ClaimExpression>();
        for (var i = 0; i < rules.Count; i++)
        {
            var at = path[i] / "expression";
            if (rules[i].Expression.Length == 0) errors.Required(at);
            else if (!seen.Add(rules[i].Expression)) errors.Duplicate(at, rules[i].Expression);
            else if (ClaimExpressions.Rule(ClaimExpressions.User, rules[i].Expression, rules[i].Message, at, errors) is { } expression) compiled.Add(expression);
        }
        return compiled;
    }

    private static bool UsesVerified(ClaimExpression expression) => expression.Program.Selects(ClaimExpressions.Claims, "email_verified");
}
