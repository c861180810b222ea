namespace Coracle.ApiServer.Access.Tests;

public sealed class AuthenticationSettingsTests
{
    private static string Error(string jwt, string more = "")
    {
        AuthenticationSettings.Parse($"{{apiVersion: apiserver.config.k8s.io/v1, kind: AuthenticationConfiguration, {more} jwt: [{jwt}]}}", ["https://own"], out var error);
        return error;
    }

    private const string Issuer = "issuer: {url: 'https://a', audiences: [x]}";
    private const string Sub = "claimMappings: {username: {claim: sub, prefix: ''}}";

    [Theory]
    [InlineData("{issuer: {url: '', audiences: [x]}, " + Sub + "}", "jwt[0].issuer.url: Required value")]
    [InlineData("{issuer: {url: 'http://a', audiences: [x]}, " + Sub + "}", "jwt[0].issuer.url: Invalid value: \"http://a\": URL scheme must be https")]
    [InlineData("{issuer: {url: 'https://u:p@a', audiences: [x]}, " + Sub + "}", "jwt[0].issuer.url: Invalid value: \"https://u:p@a\": URL must not contain a username or password")]
    [InlineData("{issuer: {url: 'https://a?b', audiences: [x]}, " + Sub + "}", "jwt[0].issuer.url: Invalid value: \"https://a?b\": URL must not contain a query")]
    [InlineData("{issuer: {url: 'https://a#b', audiences: [x]}, " + Sub + "}", "jwt[0].issuer.url: Invalid value: \"https://a#b\": URL must not contain a fragment")]
    [InlineData("{issuer: {url: 'https://own', audiences: [x]}, " + Sub + "}", "jwt[0].issuer.url: Invalid value: \"https://own\": URL must not overlap with disallowed issuers: [https://own]")]
    [InlineData("{issuer: {url: 'https://a', discoveryURL: 'https://a/', audiences: [x]}, " + Sub + "}", "jwt[0].issuer.discoveryURL: Invalid value: \"https://a/\": discoveryURL must be different from URL")]
    [InlineData("{issuer: {url: 'https://a'}, " + Sub + "}", "jwt[0].issuer.audiences: Required value: at least one jwt[0].issuer.audiences is required")]
    [InlineData("{issuer: {url: 'https://a', audiences: [x, x], audienceMatchPolicy: MatchAny}, " + Sub + "}", "jwt[0].issuer.audiences[1]: Duplicate value: \"x\"")]
    [InlineData("{issuer: {url: 'https://a', audiences: [x, z]}, " + Sub + "}", "jwt[0].issuer.audienceMatchPolicy: Invalid value: \"\": audienceMatchPolicy must be MatchAny for multiple audiences")]
    [InlineData("{issuer: {url: 'https://a', audiences: [x], certificateAuthority: nonsense}, " + Sub + "}", "jwt[0].issuer.certificateAuthority: Invalid value: \"<omitted>\": data does not contain any valid RSA or ECDSA certificates")]
    [InlineData("{issuer: {url: 'https://a', audiences: [x], egressSelectorType: etcd}, " + Sub + "}", "jwt[0].issuer.egressSelectorType: Invalid value: \"etcd\": egress selector must be either controlplane or cluster")]
    [InlineData("{" + Issuer + "}", "jwt[0].claimMappings.username: Required value: claim or expression is required")]
    [InlineData("{" + Issuer + ", claimMappings: {username: {claim: sub}}}", "jwt[0].claimMappings.username.prefix: Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing")]
    [InlineData("{" + Issuer + ", claimMappings: {username: {claim: sub, prefix: '', expression: claims.sub}}}", "jwt[0].claimMappings.username: Invalid value: \"\": claim and expression can't both be set")]
    [InlineData("{" + Issuer + ", claimMappings: {username: {expression: claims.email}}}", "jwt[0].claimMappings.username.expression: Invalid value: \"claims.email\": claims.email_verified must be used in claimMappings.username.expression or claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email is used in claimMappings.username.expression")]
    [InlineData("{" + Issuer + ", claimMappings: {username: {claim: sub, prefix: ''}, extra: [{key: Foo, valueExpression: claims.a}]}}", "[jwt[0].claimMappings.extra[0].key: Invalid value: \"Foo\": must be a domain-prefixed path (such as \"acme.io/foo\"), jwt[0].claimMappings.extra[0].key: Invalid value: \"Foo\": must be lowercase]")]
    [InlineData("{" + Issuer + ", claimMappings: {username: {claim: sub, prefix: ''}, extra: [{key: a.k8s.io/b, valueExpression: claims.a}]}}", "jwt[0].claimMappings.extra[0].key: Invalid value: \"a.k8s.io/b\": k8s.io, kubernetes.io and their subdomains are reserved for Kubernetes use")]
    [InlineData("{" + Issuer + ", " + Sub + ", claimValidationRules: [{claim: a, expression: claims.b}]}", "jwt[0].claimValidationRules[0]: Invalid value: \"a\": claim and expression can't both be set")]
    [InlineData("{" + Issuer + ", " + Sub + ", claimValidationRules: [{expression: claims.b}]}", "jwt[0].claimValidationRules[0].expression: Invalid value: \"claims.b\": must evaluate to bool")]
    [InlineData("{" + Issuer + ", " + Sub + ", userValidationRules: [{}]}", "jwt[0].userValidationRules[0].expression: Required value")]
    [InlineData("{" + Issuer + ", " + Sub + "}, {" + Issuer + ", " + Sub + "}", "jwt[1].issuer.url: Duplicate value: \"https://a\"")]
    [InlineData("{" + Issuer + ", " + Sub + ", claimMapping: {}}", "strict decoding error: unknown field \"jwt[0].claimMapping\"")]
    [InlineData("{" + Issuer + ", " + Sub + "}", "")]
    public void What_is_wrong_is_told_in_upstreams_words(string jwt, string error) => Assert.Equal(error, Error(jwt));

    [Theory]
    [InlineData("claims.?email.orValue('') + string(claims.?email_verified.orValue(false))")]
    [InlineData("claims.email_verified ? claims.email : claims.sub")]
    [InlineData("has(claims.email_verified) && claims.email_verified ? claims.email : 'x'")]
    public void An_address_may_be_the_name_where_it_is_looked_at_whether_it_is_verified(string expression) =>
        Assert.Equal("", Error("{" + Issuer + ", claimMappings: {username: {expression: \"" + expression + "\"}}}"));

    [Fact]
    public void An_expression_that_does_not_compile_is_shown_with_its_place()
    {
        var error = Error("{" + Issuer + ", claimMappings: {username: {expression: 'user.name'}}}");
        Assert.StartsWith("jwt[0].claimMappings.username.expression: Invalid value: \"user.name\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'user'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Conditions_need_that_requests_without_credentials_pass()
    {
        Assert.Contains("anonymous.conditions", Error("", "anonymous: {enabled: false, conditions: [{path: /livez}]},"), StringComparison.Ordinal);
        var settings = AuthenticationSettings.Parse("{apiVersion: apiserver.config.k8s.io/v1beta1, kind: AuthenticationConfiguration, anonymous: {enabled: true, conditions: [{path: /livez}]}}", [], out _)!;
        Assert.True(settings.AllowsAnonymous);
        Assert.Equal(["/livez"], settings.AnonymousPaths);
    }

    [Theory]
    [InlineData("", "empty config data")]
    [InlineData("kind: AuthenticationConfiguration", "Object 'apiVersion' is missing")]
    [InlineData("{apiVersion: v1, kind: Pod}", "no kind \"Pod\" is registered for version \"v1\"")]
    public void A_file_of_another_kind_is_refused(string text, string error)
    {
        Assert.Null(AuthenticationSettings.Parse(text, [], out var told));
        Assert.Equal(error, told);
    }
}
