using Coracle.Kinds.Apiserver.V1;
using Coracle.Schema.Cel;

namespace Coracle.ApiServer.Access;

/// <summary>The user that a verified token's claims make, or why they make none (upstream: plugin/pkg/authenticator/token/oidc).</summary>
internal sealed class IssuerUser
{
    private readonly IssuerRules _rules;
    private readonly ClaimSet _claims;
    private readonly CelValue _value;
    private User _user = new() { Name = "" };

    private IssuerUser(IssuerRules rules, ClaimSet claims)
    {
        (_rules, _claims) = (rules, claims);
        _value = rules.HasExpressionsOverClaims ? CelJson.Dynamic(claims.Json) : CelValue.Null;
    }

    private ClaimMappings Mappings => _rules.Configuration.ClaimMappings;

    public static TokenOutcome Of(IssuerRules rules, ClaimSet claims)
    {
        var made = new IssuerUser(rules, claims);
        var error = made.Name() ?? made.Groups() ?? made.Uid() ?? made.Extra() ?? made.CheckClaims() ?? made.CheckRules() ?? made.CheckUser();
        return error is null ? new TokenOutcome(TokenVerdict.Valid, made._user) : TokenOutcome.Invalid(error);
    }

    private string? Name()
    {
        if (_rules.Username is { } expression)
        {
            const string wrong = "oidc: error evaluating username claim expression: ";
            var value = expression.Evaluate(ClaimExpressions.Claims, _value, out var failed);
            if (failed is not null) return wrong + failed;
            if (value.Kind != CelKind.String) return wrong + "username claim expression must return a string";
            _user = _user with { Name = value.AsString };
            return value.AsString.Length == 0 ? "oidc: empty username via CEL expression is not allowed" : null;
        }
        var claim = Mappings.Username.Claim;
        if (_claims.Text(claim, out var text) is { } error) return $"oidc: parse username claims {Schema.GoText.Quote(claim)}: {error}";
        if (claim == "email" && _claims.Has("email_verified"))
        {
            if (_claims.Bool("email_verified", out var verified) is { } problem) return $"oidc: parse 'email_verified' claim: {problem}";
            if (!verified) return "oidc: email not verified";
        }
        _user = _user with { Name = Mappings.Username.Prefix + text };
        return null;
    }

    private string? Groups()
    {
        var (claim, prefix) = (Mappings.Groups.Claim, Mappings.Groups.Prefix);
        if (claim.Length > 0 && _claims.Has(claim))
        {
            if (_claims.Texts(claim, out var groups) is { } error) return $"oidc: parse groups claim {Schema.GoText.Quote(claim)}: {error}";
            _user = _user with { Groups = prefix is { Length: > 0 } ? groups.ConvertAll(group => prefix + group) : groups };
            return null;
        }
        if (_rules.Groups is not { } expression) return null;
        const string wrong = "oidc: error evaluating group claim expression: ";
        var value = expression.Evaluate(ClaimExpressions.Claims, _value, out var failed);
        if (failed is not null) return wrong + failed;
        if (ClaimExpressions.Strings(value) is not { } texts) return wrong + "expression must return a string or a list of strings";
        _user = _user with { Groups = texts };
        return null;
    }

    private string? Uid()
    {
        if (Mappings.Uid.Claim is { Length: > 0 } claim)
        {
            if (_claims.Text(claim, out var uid) is { } error) return $"oidc: parse uid claim {Schema.GoText.Quote(claim)}: {error}";
            _user = _user with { Uid = uid };
            return null;
        }
        if (_rules.Uid is not { } expression) return null;
        const string wrong = "oidc: error evaluating uid claim expression: ";
        var value = expression.Evaluate(ClaimExpressions.Claims, _value, out var failed);
        if (failed is not null) return wrong + failed;
        if (value.Kind != CelKind.String) return wrong + "uid claim expression must return a string";
        _user = _user with { Uid = value.AsString };
        return null;
    }

    private string? Extra()
    {
        var extra = new Dictionary<string, IReadOnlyList<string>>();
        if (_claims.Has("jti") && _claims.Text("jti", out var id) is null && id.Length > 0) extra[WellKnown.CredentialId] = ["JTI=" + id];
        foreach (var (key, expression) in _rules.Extra)
        {
            var value = expression.Evaluate(ClaimExpressions.Claims, _value, out var failed);
            if (failed is not null) return failed;
            if (ClaimExpressions.Strings(value) is not { } texts) return $"oidc: error evaluating extra claim expression: {expression.Text}: expression must return a string or a list of strings";
            if (texts.Count > 0) extra[key] = texts;
        }
        _user = _user with { Extra = extra };
        return null;
    }

    private string? CheckClaims()
    {
        foreach (var rule in _rules.Configuration.ClaimValidationRules ?? [])
        {
            if (rule.Claim.Length == 0) continue;
            if (!_claims.Has(rule.Claim)) return $"oidc: required claim {rule.Claim} not present in ID token";
            if (_claims.Text(rule.Claim, out var text) is { } error) return $"oidc: parse claim {rule.Claim}: {error}";
            if (text != rule.RequiredValue) return $"oidc: required claim {rule.Claim} value does not match. Got = {text}, want = {rule.RequiredValue}";
        }
        return null;
    }

    private string? CheckRules() => Check(_rules.ClaimRules, ClaimExpressions.Claims, _value) is { } error ? "oidc: error evaluating claim validation expression: " + error : null;

    private string? CheckUser() => _rules.UserRules.Count > 0 && Check(_rules.UserRules, ClaimExpressions.User, ClaimExpressions.Of(_user)) is { } error
        ? "oidc: error evaluating user info validation rule: " + error
        : null;

    private static string? Check(IReadOnlyList<ClaimExpression> rules, string variable, CelValue value)
    {
        foreach (var rule in rules)
        {
            var result = rule.Evaluate(variable, value, out var failed);
            if (failed is not null) return failed;
            if (result.Kind != CelKind.Bool) return "validation expression must return a boolean";
            if (!result.IsTrue) return $"validation expression '{rule.Text}' failed: {rule.Message}";
        }
        return null;
    }
}
